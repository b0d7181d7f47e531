"""What the web chat must be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

UPLOAD_LIMIT = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """How the web chat runs.

    :param secret_keys: sign the sessions; the first signs, all are accepted.
    :param demo: whoever comes may be anybody of the company and switch. Only for a server that
        nobody but this machine can reach, and only while there is no sign-in.
    :param secure: the pages are reached by https, so the cookie must be too.
    :param upload_limit: bytes of one file.
    """

    secret_keys: tuple[str, ...]
    demo: bool
    secure: bool = False
    upload_limit: int = UPLOAD_LIMIT
    heartbeat: timedelta = timedelta(seconds=15)
    poll: timedelta = timedelta(seconds=1)
