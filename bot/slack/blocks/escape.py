"""Text for Slack's mrkdwn in which nothing that a person typed means anything.

``<!channel>``, ``<@U…>`` and ``<url|label>`` need ``<``, which becomes an entity. A quotation
at the beginning of a line and bold, italics, strike-through and code need their sign beside
something, and get an invisible space instead. Our own emphasis is set with private signs that no
typed text can hold; they become ``*`` and a backtick at the very end, when the text has been split
to size.
"""

from __future__ import annotations

import re

from bot.slack.blocks.limits import units

GAP = "\u200b"
"""A zero-width space: makes Slack see a boundary, beside Chinese characters above all."""

_BOLD_ON, _BOLD_OFF, _CODE_ON, _CODE_OFF = "\ue000", "\ue001", "\ue002", "\ue003"
_SIGNS = re.compile("[\ue000-\ue003]")
_SPECIAL = re.compile("[&<>*_~`\ue000-\ue003]")
_PAIRS = {_BOLD_ON: _BOLD_OFF, _CODE_ON: _CODE_OFF}
_DRAWN = str.maketrans({_BOLD_ON: "*", _BOLD_OFF: "*", _CODE_ON: "`", _CODE_OFF: "`"})

_FORMAT = re.compile(r"(?<![A-Za-z0-9])[*_~](?!\s)|`")
_QUOTE = re.compile(r"^([ \t]*)&gt;", re.MULTILINE)
_LATER_QUOTE = re.compile(r"(\n[ \t]*)&gt;")
_TOUCHING = re.compile("(?<=[^\\s\u200b\ue000-\ue003])(?=[\ue000\ue002])|(?<=[\ue001\ue003])(?=[^\\s\u200b\ue000-\ue003])")  # fmt: skip # noqa: E501
_LONGEST_URL = 1_000
_LONGEST_LABEL = 200
"""A link is never split, so it has to be far shorter than any text that holds it."""
_SPACES = re.compile(r"\s+")


def entities(text: str) -> str:
    """The text with the three characters that begin something in Slack as entities."""
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def calm(text: str, *, begins: bool = True) -> str:
    """Typed text as mrkdwn that draws exactly what was typed.

    :param begins: it may stand at the beginning of a line.
    """
    if not _SPECIAL.search(text):
        return text
    quiet = entities(_SIGNS.sub("", text))
    if "&gt;" in quiet:
        quiet = (_QUOTE if begins else _LATER_QUOTE).sub(rf"\1{GAP}&gt;", quiet)
    return _FORMAT.sub(rf"\g<0>{GAP}", quiet)


def bold(marked: str) -> str:
    """Emphasised text (each line for itself); ``marked`` is escaped already."""
    lines = marked.split("\n")
    return "\n".join(_bold_line(line) for line in lines)


def _bold_line(line: str) -> str:
    inner = line.strip()
    if not inner:
        return line
    inner = inner.replace("*", f"{GAP}*{GAP}")
    return f"{_BOLD_ON}{inner}{_BOLD_OFF}"


def code(text: str) -> str:
    """Something to type in a fixed-width face. A backtick would end it, so it becomes ``'``."""
    inner = _SPACES.sub(" ", _SIGNS.sub("", text)).strip().replace("`", "'")
    return f"{_CODE_ON}{entities(inner)}{_CODE_OFF}" if inner else ""


def link(url: str, label: str) -> str:
    """A labelled link; ``url`` must be an absolute http(s) address."""
    address = entities(url.replace("|", "%7C"))
    words = calm(_SPACES.sub(" ", label).strip()[:_LONGEST_LABEL].replace("|", "｜"))
    if len(address) > _LONGEST_URL:
        return words
    return f"<{address}|{words}>" if words else f"<{address}>"


def chunks(marked: str, limit: int) -> list[str]:
    """The text in pieces of at most ``limit`` units, ready for Slack.

    It is split after a line if possible, else after a word; never inside an entity, a mention or a
    link; emphasis that a split falls into is closed and opened again.
    """
    rest = marked.strip("\n")
    signs = _SIGNS.search(rest) is not None
    if signs:
        rest = _TOUCHING.sub(GAP, rest)
    if _fits(rest, limit):  # nearly every text: kept short because it is on every answer's way
        whole = (rest.translate(_DRAWN) if signs else rest).rstrip()
        return [whole] if whole and _SIGNS.sub("", rest).strip() else []
    out: list[str] = []
    while rest:
        at = len(rest) if _fits(rest, limit) else _split_at(rest, limit - 4)
        piece, rest = rest[:at], rest[at:].lstrip("\n ")
        if rest and (opened := _open(piece)):
            piece += "".join(_PAIRS[sign] for sign in reversed(opened))
            rest = "".join(opened) + rest
        if _SIGNS.sub("", piece).strip():
            out.append(piece.translate(_DRAWN).rstrip())
    return out


def shortened(marked: str, limit: int) -> str:
    """The text in one piece of at most ``limit`` units, with ``…`` where it was cut."""
    pieces = chunks(marked, limit)
    if len(pieces) < 2:
        return pieces[0] if pieces else ""
    return chunks(marked, limit - 1)[0] + "…"


def _fits(text: str, limit: int) -> bool:
    return len(text) * 2 <= limit or units(text) <= limit


def _split_at(text: str, limit: int) -> int:
    """Where to split: the last good place within ``limit`` units; at least one character."""
    at = min(len(text), limit)
    while not _fits(text[:at], limit):
        at -= max(1, (units(text[:at]) - limit) // 2)
    floor = at // 2
    for sign in ("\n", " "):
        found = text.rfind(sign, floor, at)
        if found > 0 and not _inside(text, found):
            return found
    return _outside(text, at)


def _inside(text: str, at: int) -> bool:
    return text.rfind("<", 0, at) > text.rfind(">", 0, at)


def _outside(text: str, at: int) -> int:
    """``at`` or a little before: not inside ``<…>``, ``&…;``, or beside a sign of emphasis."""
    if _inside(text, at):
        begun = text.rfind("<", 0, at)
        if begun > 0:
            at = begun
    amp = text.rfind("&", max(0, at - 5), at)
    if amp > 0 and ";" not in text[amp:at]:
        at = amp
    while at > 1 and text[at - 1] in _PAIRS:
        at -= 1
    return max(1, at)


def _open(piece: str) -> list[str]:
    """The emphasis that is still open at the end of a piece, the outermost first."""
    opened: list[str] = []
    for sign in _SIGNS.findall(piece):
        if sign in _PAIRS:
            opened.append(sign)
        elif opened:
            opened.pop()
    return opened
