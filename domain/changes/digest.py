"""The hash of what is approved: content and impact, in a form that never varies."""

from __future__ import annotations

import hashlib
import json

from domain.changes.events import Content, Impact
from domain.event_json import encode


def digest(content: Content, impact: Impact) -> str:
    """The SHA-256 of what a decider sees, in hexadecimal: any other word gives another one."""
    text = json.dumps(
        [encode(content), encode(impact)], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
