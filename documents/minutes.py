"""The minutes of a review meeting (deliverable 19), as a Word document and as Markdown."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from documents import markdown as md
from documents.docx_render import fill
from documents.texts import full_day, moment, say
from documents.words import DASH, listed, or_dash, typed
from domain.reviews.minutes import Minutes, MinutesEntry, MinutesItem, MinutesVote
from domain.reviews.state import ReviewStatus

Fields = dict[str, Any]
_LABEL = "document.minutes."


def minutes_docx(minutes: Minutes, locale: str, template: bytes) -> bytes:
    """The minutes in a Word template; equal minutes give equal bytes.

    :raises UserError: ``document.template_…`` when the template cannot be used.
    """
    at = minutes.ended_at or minutes.started_at
    return fill(template, minutes_fields(minutes, locale), title=heading(minutes, locale), at=at)


def heading(minutes: Minutes, locale: str) -> str:
    """The document's title: number and name of the meeting."""
    text = say(locale, f"{_LABEL}heading", ref=minutes.ref, title=typed(minutes.title))
    return text if minutes.version == 1 else f"{text} (v{minutes.version})"


def minutes_fields(minutes: Minutes, locale: str) -> Fields:
    """What a template can show: texts in the reader's language, words as they were typed."""
    zone = ZoneInfo(minutes.zone)
    return {
        "product": typed(minutes.product),
        "title": typed(minutes.title),
        "heading": heading(minutes, locale),
        "ref": minutes.ref,
        "version": str(minutes.version),
        "status": say(locale, f"review.status.{minutes.status.value}"),
        "draft": minutes.status is not ReviewStatus.ENDED,
        "rule": say(locale, f"review.rule.{minutes.rule.value}"),
        "chair": typed(minutes.chair),
        "started": moment(locale, minutes.started_at, zone),
        "ended": moment(locale, minutes.ended_at, zone),
        "ended_by": or_dash(minutes.ended_by),
        "zone": minutes.zone,
        "present": listed(locale, minutes.present),
        "excused": listed(locale, (_excuse(locale, *e) for e in minutes.excused)),
        "absent": listed(locale, minutes.absent),
        "items": [_item(i, n, locale, zone) for n, i in enumerate(minutes.items, 1)],
        "topics": [{"text": typed(text), "note": typed(note)} for text, note in minutes.topics],
        "decisions": _entries(minutes.decisions, locale, zone),
        "actions": _entries(minutes.actions, locale, zone),
        "questions": _entries(minutes.questions, locale, zone),
        "notes": _entries(minutes.notes, locale, zone),
        "undecided": listed(locale, (i.ref for i in minutes.undecided)),
        "digest": or_dash(minutes.digest),
        "earlier": listed(locale, minutes.earlier),
    }


def _excuse(locale: str, name: str, reason: str) -> str:
    return f"{name}（{reason}）" if reason and locale == "zh" else _in_brackets(name, reason)


def _in_brackets(name: str, reason: str) -> str:
    return f"{name} ({reason})" if reason else name


def _item(item: MinutesItem, number: int, locale: str, zone: ZoneInfo) -> Fields:
    return {
        "number": str(number),
        "ref": item.ref,
        "version": str(item.version),
        "title": typed(item.title),
        "note": typed(item.note),
        "outcome": _verdict(locale, item.outcome.value if item.outcome else None),
        "result": say(locale, f"{_LABEL}results.{item.result}") if item.result else DASH,
        "votes": [_vote(v, locale, zone) for v in item.votes],
        "votes_text": "\n".join(_vote_line(v, locale) for v in item.votes) or DASH,
        "missing": listed(locale, item.missing),
    }


def _verdict(locale: str, value: str | None) -> str:
    return say(locale, f"review.verdict.{value}") if value else say(locale, f"{_LABEL}undecided")


def _vote(vote: MinutesVote, locale: str, zone: ZoneInfo) -> Fields:
    return {
        "name": typed(vote.name),
        "verdict": _verdict(locale, vote.verdict.value),
        "comment": typed(vote.comment),
        "at": moment(locale, vote.at, zone),
        "counted": vote.counted,
    }


def _vote_line(vote: MinutesVote, locale: str) -> str:
    mark = "" if vote.counted else say(locale, f"{_LABEL}not_counted")
    words = f"{typed(vote.name)}{mark}: {_verdict(locale, vote.verdict.value)}"
    return f"{words} · {typed(vote.comment)}" if vote.comment else words


def _entries(entries: tuple[MinutesEntry, ...], locale: str, zone: ZoneInfo) -> list[Fields]:
    return [
        {
            "number": str(number),
            "text": typed(entry.text),
            "name": or_dash(entry.name),
            "at": moment(locale, entry.at, zone),
            "time": _clock(entry.at, zone),
            "ref": or_dash(entry.ref),
            "owner": or_dash(entry.owner),
            "due": full_day(locale, entry.due),
        }
        for number, entry in enumerate(entries, 1)
    ]


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


HEAD = (
    "product", "title", "status", "rule", "chair", "started", "ended", "ended_by", "zone",
    "present", "excused", "absent",
)  # fmt: skip
"""The facts at the head, in order; each label is the text ``document.minutes.<field>``."""

TABLES = (
    ("items", ("ref", "version", "story_title", "votes_text", "missing", "outcome", "result")),
    ("topics", ("text", "note")),
    ("decisions", ("number", "text", "name", "time")),
    ("actions", ("ref", "text", "owner", "due")),
    ("questions", ("ref", "text", "owner", "due")),
    ("notes", ("time", "name", "text")),
)
"""The tables, in order, with their columns; likewise labelled."""

FIELD_OF = {"story_title": "title"}
"""Columns that are labelled otherwise than the field they show."""


def minutes_markdown(minutes: Minutes, locale: str) -> str:
    """The minutes as Markdown; what people typed is escaped."""
    fields = minutes_fields(minutes, locale)
    lines = [f"# {md.plain(fields['heading'])}", ""]
    if fields["draft"]:
        lines += [f"> {say(locale, _LABEL + 'draft_note')}", ""]
    lines += md.facts((say(locale, _LABEL + name), fields[name]) for name in HEAD)
    for name, columns in TABLES:
        rows: list[Fields] = fields[name]
        if rows:
            head = [say(locale, f"{_LABEL}{c}") for c in columns]
            lines += [f"## {say(locale, f'{_LABEL}section.{name}')}", ""]
            lines += md.table(head, ([row[FIELD_OF.get(c, c)] for c in columns] for row in rows))
    last = (("undecided_items", "undecided"), ("digest", "digest"), ("earlier", "earlier"))
    lines += md.facts(
        (say(locale, _LABEL + label), fields[name]) for label, name in last if fields[name] != DASH
    )
    return md.document(lines)
