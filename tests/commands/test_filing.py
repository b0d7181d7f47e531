"""Records that Duban makes are kept among the deliverables: minutes as 19, change records as 20."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.documents import DocumentProducer
from bot.effects import document_effect
from commands.filing import CHANGE_RECORD, REVIEW_RECORD, file_document, filed_as
from domain.deliverables import Deliverable, DeliverableStatus
from domain.messages import Card, FileRef, Tone
from tests.harness import MONDAY, Team


def _deliverable(team: Team, number: int) -> Deliverable | None:
    with team.read() as uow:
        plan = uow.plans.active(team.product.id)
        found = uow.deliverables.by_number(team.product.id, number, plan.id) if plan else None
        return found or uow.deliverables.by_number(team.product.id, number)


def _produce(team: Team, folder: Path) -> list[Card]:
    """Make the documents that wait in the outbox, each twice, as after a crash."""
    producer = DocumentProducer(team.services.holidays, folder / "templates", team.clock)
    run = document_effect(team.store, team.files, producer, team.clock)
    with team.read() as uow:
        items = [i for i in uow.outbox.pending(team.clock.now(), 1000) if i.kind == "document"]
    cards = [run(team.workspace.id, item) for item in items]
    assert [run(team.workspace.id, item) for item in items] == cards
    with team.write() as uow:
        for item in items:
            uow.outbox.done(item.id, team.clock.now(), None)
    return cards


def _file(card: Card) -> FileRef:
    (file,) = (b for b in card.blocks if isinstance(b, FileRef))
    return file


def _review(team: Team, title: str = "一期") -> None:
    team.say("po", "/story new 首页")
    team.say("po", "/story submit S1 @dev")
    team.say("po", f"/review start {title} S1 @dev")
    for who in ("po", "dev"):
        team.say(who, "/review verdict S1 pass")
    assert "已封存" in team.say("po", "/review end yes")


def test_the_minutes_become_deliverable_19(team: Team, tmp_path: Path) -> None:
    _review(team)
    (card,) = _produce(team, tmp_path)
    file = _file(card)
    assert file.name.startswith("需求评审记录")
    assert team.files.get(file.file_id)[:2] == b"PK"
    kept = _deliverable(team, REVIEW_RECORD)
    assert kept is not None
    assert kept.status is DeliverableStatus.DRAFTED
    assert [(v.title, v.file_id, v.added_by) for v in kept.versions] == [
        (file.name, file.file_id, team.id("po"))
    ]
    assert file.name in team.say("pm", "/deliverable show 19")
    with team.read() as uow:
        (entry,) = uow.audit_log.of(f"deliverable:{kept.id}")
        stored = uow.files.get(file.file_id)
    assert (entry.action, entry.new["file"]) == ("deliverable:version:filed", file.file_id)
    assert stored is not None
    assert stored.size == file.size == len(team.files.get(file.file_id))


def test_a_correction_is_the_next_version(team: Team, tmp_path: Path) -> None:
    _review(team)
    (first,) = _produce(team, tmp_path)
    assert "更正" in team.say("po", "/review reopen R-1 漏记了一条决定")
    team.say("po", "/review decide 登录页不改")
    team.say("po", "/review end yes")
    (second,) = _produce(team, tmp_path)
    kept = _deliverable(team, REVIEW_RECORD)
    assert kept is not None
    assert [v.file_id for v in kept.versions] == [_file(first).file_id, _file(second).file_id]
    assert [v.version for v in kept.versions] == [1, 2]


def test_an_applied_change_becomes_deliverable_20(team: Team, tmp_path: Path) -> None:
    _review(team)
    _produce(team, tmp_path)
    for who, line in (
        ("dev", "/change S1 改用短信登录 因为安全"),
        ("po", "/change submit CR-1 人天=3 顺延=0"),
        ("po", "/change approve CR-1"),
    ):
        team.say(who, line)
    assert _produce(team, tmp_path) == []
    team.say("po", "/change apply CR-1")
    (card,) = _produce(team, tmp_path)
    kept = _deliverable(team, CHANGE_RECORD)
    assert kept is not None
    assert [v.file_id for v in kept.versions] == [_file(card).file_id]
    assert "CR-1" in _file(card).name


def test_in_a_plan_it_is_the_plans_deliverable(team: Team, tmp_path: Path) -> None:
    team.say("po", "/plan backward 一期 2027-03-31")
    team.say("po", "/story new 首页")
    team.say("po", "/story plan S1 一期")
    _review(team)
    _produce(team, tmp_path)
    kept = _deliverable(team, REVIEW_RECORD)
    assert kept is not None
    with team.read() as uow:
        plan = uow.plans.active(team.product.id)
        alone = uow.deliverables.by_number(team.product.id, REVIEW_RECORD)
    assert plan is not None
    assert len(kept.versions) == 1
    assert {kept.plan_id} <= {plan.id, None}
    assert alone is None or alone.id == kept.id


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(DeliverableStatus.NOT_STARTED, DeliverableStatus.DRAFTED, id="not begun"),
        pytest.param(DeliverableStatus.DRAFTED, DeliverableStatus.DRAFTED, id="a draft"),
        pytest.param(DeliverableStatus.SUBMITTED, DeliverableStatus.SUBMITTED, id="handed in"),
        pytest.param(DeliverableStatus.ACCEPTED, DeliverableStatus.ACCEPTED, id="accepted"),
        pytest.param(DeliverableStatus.WAIVED, DeliverableStatus.WAIVED, id="waived"),
    ],
)
def test_what_people_decided_stays_decided(
    team: Team, before: DeliverableStatus, after: DeliverableStatus
) -> None:
    params = filed_as(REVIEW_RECORD, team.product.id, None)
    with team.write() as uow:
        uow.deliverables.save(
            Deliverable("d19", team.product.id, REVIEW_RECORD, status=before, reason="x")
        )
    for _ in range(2):
        with team.write() as uow:
            file_document(uow, params, "f1", "记录.docx", team.id("po"), MONDAY)
    kept = _deliverable(team, REVIEW_RECORD)
    assert kept is not None
    assert (kept.id, kept.status) == ("d19", after)
    assert [v.file_id for v in kept.versions] == ["f1"]


@pytest.mark.parametrize(
    "params",
    [
        pytest.param({}, id="no deliverable"),
        pytest.param({"deliverable": "19", "product": "p"}, id="no number"),
        pytest.param({"deliverable": 19}, id="no product"),
        pytest.param({"deliverable": 19, "product": None}, id="product left empty"),
    ],
)
def test_a_document_that_is_no_record_is_not_filed(team: Team, params: dict[str, object]) -> None:
    with team.write() as uow:
        file_document(uow, params, "f1", "计划.xlsx", team.id("po"), MONDAY)
    with team.read() as uow:
        assert uow.deliverables.of_product(team.product.id) == ()


def test_a_record_that_cannot_be_made_says_so_and_files_nothing(team: Team, tmp_path: Path) -> None:
    _review(team)
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "minutes.docx").write_bytes(b"no document")
    (card,) = _produce(team, tmp_path)
    assert card.tone is Tone.BAD
    assert not [b for b in card.blocks if isinstance(b, FileRef)]
    assert _deliverable(team, REVIEW_RECORD) is None
    assert "R-1" in team.say("po", "/review export R-1 md")  # nothing of the record is lost
