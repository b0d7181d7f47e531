"""What a use case gets: who asked, where, when, the unit of work, and a few services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from commands.no_product import no_product
from commands.reminder_port import ReminderService
from domain.calendar import HolidaySource, WorkingCalendar
from domain.errors import ForbiddenError, NotFoundError
from domain.lanhu import DEFAULT_HOSTS
from domain.message_json import to_json
from domain.messages import Card, Inline, Join, PersonRef, T
from domain.people import MEMBERS, Channel, Person, Product, Role, Workspace, roles_in
from domain.ports import FileStore, TableReader, TemplateShelf, Tracker
from domain.requests import Request
from domain.scoping import scoped
from domain.stories import story_number
from domain.tracking import NOWHERE, Origin
from storage.asker import Asker
from storage.audit import AuditEntry
from storage.calendars import working_calendar
from storage.uow import UnitOfWork

if TYPE_CHECKING:
    from commands.grammar import Line
    from commands.registry import Registry


class TrackerFactory(Protocol):
    """Makes the tracker of a product, inside the transaction of the unit of work."""

    def __call__(
        self, uow: UnitOfWork, product: Product, now: datetime, origin: Origin = NOWHERE
    ) -> Tracker:
        """``origin`` is where the outcome is told of what a tracker elsewhere takes later."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What the composition root gives to every use case.

    :param makes_channels: the platforms whose channels Duban itself holds and so can make.
    :param hears_mentions_only: the platforms where only what mentions Duban reaches it, and no
        reactions do.
    :param base_url: where people reach the web pages, without a slash at the end.
    :param record_url: the address of a document by workspace and file, for a link in the tracker.
    :param design_hosts: the hosts whose links are designs (``LANHU_HOSTS``).
    """

    holidays: HolidaySource
    tracker: TrackerFactory
    files: FileStore
    read_table: TableReader
    reminders: ReminderService
    templates: TemplateShelf
    base_url: str
    record_url: Callable[[str, str], str]
    makes_channels: frozenset[str] = frozenset()
    hears_mentions_only: frozenset[str] = frozenset()
    design_hosts: tuple[str, ...] = DEFAULT_HOSTS


@dataclass
class Context:
    """One call of one use case.

    :param asker: the person, channel, product and roles as they were found together, if they were.
    """

    uow: UnitOfWork
    request: Request
    now: datetime
    me: Person
    channel: Channel | None
    services: Services
    registry: Registry
    line: Line | None = None
    about: Product | None = None
    asker: Asker | None = None

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace."""
        return self.uow.people.workspace()

    @property
    def locale(self) -> str:
        """The asker's language."""
        return self.me.locale

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which this conversation counts its days: the channel's, else the person's."""
        channel = self.channel.zone if self.channel else None
        return ZoneInfo(channel or self.me.zone or self.workspace.zone)

    @property
    def today(self) -> date:
        """Today, in the conversation's zone."""
        return self.now.astimezone(self.zone).date()

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The team's working days."""
        return working_calendar(self.uow, self.workspace, self.services.holidays)

    @cached_property
    def maybe_product(self) -> Product | None:
        """The product here, or None: the one that it is about, where no line was typed.

        That is the one that the line names (``in=tms``), else the one that the channel is bound to;
        in a direct conversation the product of the story that is named, or the only product.
        """
        if self.about is not None:
            return self.about
        if self.line is not None and self.line.product:
            named = self.uow.products.by_key(self.line.product)
            if named is None:
                raise NotFoundError("setup.unknown_product", product=self.line.product[:60])
            return named
        if self.channel and self.channel.product_id:
            return self._bound(self.channel.product_id)
        if self.channel is None or self.channel.kind == "direct":
            products = self.uow.products.all()
            if len(products) == 1:
                return products[0]
            return self._product_of_story()
        return None

    def _bound(self, product_id: str) -> Product:
        """The channel's product, which mostly was found together with the channel."""
        found = self.asker.product if self.asker else None
        return found if found and found.id == product_id else self.uow.products.get(product_id)

    def _product_of_story(self) -> Product | None:
        words = self.line.words if self.line else ()
        numbers = (story_number(w.plain) for w in words)
        number = next((n for n in numbers if n is not None), None)
        story = self.uow.stories.find(number) if number is not None else None
        return self.uow.products.get(story.product_id) if story else None

    @property
    def product(self) -> Product:
        """The product; an error that says how to bind one when there is none."""
        if self.maybe_product is None:
            raise no_product(self)
        return self.maybe_product

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The asker's roles in the product (workspace-wide ones included).

        Where no product is named, the roles in any: what is about one product asks for
        :attr:`product` and so for its name before anything happens.
        """
        product = self.maybe_product
        if self.asker is not None:
            grants = self.asker.grants
            if product is None:
                return frozenset(g.role for g in grants)
            return roles_in(grants, self.me.id, product.id)
        if product is None:
            return self.uow.people.roles_anywhere(self.me.id)
        return self.uow.people.roles(self.me.id, product.id)

    @property
    def is_member(self) -> bool:
        """Whether the asker is of the company: by a role, or as nobody's guest or customer."""
        if self.roles & MEMBERS:
            return True
        return not self.me.external and Role.CUSTOMER not in self.roles

    def may(self, roles: frozenset[Role]) -> bool:
        """Whether the asker has one of the roles; all of MEMBERS means everybody of the company."""
        return bool(self.roles & roles) or (roles >= MEMBERS and self.is_member)

    @property
    def shared(self) -> bool:
        """Whether others see the reply: a card in a channel offers what somebody there may do.

        Who presses is asked for their rights then. Alone, one is offered what one may do.
        """
        return self.channel is not None and self.channel.kind == "channel"

    @cached_property
    def tracker(self) -> Tracker:
        """The product's tracker."""
        origin = Origin(self.channel.id if self.channel else None, self.request.thread)
        return self.services.tracker(self.uow, self.product, self.now, origin)

    def require(self, *roles: Role) -> None:
        """Refuse unless the asker has one of the roles.

        (an administrator has them all for this
        purpose only where ADMIN is named). The refusal says who has it.
        """
        if not self.roles & set(roles):
            raise self.refusal(roles)

    def refusal(self, roles: tuple[Role, ...]) -> ForbiddenError:
        """The error that names the missing role and the people who have it."""
        product = self.maybe_product
        names = Join(tuple(T(f"role.{r.value}") for r in roles), " / ")
        have = {
            p.id: p
            for r in roles
            for p in self.uow.people.with_role(r, product.id if product else None)
        }
        if not have:
            return ForbiddenError("core.forbidden_nobody", roles=names)
        people = Join(tuple(person_ref(p) for p in have.values()), ", ")
        return ForbiddenError("core.forbidden", roles=names, people=people)

    def person(self, person_id: str) -> PersonRef:
        """The person as shown in a card."""
        if person_id == self.me.id:
            return person_ref(self.me)
        return person_ref(self.uow.people.get(person_id))

    def audit(
        self, action: str, subject: str, *, old: Any = None, new: Any = None, why: str = ""
    ) -> None:
        """Write what was done into the audit.

        :param action: ``family:thing:act``; :param subject: ``kind:id``.
        """
        via = self.request.platform
        self.uow.audit(AuditEntry(self.now, self.me.id, via, action, subject, old, new, why))

    def post(self, channel_id: str, card: Card, *, thread: str | None = None) -> None:
        """Post a card to a channel, once this transaction is committed.

        ``by`` is who caused it: they are not called by it where it names them.
        """
        payload = {
            "channel": channel_id, "thread": thread, "card": to_json(card), "by": self.me.id,
        }  # fmt: skip
        self.uow.queue(f"channel:{channel_id}", "post", payload, self.now)

    def announce(self, card: Card) -> None:
        """Post a card to the product's first channel, unless the reply shows it there anyway."""
        channels = self.uow.channels.of_product(self.product.id)
        if channels and (self.channel is None or channels[0].id != self.channel.id):
            self.post(channels[0].id, card)

    def tell(self, person_id: str, card: Card) -> None:
        """Send a card to a person alone; the asker is never told of their own act."""
        if person_id != self.me.id:
            payload = {"person": person_id, "card": to_json(self._scoped(card))}
            self.uow.queue(f"person:{person_id}", "post", payload, self.now)

    def redraw(self, person_id: str, card: Card) -> None:
        """Draw the card of this key that a person was told alone anew, where it can be edited.

        It rings nowhere, and whoever has no such card is sent none.
        """
        payload = {"person": person_id, "card": to_json(self._scoped(card))}
        self.uow.queue(f"person:{person_id}", "redraw", payload, self.now)

    def _scoped(self, card: Card) -> Card:
        """The card for somebody alone, where its buttons must name the product."""
        product = self.maybe_product
        several = product is not None and len(self.uow.products.all()) > 1
        return scoped(card, product.key) if product is not None and several else card

    def produce(
        self, kind: str, params: Mapping[str, Any], *, note: Inline, home: str | None = None
    ) -> str:
        """Make a document and post it here, once this transaction is committed; its file's id.

        :param kind: a kind of ``documents`` (``minutes.docx``, ``plan.xlsx`` …).
        :param params: ids that the producer loads from.
        :param note: the line above the file.
        :param home: id of the channel that it belongs to, where everybody sees it even when the
            asker is alone with Duban.
        """
        here, thread = self.channel.id if self.channel else None, self.request.thread
        if home and (self.channel is None or self.channel.kind == "direct"):
            here, thread = home, None
        payload = {
            "document": kind,
            "params": dict(params),
            "note": to_json(note),
            "channel": here,
            "person": self.me.id,
            "thread": thread,
        }
        where = f"channel:{here}" if here else f"person:{self.me.id}"
        return self.uow.queue(where, "document", payload, self.now)


def person_ref(person: Person) -> PersonRef:
    """A person as shown in a card."""
    return PersonRef(person.id, person.name)
