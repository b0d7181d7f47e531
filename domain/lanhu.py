"""Links to designs in 蓝湖 (Lanhu): found in text, taken apart, kept without the password.

Lanhu has no public interface, so a link is all that Duban knows of a design, and it never opens
one. The forms are those of published links: the parameters stand in the fragment, not in the query,
``pid`` and ``project_id`` name the same thing, and a link to an image carries no version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from urllib.parse import parse_qs, urlsplit

DEFAULT_HOSTS = ("lanhuapp.com",)
"""Where designs live unless ``LANHU_HOSTS`` names a company's own Lanhu."""

_CONTENT = frozenset({"dds", "axure-file"})
"""Subdomains that serve a design's content and are no links to it."""

_SAYS_IT = r"(?:(?:访问|提取|分享|查看)?(?:密码|口令)|提取码|访问码|分享码)"
_SECRET = (
    rf"{_SAYS_IT}(?:\s*[:：=是为]\s*[A-Za-z0-9]{{3,12}}|\s*[A-Za-z0-9]{{4,6}})(?![A-Za-z0-9])"
    r"|\b(?:password|passcode|pwd)\s*(?:[:：=]|is\b)\s*[A-Za-z0-9]{3,12}\b"
)
_PASSWORDS = re.compile(
    # Spaces are taken from where they begin: trying each of many would take their square in time.
    rf"(?<![ \t])[ \t]*"
    rf"(?:[（(【\[]\s*(?:{_SECRET})\s*[）)】\]]|[，,；;、]\s*(?:{_SECRET})|{_SECRET})",
    re.IGNORECASE,
)
_SECRETS = re.compile(
    r"(?<=[?&])(?:pwd|password|passwd|passcode|code|token|access_token)=[^&#]*&?", re.IGNORECASE
)
_CHANGED = re.compile(
    r"(?<![没未不无])(?:已更新|更新了|有更新|已改|改了|已修改|修改了|已调整|调整了|改版了|新版本?)"
    r"|\b(?:updated|changed|revised|reworked|new version)\b",
    re.IGNORECASE,
)


class DesignKind(StrEnum):
    """What a link shows."""

    BOARD = "board"  # a project's board: many designs
    IMAGE = "image"  # one picture of a design
    DOC = "doc"  # a prototype or requirement document, perhaps at a version and a page
    INVITE = "invite"  # an opaque link that somebody shared
    SHORT = "short"  # the older form of it
    OTHER = "other"  # a form that nobody has described yet


@dataclass(frozen=True, slots=True)
class DesignLink:
    """A design in Lanhu.

    :param url: as posted, without a password.
    :param version: of the document, where the link names one.
    """

    url: str
    kind: DesignKind
    host: str = ""
    team: str = ""
    project: str = ""
    image: str = ""
    doc: str = ""
    version: str = ""
    page: str = ""
    share: str = ""

    @property
    def key(self) -> str:
        """Two links with the same key show the same design, in whatever version."""
        match self.kind:
            case DesignKind.IMAGE | DesignKind.DOC:
                return f"{self.host}/{self.project}/{self.image or self.doc}"
            case DesignKind.BOARD:
                return f"{self.host}/{self.project}"
            case DesignKind.INVITE | DesignKind.SHORT:
                return f"{self.host}/{self.share}"
            case DesignKind.OTHER:
                return self.url


def find_links(text: str, hosts: Iterable[str] = DEFAULT_HOSTS) -> tuple[DesignLink, ...]:
    """The Lanhu links in a text, each version of a design once, in order."""
    found: dict[tuple[str, str], DesignLink] = {}
    for match in _urls(tuple(hosts)).finditer(text):
        link = parse_link(match.group())
        found.setdefault((link.key, link.version), link)
    return tuple(found.values())


def parse_link(url: str) -> DesignLink:
    """Take one link apart. A form that nobody has described becomes ``OTHER``, kept as it is."""
    url = _without_secrets(url)
    try:
        parts = urlsplit(url)
    except ValueError:  # “https://lanhuapp.com：…” and “[https://lanhuapp.com]” are none
        return DesignLink(url, DesignKind.OTHER)
    route, _, query = parts.fragment.partition("?")
    given = {name: values[0] for name, values in parse_qs(query).items()}
    host = (parts.hostname or "").removeprefix("www.")
    if "/item/project/" in route:
        return _in_project(url, host, route, given)
    if "invite" in route and given.get("sid"):
        return DesignLink(url, DesignKind.INVITE, host, share=given["sid"])
    if parts.path.startswith("/url/") and len(parts.path) > len("/url/"):
        share = parts.path.removeprefix("/url/").strip("/")
        return DesignLink(url, DesignKind.SHORT, host, share=share)
    return DesignLink(url, DesignKind.OTHER, host)


def _in_project(url: str, host: str, route: str, given: Mapping[str, str]) -> DesignLink:
    team = given.get("tid", "")
    project = given.get("pid") or given.get("project_id") or ""
    if route.endswith("/product") and given.get("docId"):
        return DesignLink(
            url, DesignKind.DOC, host, team, project,
            doc=given["docId"], version=given.get("versionId", ""), page=given.get("pageId", ""),
        )  # fmt: skip
    if given.get("image_id"):
        return DesignLink(url, DesignKind.IMAGE, host, team, project, image=given["image_id"])
    return DesignLink(url, DesignKind.BOARD if project else DesignKind.OTHER, host, team, project)


def without_passwords(text: str, hosts: Iterable[str] = DEFAULT_HOSTS) -> str:
    """The text without the passwords that people paste beside a link; unchanged without a link."""
    urls = _urls(tuple(hosts))
    if not urls.search(text):
        return text
    # The links stand aside meanwhile: what looks like a password inside one is its own business.
    kept: list[str] = []

    def aside(match: re.Match[str]) -> str:
        kept.append(_without_secrets(match.group()))
        return f"\0{len(kept) - 1}\0"

    text = _PASSWORDS.sub("", urls.sub(aside, text.replace("\0", "")))
    return re.sub(r"\0(\d+)\0", lambda m: kept[int(m.group(1))], text).strip()


def without_links(text: str, hosts: Iterable[str] = DEFAULT_HOSTS) -> str:
    """The text without the Lanhu links in it, for a line that must stay short."""
    return re.sub(r"[ \t]{2,}", " ", _urls(tuple(hosts)).sub("", text)).strip()


def says_changed(text: str) -> bool:
    """Whether the words beside a link say that the design is a new one (``已更新``)."""
    return _CHANGED.search(text) is not None


@cache
def _urls(hosts: tuple[str, ...]) -> re.Pattern[str]:
    """Links to these hosts and their subdomains, in running text."""
    named = "|".join(re.escape(host) for host in hosts if host) or r"(?!)"
    content = "|".join(sorted(_CONTENT))
    return re.compile(
        rf"https?://(?!(?:{content})\.)(?:[a-z0-9-]+\.)*(?:{named})(?![a-z0-9.-])"
        r"[^\s<>\"'，。；、（）()】|]*",
        re.IGNORECASE,
    )


def _without_secrets(url: str) -> str:
    return _SECRETS.sub("", url).rstrip("?&")
