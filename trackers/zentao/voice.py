"""Comments: signed with the person who acted, because the account in ZenTao is the bot's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import locales
from trackers.zentao.text import to_html, to_text

_PLAIN, _WITH_ACCOUNT = "zentao.signature", "zentao.signature_account"


@dataclass(frozen=True, slots=True)
class Heard:
    """A comment that was read.

    :param text: what was written, without the signature.
    :param name: who signed it, ``account`` their account if it stands there; ``""`` without one.
    """

    text: str
    name: str = ""
    account: str = ""

    @property
    def signed(self) -> bool:
        """Whether Duban wrote it for somebody."""
        return bool(self.name)


def locale_of(language: str) -> str:
    """Our language for one of ZenTao's (``zh-cn``, ``zh-tw``, ``en`` …)."""
    return "zh" if language.lower().startswith("zh") else "en"


def spoken(text: str, name: str, account: str | None, locale: str) -> str:
    """A comment as HTML with its signature on a line of its own."""
    key = _WITH_ACCOUNT if account else _PLAIN
    line = locales.template(locale, key).replace("{name}", name.replace("\n", " "))
    signature = line.replace("{account}", account or "")
    return to_html("\n\n".join(x for x in (text.strip(), signature) if x))


def stands_in(names: Sequence[str], locale: str) -> str:
    """Why the API account takes the place of these reviewers."""
    who = ("、" if locale == "zh" else ", ").join(names)
    return locales.template(locale, "zentao.stands_in").replace("{who}", who)


def heard(value: str) -> Heard:
    """What a comment says and who signed it, in whichever of our languages it was written."""
    text = to_text(value)
    body, _, last = text.rpartition("\n")
    for pattern in _signatures():
        found = pattern.fullmatch(last.strip())
        if found:
            account = found.groupdict().get("account") or ""
            return Heard(body.strip(), found["name"], account)
    return Heard(text)


@cache
def _signatures() -> tuple[re.Pattern[str], ...]:
    keys = (_WITH_ACCOUNT, _PLAIN)
    return tuple(_pattern(locales.template(x, key)) for x in locales.LOCALES for key in keys)


def _pattern(template: str) -> re.Pattern[str]:
    line = re.escape(template)
    line = line.replace(re.escape("{name}"), r"(?P<name>.+?)")
    return re.compile(line.replace(re.escape("{account}"), r"(?P<account>[^\s，,（）()]+)"))
