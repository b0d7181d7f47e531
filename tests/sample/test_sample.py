from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from bot.documents import DocumentProducer
from bot.effects import document_effect
from bot.files import FolderStore
from bot.first_run import ensure_workspace
from bot.sample import load, remove
from bot.sample.effect import sample_effect
from bot.sample.story_book import story_book
from bot.services import build_services
from commands.catalog import build_registry
from commands.dispatcher import Dispatcher
from domain.actions import ItemKind
from domain.changes.state import ChangeStatus
from domain.clock import ManualClock
from domain.errors import NotFoundError, UserError
from domain.messages import FileRef
from domain.people import Person, Role, RoleGrant
from domain.plans import collisions
from domain.plans.model import PhaseStatus
from domain.reviews.state import ReviewStatus
from domain.stories import Stage, Status
from storage.calendars import working_calendar
from storage.database import Database
from storage.tables.base import metadata
from storage.uow import Store, UnitOfWork

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = {
    "a Monday": datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
    "a Sunday": datetime(2026, 11, 22, 13, 0, tzinfo=UTC),
    "in the National Day holiday": datetime(2026, 10, 4, 4, 0, tzinfo=UTC),
    "just after midnight": datetime(2026, 11, 24, 16, 1, tzinfo=UTC),
}


class Fresh:
    """A new installation with nobody but its administrator."""

    def __init__(self, url: str, folder: Path, locale: str, now: datetime) -> None:
        self.database = Database(url)
        self.clock = ManualClock(now)
        self.store = Store(self.database, clock=self.clock)
        self.files = FolderStore(folder)
        self.services = build_services(self.files, "http://127.0.0.1:8000", folder / "templates")
        self.dispatcher = Dispatcher(self.store, build_registry(), self.services, self.clock)
        self.workspace = ensure_workspace(self.store, locale, now).id
        self.folder = folder

    def load(self) -> str:
        return load(self.dispatcher, self.store, self.services, self.workspace, self.clock).id

    def remove(self) -> None:
        remove(self.store, self.workspace, self.clock)

    def read(self):
        return self.store.read(self.workspace)

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.database.read() as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
            }


