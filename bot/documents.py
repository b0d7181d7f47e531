"""Loads what a document shows, and has it made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import locales
from documents.fonts import ChartFont, chart_font
from documents.plan_view import PlanView
from documents.produce import Loaded, ProducedFile, Workshop, produce
from documents.template_store import Templates
from domain.calendar import HolidaySource
from domain.changes.record import ChangeRecord, record_of
from domain.clock import Clock
from domain.errors import NotFoundError
from domain.reviews.minutes import Minutes, minutes_of
from storage.calendars import working_calendar
from storage.uow import UnitOfWork

Params = Mapping[str, object]


class DocumentProducer:
    """Makes documents from what is stored.

    :param templates_dir: the company's own templates; it need not exist.
    :param font: the font of pictures; the machine's by default.
    """

    def __init__(
        self,
        holidays: HolidaySource,
        templates_dir: Path,
        clock: Clock,
        font: Callable[[], ChartFont] = chart_font,
    ) -> None:
        self._holidays = holidays
        self._clock = clock
        self._workshop = Workshop(Templates(templates_dir), font)
        self._loaders: Mapping[str, Callable[[UnitOfWork, Params, str], Loaded]] = {
            "minutes": self._minutes,
            "change": self._change,
            "plan": self._plan,
            "chart": self._plan,
        }

    def make(self, kind: str, params: Params, uow: UnitOfWork, locale: str) -> ProducedFile:
        """The finished file.

        :param kind: ``minutes.docx``, ``change.md``, ``plan.xlsx``, ``chart.png`` …
        :param params: ``review``, ``change`` or ``plan``: the id of what is shown.
        :raises DubanError: what is named does not exist, or a template cannot be used.
        """
        load = self._loaders.get(kind.partition(".")[0])
        if load is None:
            raise NotFoundError("document.unknown_kind", kind=kind)
        return produce(kind, load(uow, params, locale), locale, self._workshop)

    def _minutes(self, uow: UnitOfWork, params: Params, locale: str) -> Minutes:
        review = uow.reviews.get(str(params["review"]))
        return minutes_of(
            review,
            product=uow.products.get(review.product_id).name,
            zone=_zone(uow, review.channel, review.product_id),
            name=_names(uow, locale),
        )

    def _change(self, uow: UnitOfWork, params: Params, locale: str) -> ChangeRecord:
        change = uow.changes.get(str(params["change"]))
        story = uow.stories.find(change.content.story)
        return record_of(
            change,
            product=uow.products.get(change.product_id).name,
            story_title=story.title if story else "",
            zone=_zone(uow, change.channel, change.product_id),
            name=_names(uow, locale),
        )

    def _plan(self, uow: UnitOfWork, params: Params, locale: str) -> PlanView:
        plan = uow.plans.get(str(params["plan"]))
        revision, revised_at = uow.plans.revision(plan.id)
        zone = ZoneInfo(_zone(uow, None, plan.product_id))
        return PlanView(
            plan=plan,
            product=uow.products.get(plan.product_id).name,
            today=self._clock.now().astimezone(zone).date(),
            revision=revision,
            revised_at=revised_at,
            calendar=working_calendar(uow, uow.people.workspace(), self._holidays),
            name=_names(uow, locale),
        )


def _zone(uow: UnitOfWork, channel_id: str | None, product_id: str) -> str:
    """The zone of the conversation, else of the product's channel, else of the workspace."""
    channels = uow.channels.of_product(product_id)
    here = [c for c in channels if c.id == channel_id] or list(channels)
    return next((c.zone for c in here if c.zone), None) or uow.people.workspace().zone


def _names(uow: UnitOfWork, locale: str) -> Callable[[str], str]:
    """Gives names by id; people who are gone have a word, too."""
    people = {p.id: p.name for p in uow.people.all(with_inactive=True)}

    def name(person_id: str) -> str:
        return people.get(person_id) or locales.template(locale, "review.former_member")

    return name
