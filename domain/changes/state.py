"""How a change request stands: the value that its events fold to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.changes.events import Applied, Content, Impact
from domain.lanhu import DesignLink
from domain.people import Role


class ChangeStatus(StrEnum):
    """Where a change request is."""

    LOGGED = "logged"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPLIED = "applied"
    ACKNOWLEDGED = "acknowledged"  # applied, and everybody affected has read it


OPEN = frozenset({ChangeStatus.LOGGED, ChangeStatus.SUBMITTED, ChangeStatus.APPROVED})
"""Something is still to be decided or done."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of what is asked for; never changed afterwards."""

    number: int
    content: Content
    by: str | None
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """One decider's yes.

    :param digest: of what was approved.
    :param valid: False once something else is asked for than was approved.
    """

    by: str
    at: datetime
    digest: str
    reason: str = ""
    override: bool = False
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """A rejection or withdrawal."""

    by: str | None
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class LinkedDesign:
    """A design that was put with the request.

    :param by: person id of who did it.
    :param changed: somebody confirmed that the design is a new one.
    """

    link: DesignLink
    by: str | None
    at: datetime
    note: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """A change request.

    :param author: who logged it; nobody approves their own request.
    :param versions: of what is asked for, oldest first.
    :param quorum: how many of ``roles`` must approve; from the day of the submission.
    :param acks: person id and instant of everybody who acknowledged.
    """

    id: str
    number: int = 0
    product_id: str = ""
    author: str = ""
    channel: str | None = None
    status: ChangeStatus = ChangeStatus.LOGGED
    seq: int = 0
    logged_at: datetime | None = None
    versions: tuple[Version, ...] = ()
    impact: Impact | None = None
    roles: tuple[Role, ...] = ()
    quorum: int = 1
    submitted_by: str | None = None
    submitted_at: datetime | None = None
    approvals: tuple[Approval, ...] = ()
    approved_at: datetime | None = None
    rejection: Decision | None = None
    withdrawal: Decision | None = None
    applied: Applied | None = None
    applied_by: str | None = None
    applied_at: datetime | None = None
    acks: tuple[tuple[str, datetime], ...] = ()
    later_designs: tuple[LinkedDesign, ...] = ()

    @property
    def ref(self) -> str:
        """How people write it: ``CR-12``."""
        return f"CR-{self.number}"

    @property
    def content(self) -> Content:
        """What is asked for now."""
        return self.versions[-1].content

    @property
    def valid_approvals(self) -> tuple[Approval, ...]:
        """The approvals of what is asked for now."""
        return tuple(a for a in self.approvals if a.valid)

    @property
    def pending_acks(self) -> tuple[str, ...]:
        """Ids of affected people who have not acknowledged yet."""
        done = {p for p, _ in self.acks}
        people = self.applied.people if self.applied else ()
        return tuple(p for p in people if p not in done)

    @property
    def designs(self) -> tuple[LinkedDesign, ...]:
        """Every design that was put with it, by whom and when, in order."""
        found: dict[DesignLink, LinkedDesign] = {}
        for version in self.versions:
            for link in version.content.links:
                found.setdefault(link, LinkedDesign(link, version.by, version.at))
        return (*found.values(), *self.later_designs)

    @property
    def links(self) -> tuple[DesignLink, ...]:
        """The designs themselves, each once."""
        return tuple(dict.fromkeys(design.link for design in self.designs))

    @property
    def open(self) -> bool:
        """Whether something is still to be decided or applied."""
        return self.status in OPEN
