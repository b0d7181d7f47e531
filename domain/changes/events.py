"""What can happen to a change request. Each event is one line of its log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain import event_log
from domain.event_log import Undone, Unknown, Vocabulary
from domain.lanhu import DesignLink
from domain.people import Role


@dataclass(frozen=True, slots=True)
class Content:
    """What is asked for: one version of the request.

    :param story: number of the story that is to change.
    :param what: the change in a line, as typed.
    :param title: new title of the story, or empty when it stays; likewise ``spec`` and ``verify``
        (the acceptance points).
    :param source: who or what it comes from (a customer, a review).
    """

    story: int
    what: str
    reason: str = ""
    source: str = ""
    title: str = ""
    spec: str = ""
    verify: str = ""
    links: tuple[DesignLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Impact:
    """What the change costs and whom it touches.

    :param effort: person-days.
    :param days: working days by which what follows is late; 0 moves nothing.
    :param stories: numbers of all stories that it touches.
    :param phases: names of the phases, ``milestones`` of the milestones and ``deliverables`` of the
        deliverables (numbers of the catalogue) that it touches.
    :param people: ids of those who must be told.
    :param phase_id: the phase that becomes longer, or None.
    """

    effort: float = 0.0
    days: int = 0
    stories: tuple[int, ...] = ()
    phases: tuple[str, ...] = ()
    milestones: tuple[str, ...] = ()
    deliverables: tuple[int, ...] = ()
    people: tuple[str, ...] = ()
    note: str = ""
    plan_id: str | None = None
    phase_id: str | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """The wish was written down.

    :param number: per product, 12 in ``CR-12``.
    """

    number: int
    product_id: str
    content: Content
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """A new version of what is asked for; approvals of the earlier one count no more."""

    content: Content
    why: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """It was put to the deciders with its impact.

    :param roles: who may decide, and ``quorum``, how many must: the rule as it was on that day.
    """

    impact: Impact
    roles: tuple[Role, ...]
    quorum: int


@dataclass(frozen=True, slots=True)
class Approved:
    """One decider agreed.

    :param digest: of exactly what was approved (content and impact).
    :param override: given although the rule could not be met otherwise; ``reason`` says why.
    """

    digest: str
    reason: str = ""
    override: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """A decider said no."""

    reason: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The requester takes it back."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlanMove:
    """One part of the plan before and after.

    :param starts: None for a milestone.
    """

    name: str
    starts: date | None
    ends: date
    new_starts: date | None
    new_ends: date


@dataclass(frozen=True, slots=True)
class Applied:
    """The tracker and the plan were changed.

    :param from_version: of the story before, ``to_version`` after.
    :param people: ids of those who are asked to acknowledge.
    :param moves: what moved in the plan; empty when it was left alone.
    """

    from_version: int
    to_version: int
    people: tuple[str, ...] = ()
    moves: tuple[PlanMove, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One of the affected people has read it."""

    person: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A design was put with the change after it was logged; it is no part of what was approved.

    :param note: what somebody wrote beside it: what is marked in the design, as typed.
    :param changed: somebody confirmed that the design is a new one.
    """

    link: DesignLink
    note: str = ""
    changed: bool = False


Body = (
    Logged | Edited | Submitted | Approved | Rejected | Withdrawn | Applied | Acknowledged | Linked
    | Undone | Unknown
)  # fmt: skip

WORDS = Vocabulary[Body](
    {
        "logged": Logged,
        "edited": Edited,
        "submitted": Submitted,
        "approved": Approved,
        "rejected": Rejected,
        "withdrawn": Withdrawn,
        "applied": Applied,
        "acknowledged": Acknowledged,
        "linked": Linked,
        "undone": Undone,
    }
)

Event = event_log.Event[Body]
