"""The web's own parts, without a server: limits, bodies, sessions, languages."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import timedelta

import pytest
from starlette.requests import Request
from starlette.types import Message

from domain.clock import ManualClock
from tests.harness import MONDAY
from web.errors import ApiError, language
from web.limits import JSON_LIMIT, RateLimit, body_bytes, json_body
from web.sessions import MAX_AGE, Session, Sessions, csrf_fits


def _request(*parts: bytes, gone: bool = False, **headers: str) -> Request:
    messages: list[Message] = [
        {"type": "http.request", "body": part, "more_body": True} for part in parts
    ]
    messages.append(
        {"type": "http.disconnect"}
        if gone
        else {"type": "http.request", "body": b"", "more_body": False}
    )
    left = iter(messages)

    async def receive() -> Message:
        return next(left)

    pairs = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": pairs}
    return Request(scope, receive)


# -- how much


def test_a_burst_then_a_steady_rate_for_each_alone() -> None:
    clock = ManualClock(MONDAY)
    limit = RateLimit(clock, per_minute=60, burst=3)
    for _ in range(3):
        limit.take("dev")
    with pytest.raises(ApiError) as refused:
        limit.take("dev")
    assert (refused.value.status, refused.value.headers) == (429, {"retry-after": "1"})
    limit.take("po")
    clock.advance(timedelta(seconds=1))
    limit.take("dev")
    with pytest.raises(ApiError):
        limit.take("dev")
    clock.advance(timedelta(hours=1))
    for _ in range(3):  # never more than the burst, however long one was quiet
        limit.take("dev")
    with pytest.raises(ApiError):
        limit.take("dev")


def test_who_is_told_to_wait_may_come_after_so_many_seconds() -> None:
    clock = ManualClock(MONDAY)
    limit = RateLimit(clock, per_minute=6, burst=1)
    limit.take("dev")
    for _ in range(5):  # asking again makes nobody wait longer
        with pytest.raises(ApiError) as refused:
            limit.take("dev")
        assert refused.value.headers == {"retry-after": "10"}
    clock.advance(timedelta(seconds=10))
    limit.take("dev")


def test_a_clock_that_is_set_back_gives_nothing_away_and_locks_nobody_out() -> None:
    clock = ManualClock(MONDAY)
    limit = RateLimit(clock, per_minute=60, burst=1)
    limit.take("dev")
    clock.set(MONDAY - timedelta(hours=1))
    with pytest.raises(ApiError):
        limit.take("dev")
    clock.advance(timedelta(seconds=1))
    limit.take("dev")


def test_only_so_many_people_are_remembered() -> None:
    limit = RateLimit(ManualClock(MONDAY), per_minute=60, burst=1)
    limit.take("first")
    for n in range(10_000):
        limit.take(str(n))
    limit.take("first")  # forgotten, and so free again
    with pytest.raises(ApiError):
        limit.take("9999")


# -- bodies


@pytest.mark.parametrize(
    ("parts", "limit", "length"),
    [
        pytest.param((b"ab", b"cd"), 4, 4, id="just fits"),
        pytest.param((), 4, 0, id="nothing"),
    ],
)
def test_a_body_that_fits(parts: tuple[bytes, ...], limit: int, length: int) -> None:
    assert len(asyncio.run(body_bytes(_request(*parts), limit))) == length


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param(_request(b"ab", b"cde"), 413, id="too long in pieces"),
        pytest.param(_request(content_length="5"), 413, id="said to be too long"),
        pytest.param(_request(b"ab", content_length="lots", gone=True), 400, id="broken off"),
    ],
)
def test_a_body_that_does_not(request_: Request, status: int) -> None:
    with pytest.raises(ApiError) as refused:
        asyncio.run(body_bytes(request_, 4))
    assert refused.value.status == status


@pytest.mark.parametrize(
    ("body", "value"),
    [
        pytest.param(b"", {}, id="empty"),
        pytest.param('{"a": "字😀"}'.encode(), {"a": "字😀"}, id="any text"),
        pytest.param(rb'{"a": "\ud83d\ude00"}', {"a": "😀"}, id="an emoji as two escapes"),
        pytest.param(rb'{"a": "\\u0000"}', {"a": r"\u0000"}, id="an escape that is text"),
        pytest.param(b'{"a": [1, null, {"b": true}]}', {"a": [1, None, {"b": True}]}, id="nested"),
    ],
)
def test_json_that_is_an_object(body: bytes, value: object) -> None:
    assert asyncio.run(json_body(_request(body))) == value


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[1]", id="a list"),
        pytest.param(b'"a"', id="a text"),
        pytest.param(b"null", id="null"),
        pytest.param(b"{", id="half"),
        pytest.param(b"\xff\xfe{}", id="no UTF-8"),
        pytest.param(b'{"a": "\xed\xa0\x80"}', id="half of an emoji in bytes"),
        pytest.param(rb'{"a": "\ud83d"}', id="half of an emoji"),
        pytest.param(rb'{"a": [{"b": "x\u0000"}]}', id="NUL deep inside"),
        pytest.param(rb'{"\u0000": 1}', id="NUL as a name"),
        pytest.param(b"[" * 100_000, id="nested too deep"),
    ],
)
def test_json_that_is_none(body: bytes) -> None:
    with pytest.raises(ApiError) as refused:
        asyncio.run(json_body(_request(body)))
    assert refused.value.status == 422


def test_json_of_more_than_the_limit() -> None:
    with pytest.raises(ApiError) as refused:
        asyncio.run(json_body(_request(b"x" * (JSON_LIMIT + 1))))
    assert refused.value.status == 413


# -- sessions


@pytest.mark.parametrize(
    ("passed", "lives"),
    [
        pytest.param(timedelta(0), True, id="at once"),
        pytest.param(MAX_AGE, True, id="the last instant"),
        pytest.param(MAX_AGE + timedelta(seconds=1), False, id="a second later"),
        pytest.param(timedelta(minutes=-5), True, id="a clock a little behind"),
        pytest.param(timedelta(minutes=-6), False, id="from the future"),
    ],
)
def test_a_session_ends(passed: timedelta, lives: bool) -> None:
    sessions = Sessions(("key",))
    session = sessions.begin("w", "p", MONDAY)
    opened = sessions.open(sessions.seal(session), MONDAY + passed)
    assert opened == (session if lives else None)


@pytest.mark.parametrize("value", [None, "", ".", "a", "a.b", ".字", "字.字", "a.b.c", "\ud800.x"])
def test_what_is_no_cookie_is_nobody(value: str | None) -> None:
    assert Sessions(("key",)).open(value, MONDAY) is None


def test_the_signature_covers_every_part() -> None:
    sessions = Sessions(("key",))
    session = sessions.begin("w", "p", MONDAY)
    text, _, signature = sessions.seal(session).partition(".")
    body = json.loads(base64.urlsafe_b64decode(text))
    for at, other in ((0, "other"), (1, "po"), (2, "csrf"), (3, body[3] + 60)):
        changed = [*body]
        changed[at] = other
        forged = base64.urlsafe_b64encode(json.dumps(changed).encode()).decode()
        assert sessions.open(f"{forged}.{signature}", MONDAY) is None


def test_an_old_key_still_opens_and_a_new_one_signs() -> None:
    old, both, new = Sessions(("old",)), Sessions(("new", "old")), Sessions(("new",))
    session = old.begin("w", "p", MONDAY)
    assert both.open(old.seal(session), MONDAY) == session
    assert new.open(old.seal(session), MONDAY) is None
    assert new.open(both.seal(session), MONDAY) == session


@pytest.mark.parametrize("keys", [(), ("",), ("key", "")])
def test_without_a_key_there_are_no_sessions(keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="secret key"):
        Sessions(keys)


def test_two_sessions_have_two_tokens() -> None:
    sessions = Sessions(("key",))
    one, two = (sessions.begin("w", "p", MONDAY) for _ in range(2))
    assert one.csrf != two.csrf
    assert csrf_fits(one, one.csrf)
    for wrong in (two.csrf, None, "", "字", one.csrf + "x"):
        assert not csrf_fits(one, wrong)
    assert not csrf_fits(Session("w", "p", "secret", MONDAY), None)


# -- languages


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        pytest.param("en-GB,en;q=0.9", "en", id="English"),
        pytest.param("zh-CN,zh;q=0.9,en;q=0.8", "zh", id="Chinese"),
        pytest.param("de-DE,en;q=0.5", "en", id="the first that Duban speaks"),
        pytest.param("fr", "zh", id="neither"),
        pytest.param("", "zh", id="not said"),
        pytest.param(";;,,=", "zh", id="garbage"),
        pytest.param("EN", "en", id="capitals"),
    ],
)
def test_errors_are_in_the_browsers_language(header: str, locale: str) -> None:
    assert language(_request(accept_language=header)) == locale
