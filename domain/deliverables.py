"""The handbook's twenty-six deliverables, and how one of them goes from nothing to accepted.

Names for people are texts of ``locales`` (``deliverable.n01`` … ``n26``), because every reader sees
them in their own language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.errors import NotFoundError, UserError
from domain.messages import T


class HandbookStage(StrEnum):
    """The five stages of the handbook."""

    PRESALES = "A"
    DESIGN = "B"
    COLLABORATION = "C"
    LAUNCH = "D"
    ANALYSIS = "E"

    @property
    def text(self) -> T:
        """The stage's name."""
        return T(f"deliverable.stage.{self.value}")


class Source(StrEnum):
    """Where a deliverable comes from."""

    RECORDS = "records"
    """Duban makes it from its own data."""
    TEMPLATE = "template"
    """It starts from a template that Duban fills in."""
    PEOPLE = "people"
    """People make it; Duban keeps the links and files."""


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One of the twenty-six.

    :param number: 1 to 26, as the company counts.
    :param activity: the handbook's activity, for example ``B.2``.
    :param optional: nothing is missing when a plan goes without it.
    """

    number: int
    stage: HandbookStage
    activity: str
    source: Source = Source.PEOPLE
    optional: bool = False

    @property
    def code(self) -> str:
        """The number as people write it: ``09``."""
        return f"{self.number:02}"

    @property
    def title(self) -> T:
        """Its name, without the number."""
        return T(f"deliverable.n{self.code}")

    @property
    def activity_text(self) -> T:
        """The name of the activity that produces it."""
        return T(f"deliverable.activity.{self.activity.replace('.', '')}")


_ACTIVITIES: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("A.1", (1, 2, 3, 4)),
    ("A.2", (5, 6)),
    ("A.3", (7, 8)),
    ("B.2", (9, 10)),
    ("B.3", (11, 12)),
    ("B.4", (13, 14, 15, 16)),
    ("C.1", (17,)),
    ("C.2", (18,)),
    ("C.3", (19,)),
    ("C.4", (20,)),
    ("C.5", (21,)),
    ("D.1", (22, 23, 24)),
    ("D.2", (25,)),
    ("E.1", (26,)),
)
_FROM_RECORDS = frozenset({17, 19, 20, 21, 24, 25, 26})
_FROM_TEMPLATE = frozenset({3, 9, 10, 13, 23})


def _source(number: int) -> Source:
    if number in _FROM_RECORDS:
        return Source.RECORDS
    return Source.TEMPLATE if number in _FROM_TEMPLATE else Source.PEOPLE


CATALOGUE: tuple[CatalogueItem, ...] = tuple(
    CatalogueItem(
        number=number,
        stage=HandbookStage(activity[0]),
        activity=activity,
        source=_source(number),
        optional=number == 26,
    )
    for activity, numbers in _ACTIVITIES
    for number in numbers
)
_BY_NUMBER = {item.number: item for item in CATALOGUE}


def catalogue_item(number: int) -> CatalogueItem:
    """A deliverable of the catalogue.

    :raises NotFoundError: ``deliverable.no_number`` beyond 1 to 26.
    """
    item = _BY_NUMBER.get(number)
    if item is None:
        raise NotFoundError("deliverable.no_number", number=number)
    return item


class DeliverableStatus(StrEnum):
    """How far a deliverable is."""

    NOT_STARTED = "not_started"
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    WAIVED = "waived"

    @property
    def settled(self) -> bool:
        """Whether nobody has to do anything about it any more."""
        return self in {DeliverableStatus.ACCEPTED, DeliverableStatus.WAIVED}

    @property
    def text(self) -> T:
        """The status in words."""
        return T(f"deliverable.status.{self.value}")


class DeliverableAction(StrEnum):
    """What people do with a deliverable."""

    DRAFT = "draft"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    WAIVE = "waive"
    REOPEN = "reopen"

    @property
    def text(self) -> T:
        """The action in words."""
        return T(f"deliverable.action.{self.value}")


_S, _A = DeliverableStatus, DeliverableAction
_NEXT: dict[tuple[DeliverableStatus, DeliverableAction], DeliverableStatus] = {
    (_S.NOT_STARTED, _A.DRAFT): _S.DRAFTED,
    (_S.NOT_STARTED, _A.WAIVE): _S.WAIVED,
    (_S.DRAFTED, _A.DRAFT): _S.DRAFTED,  # a new version of the draft
    (_S.DRAFTED, _A.SUBMIT): _S.SUBMITTED,
    (_S.DRAFTED, _A.WAIVE): _S.WAIVED,
    (_S.SUBMITTED, _A.DRAFT): _S.DRAFTED,  # taken back by a newer version
    (_S.SUBMITTED, _A.ACCEPT): _S.ACCEPTED,
    (_S.SUBMITTED, _A.RETURN): _S.DRAFTED,
    (_S.SUBMITTED, _A.WAIVE): _S.WAIVED,
    (_S.ACCEPTED, _A.REOPEN): _S.DRAFTED,
    (_S.WAIVED, _A.REOPEN): _S.NOT_STARTED,
}
_NEEDS_REASON = frozenset({_A.WAIVE, _A.RETURN, _A.REOPEN})


def next_status(
    status: DeliverableStatus, action: DeliverableAction, reason: str = ""
) -> DeliverableStatus:
    """The status after an action.

    :param reason: needed for waiving, returning and reopening; the record shows it.
    :raises UserError: ``deliverable.cannot`` when the action does not fit the status,
        ``deliverable.reason_needed`` without a reason where one is needed.
    """
    after = _NEXT.get((status, action))
    if after is None:
        raise UserError("deliverable.cannot", action=action.text, status=status.text)
    if action in _NEEDS_REASON and not reason.strip():
        raise UserError("deliverable.reason_needed", action=action.text)
    return after


def allowed_actions(status: DeliverableStatus) -> tuple[DeliverableAction, ...]:
    """What can be done in a status, in the order in which buttons show it."""
    return tuple(action for action in DeliverableAction if (status, action) in _NEXT)


@dataclass(frozen=True, slots=True)
class DeliverableVersion:
    """One link or file of a deliverable.

    :param version: 1, 2, 3 … in the order of adding.
    :param url: where it is, or empty when ``file_id`` names a stored file.
    :param added_at: an aware instant.
    """

    version: int
    title: str
    added_by: str
    added_at: datetime
    url: str = ""
    file_id: str | None = None

    def __post_init__(self) -> None:
        if bool(self.url) == (self.file_id is not None):
            raise ValueError("a version is either a link or a file")
        if self.added_at.tzinfo is None:
            raise ValueError("a version needs an instant with a zone")


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A deliverable of one product, or of one of its plans.

    :param number: its number in the catalogue.
    :param phase_id: the phase that must produce it.
    :param due: the day that was set for it alone, or ``None``.
    :param phase_ends: the last day of its phase, from which its due date follows otherwise.
    :param reason: why it was waived, returned or reopened last.
    """

    id: str
    product_id: str
    number: int
    plan_id: str | None = None
    phase_id: str | None = None
    owner: str | None = None
    due: date | None = None
    status: DeliverableStatus = DeliverableStatus.NOT_STARTED
    versions: tuple[DeliverableVersion, ...] = ()
    reason: str = ""
    phase_ends: date | None = None

    @property
    def due_on(self) -> date | None:
        """The day on which it is due: its own, or else the end of its phase."""
        return self.due or self.phase_ends

    @property
    def item(self) -> CatalogueItem:
        """What it is."""
        return catalogue_item(self.number)

    def is_overdue(self, today: date) -> bool:
        """Whether it was due before today and is not settled."""
        due = self.due_on
        return due is not None and due < today and not self.status.settled
