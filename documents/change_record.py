"""The record of a change request (deliverable 20), as a Word document and as Markdown."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from documents import markdown as md
from documents.docx_render import fill
from documents.texts import full_day, moment, say
from documents.words import DASH, listed, or_dash, typed
from domain.changes.events import Content, Impact, PlanMove
from domain.changes.record import (
    ChangeRecord,
    RecordApproval,
    RecordDecision,
    RecordDesign,
    RecordVersion,
)

Fields = dict[str, Any]
_LABEL = "document.change."


def change_docx(record: ChangeRecord, locale: str, template: bytes) -> bytes:
    """The record in a Word template; equal records give equal bytes.

    :raises UserError: ``document.template_…`` when the template cannot be used.
    """
    at = max(
        v
        for v in (
            record.logged_at,
            record.submitted_at,
            record.applied_at,
            *(a.at for a in record.approvals),
            *(at for _, at in record.acks),
        )
        if v is not None
    )
    return fill(template, change_fields(record, locale), title=heading(record, locale), at=at)


def heading(record: ChangeRecord, locale: str) -> str:
    """The document's title: the number and what is to change."""
    what = record.versions[-1].content.what
    return say(locale, f"{_LABEL}heading", ref=record.ref, title=typed(what))


def change_fields(record: ChangeRecord, locale: str) -> Fields:
    """What a template can show: texts in the reader's language, words as they were typed."""
    zone = ZoneInfo(record.zone)
    content = record.versions[-1].content
    return {
        "heading": heading(record, locale),
        "ref": record.ref,
        "product": typed(record.product),
        "status": say(locale, f"change.status.{record.status.value}"),
        "story": record.story,
        "story_title": typed(record.story_title),
        "author": typed(record.author),
        "logged": moment(locale, record.logged_at, zone),
        "zone": record.zone,
        **_content(content),
        **_impact(record.impact, record.people, locale),
        "versions": [_version(v, locale, zone) for v in record.versions],
        "submitted": moment(locale, record.submitted_at, zone),
        "submitted_by": or_dash(record.submitted_by),
        "quorum": str(record.quorum),
        "roles": listed(locale, (say(locale, f"role.{r}") for r in record.roles)),
        "approvals": [_approval(a, locale, zone) for a in record.approvals],
        "decisions": _decisions(record, locale, zone),
        "applied": moment(locale, record.applied_at, zone),
        "applied_by": or_dash(record.applied_by),
        "story_versions": _story_versions(record),
        "moves": [_move(m, locale) for m in record.moves],
        "links": [_design(d, locale, zone) for d in record.designs],
        "acks": [{"name": typed(n), "at": moment(locale, at, zone)} for n, at in record.acks],
        "pending": listed(locale, record.pending),
        "digest": or_dash(record.digest),
    }


def _content(content: Content) -> Fields:
    return {
        "what": typed(content.what),
        "reason": or_dash(content.reason),
        "source": or_dash(content.source),
        "new_title": or_dash(content.title),
        "new_spec": or_dash(content.spec),
        "new_verify": or_dash(content.verify),
    }


def _impact(impact: Impact | None, people: tuple[str, ...], locale: str) -> Fields:
    """The impact, or dashes before there is one."""
    known = impact or Impact()
    return {
        "has_impact": impact is not None,
        "effort": _person_days(locale, known.effort) if impact else DASH,
        "days": say(locale, f"{_LABEL}working_days", n=known.days) if impact else DASH,
        "stories": listed(locale, (f"S{n}" for n in known.stories)),
        "phases": listed(locale, known.phases),
        "milestones": listed(locale, known.milestones),
        "deliverables": listed(
            locale, (f"{n:02} {say(locale, f'deliverable.n{n:02}')}" for n in known.deliverables)
        ),
        "people": listed(locale, people),
        "impact_note": or_dash(known.note),
    }


def _person_days(locale: str, days: float) -> str:
    whole = int(days) if days == int(days) else f"{days:g}"
    return say(locale, f"{_LABEL}person_days", n=whole)


def _version(version: RecordVersion, locale: str, zone: ZoneInfo) -> Fields:
    return {
        "number": str(version.number),
        "what": typed(version.content.what),
        "name": or_dash(version.name),
        "at": moment(locale, version.at, zone),
        "why": or_dash(version.why),
        "changed": listed(locale, (say(locale, f"{_LABEL}field.{f}") for f in version.changed)),
    }


