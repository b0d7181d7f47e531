"""A person as DingTalk describes them (``topapi/v2/user/get``), in our words.

Fields as in the facts, section 9: ``unionid`` (``union_id`` is empty), ``name``, and as far as the
application may see them ``email``, ``title``, ``dept_id_list``, ``admin``, ``boss``, ``active``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.dingtalk import Colleague

_NO_HANDLE = re.compile(r"[^\w.-]+")
LONGEST_NAME = 80
LONGEST_HANDLE = 30
"""Characters, so that a number fits behind it."""
_KEPT = ("title", "job_number", "dept_id_list", "admin", "boss", "email", "org_email")
"""What is kept of a profile; the mobile number is not: nothing here needs it."""


def colleague_of(staff_id: str, said: Mapping[str, Any], at: datetime) -> Colleague:
    """The ``result`` of ``topapi/v2/user/get``."""
    profile = {name: said[name] for name in _KEPT if said.get(name) not in (None, "")}
    union, name = str(said.get("unionid") or ""), name_of(str(said.get("name") or ""))
    return Colleague(staff_id, union, name, profile, at)


def email_of(colleague: Colleague) -> str | None:
    """The person's address, the company's before their own."""
    profile = colleague.profile
    return str(profile.get("org_email") or profile.get("email") or "") or None


def administers(colleague: Colleague) -> bool:
    """Whether the person administers the company in DingTalk."""
    return bool(colleague.profile.get("admin") or colleague.profile.get("boss"))


def name_of(text: str) -> str:
    """A name on one line, without a sign that would make it a mention."""
    return " ".join(text.split()).lstrip("@＠")[:LONGEST_NAME]


def handle_of(name: str, staff_id: str) -> str:
    """A short name to begin with."""
    return (_NO_HANDLE.sub("", name) or _NO_HANDLE.sub("", staff_id)).casefold()[:LONGEST_HANDLE]
