"""Finding out what a server is like, without changing anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.errors import DubanError
from trackers.zentao.client import V1, V2, Call, Client, ZentaoMissing
from trackers.zentao.errors import (
    ZentaoAway,
    ZentaoBroken,
    ZentaoForbidden,
    ZentaoLogin,
    ZentaoRefused,
    ZentaoWeakPassword,
)
from trackers.zentao.remote import ServerFacts
from trackers.zentao.wire import record, rows

NOBODY = 2_147_483_647
"""A number that no story, plan, project or sprint of a real server has."""

_VERSION = re.compile(r"(?P<edition>[a-z]*)\s*(?P<number>\d+(?:\.\d+)*\S*)", re.IGNORECASE)
_ZONE = "Asia/Shanghai"


def probe(client: Client) -> ServerFacts:
    """What the server is like: four or five requests.

    A server that does not say what ``getconfig`` says is no ZenTao: ``ZentaoBroken``.
    """
    config = record(client.call(Call("GET", "", query={"mode": "getconfig"}, open=True)))
    if "version" not in config:
        raise ZentaoBroken("getconfig", doubtful=False)
    settings = _settings(client)
    edition, version = _version(str(config["version"]), settings)
    v2, weak = _second_api(client)
    return ServerFacts(
        version=version,
        edition=edition,
        pretty=config.get("requestType") != "GET",
        v2=v2,
        zone=_zone(str(settings.get("timezone") or _ZONE)),
        language=str(settings.get("language") or "zh-cn"),
        review_required=_review_required(client, settings),
        clock_skew=_skew(config.get("serverTime"), client.now()),
        submits=v2 or _submits(client),
        weak_password=weak,
    )


def _settings(client: Client) -> Mapping[str, Any]:
    found = rows(client.get(f"{V1}/configurations"))
    return {str(x.get("key")): x.get("value") for x in found}


def _version(text: str, settings: Mapping[str, Any]) -> tuple[str, str]:
    """Edition and number: ``22.4``, ``biz8.10``, ``max4.9``."""
    match = _VERSION.fullmatch(text.strip())
    number = match["number"] if match else text.strip()
    prefix = match["edition"].lower() if match else ""
    return prefix or str(settings.get("edition") or "open"), number


def _second_api(client: Client) -> tuple[bool, bool]:
    """Whether v2 answers about stories as it should, and whether a weak password closes it.

    The version says nothing sure: it came with 21.7 and was incomplete on some servers.
    """
    try:
        client.get(f"{V2}/stories/{NOBODY}")
    except ZentaoWeakPassword:
        return False, True
    except ZentaoRefused as refused:
        return bool(refused.reason), False
    except ZentaoForbidden:
        return True, False
    except (ZentaoBroken, ZentaoMissing):
        return False, False
    return False, False


def _submits(client: Client) -> bool:
    """Whether v1 can submit for review; tried with a story that does not exist."""
    try:
        client.call(Call("POST", f"{V1}/stories/{NOBODY}/submitreview", body={}))
    except ZentaoMissing:
        return False
    except (ZentaoAway, ZentaoLogin):
        raise
    except DubanError:
        return True
    return True


def _review_required(client: Client, settings: Mapping[str, Any]) -> bool:
    """Whether a story needs reviewers. A server that cannot say so (18.x) does not ask for them."""
    try:
        answer = record(client.get(f"{V1}/storyreviewerrequired/story"))
    except (ZentaoAway, ZentaoLogin):
        raise
    except DubanError:
        return bool(settings.get("storyNeedReview"))
    return bool(answer.get("reviewerRequired", settings.get("storyNeedReview")))


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return _ZONE
    return name


def _skew(server_time: Any, now: datetime) -> float:
    if not isinstance(server_time, int | float):
        return 0.0
    return (datetime.fromtimestamp(server_time, UTC) - now).total_seconds()
