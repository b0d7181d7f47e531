"""Links to designs in 蓝湖 (Lanhu): found in text, taken apart, kept without the password.

Lanhu has no public interface, so a link is all that Duban knows of a design; it never opens one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

_URL = re.compile(
    r"https?://(?:[a-z0-9-]+\.)*lanhuapp\.com(?![a-z0-9.-])[^\s<>\"'，。；、（）)】]*",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    r"(?:密码|提取码|访问码)(?:\s*[:：=是为]\s*[A-Za-z0-9]{3,12}|\s*[A-Za-z0-9]{4,6})\b"
    r"|\b(?:password|passcode|pwd)\s*(?:[:：=]|is\b)\s*[A-Za-z0-9]{3,12}\b",
    re.IGNORECASE,
)
_SECRETS = re.compile(
    r"(?<=[?&])(?:pwd|password|passwd|passcode|code|token|access_token)=[^&#]*&?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DesignLink:
    """A design in Lanhu.

    :param url: as posted, without a password.
    :param kind: ``board``, ``image``, ``doc``, ``invite``, ``short`` or ``other``.
    :param key: two links with the same key show the same design.
    :param version: of the document, where the link names one.
    """

    url: str
    kind: str
    key: str
    version: str = ""


def find_links(text: str) -> tuple[DesignLink, ...]:
    """The Lanhu links in a text, each design once, in order."""
    found: dict[tuple[str, str], DesignLink] = {}
    for match in _URL.finditer(text):
        link = parse_link(match.group())
        found.setdefault((link.key, link.version), link)
    return tuple(found.values())


def parse_link(url: str) -> DesignLink:
    """Take one link apart. Parameters stand in the fragment, not in the query."""
    url = _without_secrets(url)
    parts = urlsplit(url)
    route, _, query = parts.fragment.partition("?")
    params = {k: v[0] for k, v in parse_qs(query).items()}
    project = params.get("pid") or params.get("project_id") or ""
    if "/item/project/product" in route:
        doc = params.get("docId", "")
        return DesignLink(url, "doc", f"{project}/{doc}", params.get("versionId", ""))
    if params.get("image_id"):
        return DesignLink(url, "image", f"{project}/{params['image_id']}")
    if "/item/project/" in route:
        return DesignLink(url, "board", project)
    if "invite" in route:
        return DesignLink(url, "invite", params.get("sid", ""))
    if parts.path.startswith("/url/"):
        return DesignLink(url, "short", parts.path.removeprefix("/url/"))
    return DesignLink(url, "other", url)


def without_passwords(text: str) -> str:
    """The text without the passwords that people paste beside a link; unchanged without a link."""
    if not _URL.search(text):
        return text
    text = _URL.sub(lambda m: _without_secrets(m.group()), text)
    return re.sub(r"[ \t]{2,}", " ", _PASSWORD.sub("", text)).strip()


def without_links(text: str) -> str:
    """The text without the Lanhu links in it, for a line that must stay short."""
    return re.sub(r"[ \t]{2,}", " ", _URL.sub("", text)).strip()


def _without_secrets(url: str) -> str:
    return _SECRETS.sub("", url).rstrip("?&")
