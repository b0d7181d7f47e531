"""The record of a change: everything that a document shows, with names instead of ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain.changes.digest import digest
from domain.changes.events import Content, Impact, PlanMove
from domain.changes.state import ChangeRequest, ChangeStatus, Decision
from domain.lanhu import DesignLink


@dataclass(frozen=True, slots=True)
class RecordVersion:
    """One version of what was asked for.

    :param changed: names of the fields that differ from the version before (``title``, ``spec`` …).
    """

    number: int
    content: Content
    name: str
    at: datetime
    why: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordApproval:
    """One yes.

    :param valid: False when an edit withdrew it.
    :param override: given as the sole approver; ``reason`` says why.
    """

    name: str
    at: datetime
    reason: str
    override: bool
    valid: bool
    digest: str


@dataclass(frozen=True, slots=True)
class RecordDecision:
    """A rejection or withdrawal."""

    name: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RecordDesign:
    """A design that was put with it.

    :param changed: somebody confirmed that the design is a new one.
    """

    link: DesignLink
    name: str
    at: datetime
    note: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """The record.

    :param ref: ``CR-12``.
    :param story: ``S12`` and ``story_title`` as it is now.
    :param versions: oldest first; the last one is what counts.
    :param people: names of those whom the impact names.
    :param moves: what moved in the plan when it was applied.
    :param acks: name and instant; ``pending``: names of those who have not acknowledged.
    :param digest: SHA-256 of content and impact: what the approvals are bound to; empty before
        submission.
    :param zone: IANA name of the zone in which a document shows the instants (all are UTC here).
    """

    ref: str
    product: str
    status: ChangeStatus
    story: str
    story_title: str
    author: str
    logged_at: datetime
    versions: tuple[RecordVersion, ...]
    impact: Impact | None
    people: tuple[str, ...]
    submitted_by: str
    submitted_at: datetime | None
    quorum: int
    roles: tuple[str, ...]
    approvals: tuple[RecordApproval, ...]
    rejection: RecordDecision | None
    withdrawal: RecordDecision | None
    applied_by: str
    applied_at: datetime | None
    from_version: int | None
    to_version: int | None
    moves: tuple[PlanMove, ...]
    designs: tuple[RecordDesign, ...]
    acks: tuple[tuple[str, datetime], ...]
    pending: tuple[str, ...]
    digest: str
    zone: str


def record_of(
    change: ChangeRequest,
    *,
    product: str,
    story_title: str,
    zone: str,
    name: Callable[[str], str],
) -> ChangeRecord:
    """The record of a change request as it stands.

    :param name: gives a person's name by id; it must answer for everybody, people who left
        included.
    """
    if change.logged_at is None:
        raise ValueError("a change request that was never logged has no record")
    impact = change.impact
    applied = change.applied
    return ChangeRecord(
        ref=change.ref,
        product=product,
        status=change.status,
        story=f"S{change.content.story}",
        story_title=story_title,
        author=name(change.author),
        logged_at=change.logged_at,
        versions=_versions(change, name),
        impact=impact,
        people=tuple(map(name, impact.people)) if impact else (),
        submitted_by=name(change.submitted_by) if change.submitted_by else "",
        submitted_at=change.submitted_at,
        quorum=change.quorum,
        roles=tuple(r.value for r in change.roles),
        approvals=tuple(
            RecordApproval(name(a.by), a.at, a.reason, a.override, a.valid, a.digest)
            for a in change.approvals
        ),
        rejection=_decision(change.rejection, name),
        withdrawal=_decision(change.withdrawal, name),
        applied_by=name(change.applied_by) if change.applied_by else "",
        applied_at=change.applied_at,
        from_version=applied.from_version if applied else None,
        to_version=applied.to_version if applied else None,
        moves=applied.moves if applied else (),
        designs=tuple(
            RecordDesign(d.link, name(d.by) if d.by else "", d.at, d.note, d.changed)
            for d in change.designs
        ),
        acks=tuple((name(p), at) for p, at in change.acks),
        pending=tuple(map(name, change.pending_acks)),
        digest=digest(change.content, impact) if impact else "",
        zone=zone,
    )


CONTENT_FIELDS = ("story", "what", "reason", "source", "title", "spec", "verify", "links")
"""The fields of a version, in the order in which a record shows them."""


def changed_fields(before: Content, after: Content) -> tuple[str, ...]:
    """Names of the fields in which two versions differ."""
    return tuple(f for f in CONTENT_FIELDS if getattr(before, f) != getattr(after, f))


def _versions(change: ChangeRequest, name: Callable[[str], str]) -> tuple[RecordVersion, ...]:
    out: list[RecordVersion] = []
    for index, version in enumerate(change.versions):
        before = change.versions[index - 1].content if index else None
        changed = changed_fields(before, version.content) if before else ()
        who = name(version.by) if version.by else ""
        out.append(
            RecordVersion(version.number, version.content, who, version.at, version.why, changed)
        )
    return tuple(out)


def _decision(decision: Decision | None, name: Callable[[str], str]) -> RecordDecision | None:
    if decision is None:
        return None
    return RecordDecision(name(decision.by) if decision.by else "", decision.at, decision.reason)
