"""Loads the sample product through the real commands, as if its team had worked here for weeks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.sample.cast import Cast, set_up
from bot.sample.story_book import Step, StoryBook, story_book
from bot.webchat.posting import Shown, presenter
from commands.context import Services
from commands.dispatcher import Dispatcher, Hook
from domain.calendar import WorkingCalendar
from domain.clock import Clock, ManualClock
from domain.errors import NotFoundError, UserError
from domain.ids import new_id
from domain.messages import Reply
from domain.people import Channel
from domain.requests import Kind, Request
from storage.audit import AuditEntry
from storage.calendars import working_calendar
from storage.uow import Store, UnitOfWork

_LOADED = "sample_loaded"
_VIA = "system"
_HANDLE = re.compile(r"@([a-z]+)\b")
_STORY = re.compile(r"\{s(\d+)\}")
_DATE = re.compile(r"\{date([+-]\d+)\}")
_SETTING_UP = 23  # working days before today: before the first step


def load(
    dispatcher: Dispatcher, store: Store, services: Services, workspace_id: str, clock: Clock
) -> Channel:
    """Load the sample product in the workspace's language and answer its channel.

    What its people do goes through the dispatcher at the hours of the past weeks, so records and
    audit are real. Nobody is sent anything: of what that queued only the documents are kept. A
    loading that was broken off is cleared away first.

    :raises UserError: ``setup.demo_loaded`` when it is there already.
    """
    with store.read(workspace_id) as uow:
        if loaded_channel(uow) is not None:
            raise UserError("setup.demo_loaded")
    with store.write(workspace_id) as uow:
        uow.sample.remove()
    with store.write(workspace_id) as uow:
        stage = _Stage.prepare(uow, store, dispatcher, services, clock)
    for step in stage.book.steps:
        stage.play(step)
    with store.write(workspace_id) as uow:
        product = uow.products.get(stage.cast.product.id)
        uow.products.save(replace(product, settings=(*product.settings, (_LOADED, "yes"))))
        _note(uow, clock.now(), "sample:product:loaded", product.id)
    return stage.cast.channel


def loaded_channel(uow: UnitOfWork) -> Channel | None:
    """The channel of the sample product; None when it is not loaded, or not completely."""
    for product in uow.products.samples():
        if dict(product.settings).get(_LOADED):
            return next(iter(uow.channels.of_product(product.id)), None)
    return None


def remove(store: Store, workspace_id: str, clock: Clock) -> None:
    """Remove the sample product with all its records; only the audit remembers it.

    :raises NotFoundError: ``setup.demo_absent`` when there is none.
    """
    with store.write(workspace_id) as uow:
        products = uow.products.samples()
        if not uow.sample.remove():
            raise NotFoundError("setup.demo_absent")
        for product in products:
            _note(uow, clock.now(), "sample:product:removed", product.id)


def _note(uow: UnitOfWork, at: datetime, action: str, product_id: str) -> None:
    uow.audit(AuditEntry(at, None, _VIA, action, f"product:{product_id}", None, None, ""))


@dataclass(slots=True)
class _Stage:
    """Where the steps are played."""

    store: Store
    dispatcher: Dispatcher
    clock: ManualClock
    book: StoryBook
    cast: Cast
    workspace_id: str
    zone: ZoneInfo
    calendar: WorkingCalendar
    now: datetime
    stories: dict[str, str] = field(default_factory=dict[str, str])
    count: int = 0

    @classmethod
    def prepare(
        cls,
        uow: UnitOfWork,
        store: Store,
        dispatcher: Dispatcher,
        services: Services,
        clock: Clock,
    ) -> _Stage:
        workspace = uow.people.workspace()
        book = story_book(workspace.locale)
        zone, now = ZoneInfo(workspace.zone), clock.now()
        calendar = working_calendar(uow, workspace, services.holidays)
        today = now.astimezone(zone).date()
        first = calendar.shift(today, -_SETTING_UP)
        past = ManualClock(datetime.combine(first, time(9), zone))
        cast = set_up(uow, book, workspace, calendar, today, past.now())
        then = Dispatcher(store, dispatcher.registry, services, past)
        return cls(store, then, past, book, cast, workspace.id, zone, calendar, now)

    def play(self, step: Step) -> None:
        """Let one step happen; one that is refused is a mistake in the outline."""
        today = self.now.astimezone(self.zone).date()
        at = datetime.combine(
            self.calendar.shift(today, step.day), time.fromisoformat(step.time), self.zone
        )
        self.clock.set(at)
        request = self._request(step, self.clock.now())
        shown = presenter(request, at, said=request.text, shown=Shown()) if step.shown else None
        answer = self.dispatcher.dispatch(request, _quietly(shown))
        if answer.failed or (answer.reply.form is not None):
            raise RuntimeError(f"the sample's step failed: {step.line}: {answer.reply}")
        if step.form is not None:
            self._remember_story(step.form["title"])

    def _request(self, step: Step, at: datetime) -> Request:
        self.count += 1
        return Request(
            event_id=f"sample:{self.cast.product.id}:{self.count}",
            platform="web",
            workspace=self.workspace_id,
            channel=self.cast.channel.id,
            person=self.cast.people[step.who],
            received_at=at,
            kind=Kind.COMMAND if step.form is None else Kind.FORM,
            text=self._filled(step.line),
            values=self._values(step.form or {}),
            message_id=new_id(),
        )

    def _values(self, form: Mapping[str, str]) -> Mapping[str, str]:
        """Forms name people by their ids, in a comma list."""
        return {
            name: ",".join(self.cast.people[handle] for handle in _HANDLE.findall(value))
            if name in ("reviewers", "assignee")
            else value.replace("{plan}", self.cast.plan.id)
            for name, value in form.items()
        }

    def _filled(self, line: str) -> str:
        line = _STORY.sub(lambda m: self.stories[m.group(1)], line)
        line = _DATE.sub(lambda m: self._day(int(m.group(1))), line)
        return _HANDLE.sub(lambda m: f"<@{self.cast.people[m.group(1)]}>", line)

    def _day(self, offset: int) -> str:
        today = self.now.astimezone(self.zone).date()
        return self.calendar.shift(today, offset).isoformat()

    def _remember_story(self, title: str) -> None:
        with self.store.read(self.workspace_id) as uow:
            stories = uow.stories.of_product(self.cast.product.id)
        ref = next(s.ref for s in stories if s.title == title)
        self.stories[str(len(self.stories) + 1)] = ref


def _quietly(shown: Hook | None) -> Hook:
    """Show what there is to show; of what was queued only documents are still made."""

    def hook(uow: UnitOfWork, reply: Reply) -> None:
        if shown is not None:
            shown(uow, reply)
        for item_id, _, kind in uow.queued:
            if kind != "document":
                item = uow.outbox.get(item_id)
                if item is not None:
                    uow.outbox.done(item_id, item.created_at, None)

    return hook
