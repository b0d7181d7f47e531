"""Text that DingTalk's markdown shows as it was written (facts, section 11)."""

from __future__ import annotations

import re
from urllib.parse import quote

_SIGNS = re.compile(r"[\\*_\[\]#>!`~|]")
_BEGINS = re.compile(r"(?m)^([ \t]*)([-+](?=\s)|\d{1,9}(?=[.)]\s)|={3,}|-{3,})")
_ROUND = re.compile(r"(?<=\\\])\(")
_TAG = re.compile(r"<(?=[A-Za-z/!?]|\Z)")
_CALL = re.compile(r"@(?=[0-9A-Za-z_$]|\Z)")
_LEAD = re.compile(r"(?m)^(?:[ \t]{4,}|\t)")
_BREAK = re.compile(r"[ \t]*\n[ \t]*")

HAIR = "\u200b"
"""Takes no room, and parts what would mean something together."""


def calm(text: str) -> str:
    """A text in which nothing means anything: no markup, no tag, no mention.

    Line breaks stay, as one that DingTalk draws.
    """
    out = _SIGNS.sub(r"\\\g<0>", text)
    out = _ROUND.sub(r"\\(", out)
    out = _BEGINS.sub(lambda m: f"{m.group(1)}{_begun(m.group(2))}", out)
    out = _TAG.sub("<" + HAIR, out)
    out = _CALL.sub("@" + HAIR, out)
    return broken(_LEAD.sub("", out))


def _begun(sign: str) -> str:
    """The beginning of a line that would make it a list item or a rule."""
    return sign + "\u2060" if sign.isdecimal() else "\\" + sign


def broken(text: str) -> str:
    """Line breaks as DingTalk draws them: two spaces before each, an empty line as it is."""
    parts = re.split(r"\n[ \t]*\n\s*", text.strip("\n"))
    return "\n\n".join(_BREAK.sub("  \n", part).strip() for part in parts)


def bold(text: str) -> str:
    """Emphasis where markdown takes it: not around a mark of punctuation, not over lines."""
    inner = text.strip()
    whole = bool(inner) and "\n" not in inner and "*" not in inner.replace(r"\*", "")
    if not whole or not inner[0].isalnum() or not inner[-1].isalnum():
        return text
    at = text.index(inner)
    return f"{text[:at]}**{inner}**{text[at + len(inner) :]}"


def link(url: str, label: str) -> str:
    """A link; ``label`` is calm already and stands on one line."""
    target = quote(url, safe=":/?#@!$&'*+,;=%~[]-._").replace("[", "%5B").replace("]", "%5D")
    return f"[{' '.join(label.split())}]({target})"