def _approval(approval: RecordApproval, locale: str, zone: ZoneInfo) -> Fields:
    kind = "override" if approval.override else "approved"
    state = kind if approval.valid else "lapsed"
    return {
        "name": typed(approval.name),
        "at": moment(locale, approval.at, zone),
        "reason": or_dash(approval.reason),
        "valid": approval.valid,
        "state": say(locale, f"{_LABEL}decision.{state}"),
    }


def _decisions(record: ChangeRecord, locale: str, zone: ZoneInfo) -> list[Fields]:
    """Every yes and no in the order in which they were said."""
    said: list[tuple[Any, Fields]] = [(a.at, _approval(a, locale, zone)) for a in record.approvals]
    for word, decision in (("rejected", record.rejection), ("withdrawn", record.withdrawal)):
        if decision is not None:
            said.append((decision.at, _refusal(decision, word, locale, zone)))
    return [fields for _, fields in sorted(said, key=lambda each: each[0])]


def _refusal(decision: RecordDecision, word: str, locale: str, zone: ZoneInfo) -> Fields:
    return {
        "name": or_dash(decision.name),
        "at": moment(locale, decision.at, zone),
        "reason": or_dash(decision.reason),
        "valid": True,
        "state": say(locale, f"{_LABEL}decision.{word}"),
    }


def _design(design: RecordDesign, locale: str, zone: ZoneInfo) -> Fields:
    link = design.link
    shown = say(locale, f"lanhu.kind.{link.kind.value}")
    if link.version:
        shown = say(locale, "lanhu.with_version", kind=shown, version=link.version[:8])
    if design.changed:
        shown = say(locale, "lanhu.kind_changed", kind=shown)
    return {
        "kind": link.kind.value,
        "url": typed(link.url),
        "design": shown,
        "name": or_dash(design.name),
        "at": moment(locale, design.at, zone),
        "note": or_dash(design.note),
        "changed": design.changed,
    }


def _story_versions(record: ChangeRecord) -> str:
    if record.from_version is None or record.to_version is None:
        return DASH
    return f"v{record.from_version} → v{record.to_version}"


def _move(move: PlanMove, locale: str) -> Fields:
    def span(first: Any, last: Any) -> str:
        end = full_day(locale, last)
        return end if first is None else f"{full_day(locale, first)} – {end}"

    return {
        "name": typed(move.name),
        "before": span(move.starts, move.ends),
        "after": span(move.new_starts, move.new_ends),
    }


SECTIONS = (
    ("head", ("product", "status", "story", "story_title", "author", "logged", "source", "zone")),
    ("content", ("what", "reason", "new_title", "new_spec", "new_verify")),
    (
        "impact",
        ("effort", "days", "stories", "phases", "milestones", "deliverables", "people",
         "impact_note"),
    ),
    ("decision", ("submitted_by", "submitted", "roles", "quorum")),
    ("application", ("applied_by", "applied", "story_versions", "pending", "digest")),
)  # fmt: skip
"""The facts in order, by section; each label is the text ``document.change.<field>``."""

TABLES = {
    "content": (
        ("links", ("url", "design", "name", "at", "marked")),
        ("versions", ("number", "what", "changed", "name", "at", "why")),
    ),
    "decision": (("decisions", ("name", "state", "reason", "at")),),
    "application": (("moves", ("name_of_part", "before", "after")), ("acks", ("name", "at"))),
}  # fmt: skip
"""The tables of a section, with their columns."""

FIELD_OF = {"name_of_part": "name", "marked": "note"}
"""Columns that are labelled otherwise than the field they show."""


def change_markdown(record: ChangeRecord, locale: str) -> str:
    """The record as Markdown; what people typed is escaped."""
    fields = change_fields(record, locale)
    lines = [f"# {md.plain(fields['heading'])}", ""]
    for section, names in SECTIONS:
        lines += [f"## {say(locale, f'{_LABEL}section.{section}')}", ""]
        lines += md.facts((say(locale, _LABEL + name), fields[name]) for name in names)
        for name, columns in TABLES.get(section, ()):
            rows: list[Fields] = fields[name]
            if rows:
                lines += [f"### {say(locale, f'{_LABEL}table.{name}')}", ""]
                head = [say(locale, f"{_LABEL}{c}") for c in columns]
                cells = ([row[FIELD_OF.get(c, c)] for c in columns] for row in rows)
                lines += md.table(head, cells)
    return md.document(lines)
