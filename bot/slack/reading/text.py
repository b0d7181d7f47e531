"""What people type in Slack, as our grammar and records take it.

Slack sends ``<@U1|bob>``, ``<#C1|dev>``, ``<https://x|x>``, ``<!date^…|…>`` for what it knows and
``&amp; &lt; &gt;`` for these three characters (docs.slack.dev, "Formatting text"). Marks are taken
apart first and unescaped piece by piece, so what somebody typed never turns into a mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable

PersonOf = Callable[[str], str | None]
"""Our person's id for a Slack user id; None for somebody we know nothing about."""

ChannelName = Callable[[str], str | None]
"""A channel's name for its Slack id; None when we do not know it."""

_MARK = re.compile(r"<(?:([@#!])|(?=[a-zA-Z][a-zA-Z0-9+.-]*:))([^<>|\n]+)(?:\|([^<>\n]*))?>")
_USER = re.compile(r"<@([UW][A-Z0-9]{1,30})(?:\|[^<>\n]*)?>")
_AFTER_NAME = re.compile(r"[\s\u00a0,，:：]*")
_SCHEMES = ("https://", "http://", "mailto:", "tel:")


def unescape(text: str) -> str:
    """The text with ``&lt; &gt; &amp;`` as the characters they stand for, each once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def plain(text: str, person: PersonOf, channel: ChannelName) -> str:
    """The text as typed: mentions of people as ``<@person-id>``, everything else in words."""
    parts: list[str] = []
    at = 0
    for match in _MARK.finditer(text):
        parts.append(unescape(text[at : match.start()]))
        parts.append(_mark(match.group(1), match.group(2), match.group(3), person, channel))
        at = match.end()
    parts.append(unescape(text[at:]))
    return "".join(parts).replace("\u00a0", " ")


def addressed(text: str, bot_user: str) -> tuple[str, bool]:
    """Slack's text without the mention of ``bot_user`` that it begins with; whether it did."""
    stripped = text.strip()
    match = _USER.match(stripped)
    if match is None or match.group(1) != bot_user:
        return stripped, False
    return unfenced(stripped[_AFTER_NAME.match(stripped, match.end()).end() :]), True  # type: ignore[union-attr]


def addressed_within(text: str, bot_user: str) -> str | None:
    """What follows the first mention of ``bot_user`` inside Slack's text, or None."""
    for match in _USER.finditer(text):
        if match.group(1) == bot_user:
            return unfenced(text[match.end() :].lstrip(" \u00a0,，:：\n").strip())
    return None


def unfenced(text: str) -> str:
    """A command that somebody set in backquotes (as manuals do) without them."""
    for fence in ("```", "`"):
        inner = text[len(fence) : -len(fence)]
        if text.startswith(fence) and text.endswith(fence) and inner and "`" not in inner:
            return inner.strip()
    return text


def _mark(sign: str, target: str, label: str | None, person: PersonOf, channel: ChannelName) -> str:
    shown = unescape(label) if label else ""
    if sign == "@":
        known = person(target)
        return f"<@{known}>" if known else f"@{shown or target}"
    if sign == "#":
        return f"#{shown or channel(target) or target}"
    if sign == "!":
        return _special(target, shown)
    return _link(unescape(target), shown)


def _special(target: str, shown: str) -> str:
    """``<!here>``, ``<!subteam^S1|@web>``, ``<!date^…|fallback>``."""
    word = target.partition("^")[0]
    if word in ("here", "channel", "everyone"):
        return f"@{word}"
    return shown or (f"@{word}" if word == "subteam" else "")


def _link(url: str, shown: str) -> str:
    """An address; Slack makes links of ``a@b.c`` and ``b.c`` by itself, and those stay words."""
    if not shown or shown == url:
        return url
    if any(url == scheme + shown for scheme in _SCHEMES):
        return shown
    return f"{shown} {url}"