@pytest.fixture
def fresh(db_url: str, tmp_path: Path) -> Iterator[Fresh]:
    made = Fresh(db_url, tmp_path / "files", "zh", DAYS["a Monday"])
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def loaded(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """A loaded sample that tests only look at."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copyfile(_migrated_file, folder / "duban.sqlite")
    url = f"sqlite:///{folder / 'duban.sqlite'}"
    made = Fresh(url, folder / "files", "zh", DAYS["a Monday"])
    made.load()
    yield made
    made.database.close()


def product(uow: UnitOfWork) -> str:
    (one,) = uow.products.samples()
    return one.id


def test_the_sample_is_what_it_promises(loaded):
    with loaded.read() as uow:
        pid = product(uow)
        (channel,) = uow.channels.of_product(pid)
        assert channel.name == "物流"
        assert {p.handle for p in uow.people.all()} == {
            "po", "pm", "dev", "tester", "sales", "customer", "admin"
        }  # fmt: skip
        plan = uow.plans.active(pid)
        assert plan is not None
        today = loaded.clock.now().astimezone(SHANGHAI).date()
        running = [p for p in plan.phases if p.status is PhaseStatus.ACTIVE]
        assert len(running) == 3
        assert all(p.starts <= today <= p.ends for p in running)
        assert [m.name for m in plan.milestones if not m.done and m.due < today] == [
            "ERP 接口联调完成"
        ]
        assert next(m for m in plan.milestones if m.name == "正式上线").due > today
        assert uow.deliverables.of_plan(plan.id)
        stories = uow.stories.of_product(pid, include_closed=True)
        assert len(stories) == 20
        assert sum(s.status is Status.CLOSED for s in stories) == 1
        assert len(uow.stories.verified_unclosed(pid)) == 2
        assert len(uow.stories.tested_unverified(pid)) == 2
        assert len({s.module for s in stories}) >= 8
        assert all(len(s.acceptance) >= 1 for s in stories)


def test_its_review_change_and_items_are_real_records(loaded):
    with loaded.read() as uow:
        pid = product(uow)
        last, first = uow.reviews.recent(pid)
        assert first.title == "一期需求评审"
        assert "{" not in last.title
        assert [r.status for r in (last, first)] == [ReviewStatus.ENDED] * 2
        assert last.endings[-1].digest
        outcomes = {o.story: o.verdict for o in last.endings[-1].outcomes}
        assert [v.value if v else None for v in outcomes.values()] == [
            "pass", "pass", "pass", "clarify", None
        ]  # fmt: skip
        assert last.started_at is not None
        assert last.started_at.astimezone(SHANGHAI).strftime("%H:%M") == "14:00"
        (change,) = uow.changes.open_of(pid)
        assert change.status is ChangeStatus.SUBMITTED
        assert change.impact is not None
        assert change.impact.effort == 4
        items = uow.actions.of_source(f"review:{last.id}")
        today = loaded.clock.now().astimezone(SHANGHAI).date()
        overdue = [i for i in items if i.open and i.due and i.due < today]
        assert len(overdue) == 1
        assert [i.kind for i in items].count(ItemKind.QUESTION) == 1
        checked, broken = uow.audit_log.verify()
        assert broken is None
        assert checked > 80


def test_its_people_answered_the_standup_and_one_is_blocked(loaded):
    with loaded.read() as uow:
        pid = product(uow)
        (channel,) = uow.channels.of_product(pid)
        assert channel.standup_at is not None
        calendar = working_calendar(uow, uow.people.workspace(), loaded.services.holidays)
        today = loaded.clock.now().astimezone(SHANGHAI).date()
        names = {p.id: p.handle for p in uow.people.all()}
        entries = uow.standups.of_day(pid, calendar.shift(today, -1))
        assert [names[e.person_id] for e in entries if e.answered] == ["pm", "dev", "tester"]
        assert all(e.answers[0] and e.today and not e.late for e in entries)
        (item,) = uow.actions.open_of(pid, ItemKind.BLOCKER)
        assert entries[-1].blocker_id == item.id
        assert names[item.owner or ""] == "pm"
        assert "ERP 测试环境的账号过期了" in item.text


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("now", DAYS.values(), ids=DAYS.keys())
def test_it_loads_on_any_day_in_both_languages(sqlite_url, tmp_path, locale, now):
    fresh = Fresh(sqlite_url, tmp_path, locale, now)
    fresh.load()
    with fresh.read() as uow:
        pid = product(uow)
        assert len(uow.stories.of_product(pid, include_closed=True)) == 20
        name = uow.channels.of_product(pid)[0].name
        assert name == {"zh": "物流", "en": "logistics"}[locale]
        for story in uow.stories.of_product(pid, include_closed=True):
            assert all(action.at < now for action in uow.stories.history(story.number))
        plan = uow.plans.active(pid)
        calendar = working_calendar(uow, uow.people.workspace(), fresh.services.holidays)
        assert plan is not None
        assert collisions(plan, calendar) == (), "no phase begins before what it waits for"
    fresh.database.close()


def test_the_channel_shows_the_past_conversation_in_order(loaded):
    with loaded.read() as uow:
        (channel,) = uow.channels.of_product(product(uow))
        tester = uow.people.by_handle("tester")
        assert tester is not None
        page = uow.chat.page(channel.id, tester.id, limit=200)
    said = [m for m in page if m.text]
    assert said[0].text.startswith("/评审 开始 二期需求评审")
    assert said[-1].text.startswith("/验证")
    assert [m.at for m in said] == sorted(m.at for m in said)
    assert all(m.at < loaded.clock.now() for m in page)
    assert any(m.card for m in page)


def test_of_what_was_queued_only_the_documents_are_still_made(loaded):
    with loaded.read() as uow:
        pending = uow.outbox.pending(loaded.clock.now(), 1000)
    assert [(i.kind, i.payload["document"]) for i in pending] == [("document", "minutes.docx")] * 2


def test_the_minutes_are_made_as_a_document(loaded):
    producer = DocumentProducer(loaded.services.holidays, loaded.folder / "templates", loaded.clock)
    run = document_effect(loaded.store, loaded.files, producer, loaded.clock)
    with loaded.read() as uow:
        items = uow.outbox.pending(loaded.clock.now(), 1000)
    card = run(loaded.workspace, items[-1])
    file = next(b for b in card.blocks if isinstance(b, FileRef))
    assert file.name.startswith("需求评审记录 R-2 二期需求评审")
    assert loaded.files.get(file.file_id)[:2] == b"PK"


@pytest.mark.parametrize(
    "kind",
    ["plan.xlsx", "plan.ics", "plan.docx", "chart.svg", "chart.png", "change.docx", "change.md"],
)
def test_every_document_of_the_sample_is_made(loaded, kind):
    producer = DocumentProducer(loaded.services.holidays, loaded.folder / "templates", loaded.clock)
    with loaded.read() as uow:
        pid = product(uow)
        plan = uow.plans.active(pid)
        assert plan is not None
        (change,) = uow.changes.open_of(pid)
        params = {"plan": plan.id, "change": change.id}
        first = producer.make(kind, params, uow, "zh")
        again = producer.make(kind, params, uow, "zh")
    assert first == again
    assert first.name.endswith(kind.partition(".")[2])
    assert ("物流运输管理系统" in first.name) is not kind.startswith("change")


@pytest.mark.parametrize("kind", ["unknown.docx", "minutes.exe", ""])
def test_a_document_that_nobody_makes_is_a_clear_error(loaded, kind):
    producer = DocumentProducer(loaded.services.holidays, loaded.folder, loaded.clock)
    with loaded.read() as uow, pytest.raises(NotFoundError) as caught:
        review = uow.reviews.recent(product(uow))[0]
        producer.make(kind, {"review": review.id}, uow, "zh")
    assert caught.value.key == "document.unknown_kind"


def test_loading_twice_is_refused(fresh):
    fresh.load()
    before = fresh.counts()
    with pytest.raises(UserError) as caught:
        fresh.load()
    assert caught.value.key == "setup.demo_loaded"
    assert fresh.counts() == before


KEPT = {"audit", "audit_heads", "counters"}
"""The audit remembers; numbers that were given out are not given again."""


def test_removing_leaves_the_database_as_it_was_except_for_the_audit(fresh):
    before = fresh.counts()
    fresh.load()
    fresh.remove()
    after = fresh.counts()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= KEPT
    with fresh.read() as uow:
        assert uow.audit_log.verify()[1] is None
    with pytest.raises(NotFoundError):
        fresh.remove()


def test_it_can_be_loaded_again_after_it_was_removed(fresh):
    fresh.load()
    fresh.remove()
    fresh.load()
    with fresh.read() as uow:
        refs = [s.number for s in uow.stories.of_product(product(uow), include_closed=True)]
        (change,) = uow.changes.open_of(product(uow))
    assert min(refs) > 20  # numbers are never given twice
    assert change.ref == "CR-1"


def test_a_loading_that_was_broken_off_is_cleared_away(fresh, monkeypatch):
    calls = 0
    dispatch = Dispatcher.dispatch

    def failing(self, *args, **kwargs):
        nonlocal calls
        calls += 1
        if calls == 40:
            raise KeyboardInterrupt
        return dispatch(self, *args, **kwargs)

    monkeypatch.setattr(Dispatcher, "dispatch", failing)
    with pytest.raises(KeyboardInterrupt):
        fresh.load()
    monkeypatch.undo()
    fresh.load()
    with fresh.read() as uow:
        assert len(uow.stories.of_product(product(uow), include_closed=True)) == 20


def test_nobody_real_is_made_to_have_said_anything(fresh):
    with fresh.store.write(fresh.workspace) as uow:
        real = Person("0" * 26, "po", "真人", "zh")
        uow.people.add(real)
        uow.people.grant(RoleGrant(real.id, Role.PO), "1" * 26)
    fresh.load()
    with fresh.read() as uow:
        sample = uow.people.by_handle("po-demo")
        assert sample is not None
        review = uow.reviews.recent(product(uow))[0]
        assert review.chair == sample.id
        acted = {row.at for s in uow.stories.of_product(product(uow))
                 for row in uow.stories.history(s.number) if row.actor == real.id}  # fmt: skip
        assert not acted
    fresh.remove()
    with fresh.read() as uow:
        assert uow.people.by_handle("po") == real


def test_what_belongs_to_others_stays(fresh):
    with fresh.store.write(fresh.workspace) as uow:
        admin = uow.people.by_handle("admin")
        assert admin is not None
    fresh.load()
    with fresh.read() as uow:
        assert uow.people.by_handle("admin") == admin  # the administrator is who it was
    fresh.remove()
    with fresh.read() as uow:
        assert uow.people.by_handle("admin") == admin
        assert [c.external_id for c in uow.channels.all()] == ["lobby"]


def row_of(fresh: Fresh, what: str):
    with fresh.store.write(fresh.workspace) as uow:
        admin = uow.people.by_handle("admin")
        assert admin is not None
        payload = {"what": what, "person": admin.id}
        item_id = uow.queue("sample", "sample", payload, fresh.clock.now())
    with fresh.read() as uow:
        item = uow.outbox.get(item_id)
    assert item is not None
    return item


@pytest.mark.parametrize("times", [1, 2])
def test_the_button_loads_and_removes_and_may_run_twice(fresh, times):
    run = sample_effect(fresh.dispatcher, fresh.store, fresh.services, fresh.clock)
    loading, removing = row_of(fresh, "load"), row_of(fresh, "remove")
    for item, key in ((loading, "setup.demo_loaded_done"), (removing, "setup.demo_removed_done")):
        answers = [run(fresh.workspace, item).title for _ in range(times)]
        assert [getattr(title, "key", "") for title in answers] == [key] * times


def test_both_languages_tell_the_same_story():
    zh, en = story_book("zh"), story_book("en")
    assert [(s.day, s.time, s.who, s.shown) for s in zh.steps] == [
        (s.day, s.time, s.who, s.shown) for s in en.steps
    ]
    assert [p.key for p in zh.phases] == [p.key for p in en.phases]
    assert zh.people[0].handle == en.people[0].handle == "po"
    assert all(step.day < 0 for step in zh.steps)


def test_stages_are_told_apart(loaded):
    with loaded.read() as uow:
        stages = {s.stage for s in uow.stories.of_product(product(uow), include_closed=True)}
    assert {Stage.CLOSED, Stage.VERIFIED, Stage.TESTED, Stage.TESTING, Stage.DEVELOPING} <= stages
