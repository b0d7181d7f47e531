"""From neutral inline parts to the words that one reader sees.

Everything becomes a flat run of spans, and a span is a plain ``dict``: templates get no objects
(they make the sandbox several times slower) and nothing whose methods a template could call.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.cards.dates import day_words, moment_words
from bot.cards.way import PLAIN, Way
from domain.messages import Code, Day, Inline, Join, Link, Moment, PersonRef, Strong, T
from locales import template

Span: TypeAlias = dict[str, Any]
"""``kind`` (text, foreign, person, time, code, link), ``text``, ``strong``; a link has ``url``,
a person ``id`` and ``me``, a time ``iso``."""

MAX_DEPTH = 12
"""Parts nested deeper than any message of ours are cut: stored data can not exhaust the stack."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_MENTION = re.compile(r"<@([0-9a-zA-Z_-]{1,64})>")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RTL = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")  # fmt: skip # noqa: E501
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads.

    :param zone: IANA name of the zone in which instants are shown.
    :param person_id: whose mention stands out as "you"; empty for nobody (a script, a log).
    :param names: names by person id, for mentions inside what people typed.
    :param way: how commands are typed there.
    """

    locale: str
    zone: str
    person_id: str = ""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    way: Way = PLAIN


def spans(inline: Inline | int, reader: Reader) -> list[Span]:
    """The part as spans, in order; neighbours are not merged."""
    run: list[Span] = []
    _put(inline, reader, False, 0, run)
    return run


def words(inline: Inline | int, reader: Reader) -> str:
    """The part as plain text. What people typed can not turn the direction of what follows it."""
    return "".join(span_text(s) for s in spans(inline, reader))


def opening(inline: Inline, reader: Reader) -> list[Span]:
    """The part as spans where it begins something: a title, a label, a choice (see ``begun``)."""
    return begun(spans(inline, reader), reader.locale)


def begun(run: list[Span], locale: str) -> list[Span]:
    """What begins with a word of ours, with a capital where the language has them.

    Many of our texts stand in the middle of a sentence, too. What people typed stays as it is.
    """
    if locale == "zh" or not run or run[0]["kind"] != "text":
        return run
    first, *rest = run
    return [{**first, "text": first["text"][:1].upper() + first["text"][1:]}, *rest]


def span_text(span: Span) -> str:
    """One span as plain text; a link shows its address where the label does not."""
    text: str = span["text"]
    if span["kind"] == "link" and span["url"] and span["url"] != text:
        return f"{isolated(text)} ({span['url']})"
    return isolated(text) if span["kind"] in ("foreign", "person", "code", "link") else text


def isolated(text: str) -> str:
    """Each line with right-to-left letters inside Unicode isolates (they end with the line)."""
    if not _RTL.search(text):
        return text
    return "\n".join(f"\u2068{ln}\u2069" if _RTL.search(ln) else ln for ln in text.split("\n"))


def clean(text: str) -> str:
    """What somebody typed, without control characters and without marks that turn the direction."""
    if text.isprintable():  # none of them is, and most texts are: it spares two searches
        return text
    return _CONTROL.sub("", _DIRECTION.sub("", text.replace("\r\n", "\n")))


def safe_url(url: str) -> str:
    """The address if it may be a link (http, https, or a path inside Duban), else nothing."""
    cleaned = url.strip()
    if any(ch.isspace() or ord(ch) < 32 or ch in "\\<>\"'`" for ch in cleaned):
        return ""
    if cleaned.startswith("/"):
        return "" if cleaned.startswith("//") else cleaned
    try:
        parts = urlsplit(cleaned)
    except ValueError:
        return ""
    return cleaned if parts.scheme.lower() in ("http", "https") and parts.netloc else ""


def _put(part: Inline | int, reader: Reader, strong: bool, depth: int, run: list[Span]) -> None:
    """Add the part to the run: with generators inside one another it takes a third more calls."""
    if depth > MAX_DEPTH:
        return
    match part:
        case str():
            _put_typed(part, reader, strong, run)
        case int():
            run.append(_span("text", str(part), strong))
        case T():
            _put_translated(part, reader, strong, depth, run)
        case Strong():
            _put(part.text, reader, True, depth + 1, run)
        case Join():
            _put_joined(part, reader, strong, depth, run)
        case _:
            run.append(_leaf(part, reader, strong, depth))


def _leaf(
    part: PersonRef | Day | Moment | Link | Code, reader: Reader, strong: bool, depth: int
) -> Span:
    match part:
        case PersonRef():
            return _person(part.person_id, part.name, reader, strong)
        case Day():
            text = day_words(part.day, reader.locale)
            return _span("time", text, strong) | {"iso": part.day.isoformat()}
        case Moment():
            text = moment_words(part.at.astimezone(ZoneInfo(reader.zone)), reader.locale)
            return _span("time", text, strong) | {"iso": part.at.isoformat()}
        case Code():
            text = clean(part.text)
            shown = reader.way.typed(text[1:], reader.locale) if text.startswith("/") else text
            return _span("code", shown, strong)
        case Link():
            inner: list[Span] = []
            _put(part.label, reader, False, depth + 1, inner)
            label = "".join(s["text"] for s in inner)
            return _span("link", label or part.url, strong) | {"url": safe_url(part.url)}


def _put_translated(part: T, reader: Reader, strong: bool, depth: int, run: list[Span]) -> None:
    """The template's own words are ours; its parameters are put in one by one, never formatted."""
    count = part.params.get("n")
    pattern = template(reader.locale, part.key, count if isinstance(count, int) else None)
    pattern = reader.way.within(pattern, reader.locale)
    at = 0
    for name, start, end in _placeholders(pattern):
        value = part.params.get(name)
        if value is None:
            continue  # a placeholder without a value stays visible: a slip that must be seen
        if start > at:
            run.append(_span("text", pattern[at:start], strong))
        _put(value, reader, strong, depth + 1, run)
        at = end
    if at < len(pattern):
        run.append(_span("text", pattern[at:], strong))


@lru_cache(maxsize=4096)
def _placeholders(pattern: str) -> tuple[tuple[str, int, int], ...]:
    """The placeholders of one of our texts, which are always the same: name, begin and end."""
    return tuple((m.group(1), m.start(), m.end()) for m in _PLACEHOLDER.finditer(pattern))


def _put_joined(part: Join, reader: Reader, strong: bool, depth: int, run: list[Span]) -> None:
    """Parts with the separator; a comma between parts is the Chinese one for a Chinese reader."""
    separator = part.separator
    if reader.locale == "zh" and separator == ", ":
        separator = "、"
    for number, child in enumerate(part.parts):
        if number and separator:
            run.append(_span("text", separator, strong))
        _put(child, reader, strong, depth + 1, run)


def _put_typed(text: str, reader: Reader, strong: bool, run: list[Span]) -> None:
    """What somebody typed: nothing in it means anything, but a mention is shown by its name."""
    at = 0
    for match in _MENTION.finditer(text):
        name = reader.names.get(match.group(1))
        if name is None:
            continue
        if match.start() > at:
            run.append(_span("foreign", clean(text[at : match.start()]), strong))
        run.append(_person(match.group(1), name, reader, strong))
        at = match.end()
    if at < len(text):
        run.append(_span("foreign", clean(text[at:]), strong))


def _person(person_id: str, name: str, reader: Reader, strong: bool) -> Span:
    return _span("person", "@" + clean(name), strong) | {
        "id": person_id,
        "me": person_id == reader.person_id,
    }


def _span(kind: str, text: str, strong: bool) -> Span:
    return {"kind": kind, "text": text, "strong": strong}
