"""Signatures, checked on raw bytes: Slack's own example, and everything that is not Slack's."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.slack.connection.guard import MAX_BODY, Guard, signed
from domain.clock import ManualClock
from tests.fakes.slack import Signature
from tests.slack.inbound.stage import ROOM, Stage

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
AT = "1531420618"
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
    b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
    b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
    b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
GOOD = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def guard(seconds: float = 0, secret: str = SECRET) -> Guard:
    start = datetime.fromtimestamp(int(AT), UTC) + timedelta(seconds=seconds)
    return Guard(secret, ManualClock(start))


def test_the_vector_of_slacks_documentation() -> None:
    assert signed(SECRET.encode(), AT, BODY) == GOOD
    assert guard().admits(AT, GOOD, BODY)


@pytest.mark.parametrize(
    ("seconds", "admitted"),
    [
        pytest.param(300, True, id="five minutes old"),
        pytest.param(301, False, id="older"),
        pytest.param(-300, True, id="five minutes ahead of us"),
        pytest.param(-301, False, id="further ahead"),
    ],
)
def test_the_window(seconds: float, admitted: bool) -> None:
    assert guard(seconds).admits(AT, GOOD, BODY) is admitted


@pytest.mark.parametrize(
    ("timestamp", "signature", "body"),
    [
        pytest.param(AT, GOOD, BODY + b"&", id="another body"),
        pytest.param(AT, GOOD[:-1] + "0", BODY, id="another signature"),
        pytest.param(AT, GOOD.upper(), BODY, id="upper case"),
        pytest.param(AT, GOOD[3:], BODY, id="without its version"),
        pytest.param(AT, "v0=ü", BODY, id="no ASCII"),
        pytest.param(AT, "", BODY, id="empty signature"),
        pytest.param(AT, None, BODY, id="no signature"),
        pytest.param(None, GOOD, BODY, id="no timestamp"),
        pytest.param("now", GOOD, BODY, id="no number"),
        pytest.param("١٥٣١٤٢٠٦١٨", GOOD, BODY, id="other digits"),
        pytest.param(AT + ".0", GOOD, BODY, id="a fraction"),
        pytest.param("-" + AT, GOOD, BODY, id="negative"),
        pytest.param("9" * 5000, GOOD, BODY, id="a number without end"),
        pytest.param(AT + "\n", GOOD, BODY, id="a line break after it"),
    ],
)
def test_what_is_not_admitted(timestamp: str | None, signature: str | None, body: bytes) -> None:
    assert guard().admits(timestamp, signature, body) is False


def test_without_a_secret_nothing_is_admitted() -> None:
    assert guard(secret="").admits(AT, signed(b"", AT, BODY), BODY) is False


@pytest.mark.parametrize(
    "how", [Signature.FORGED, Signature.OLD, Signature.NONE, Signature.NOT_A_NUMBER]
)
def test_over_http_it_is_a_401_and_nothing_of_it_is_logged(
    stage: Stage, how: Signature, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = stage.slack.person("po").command("/change", "绝密的话", ROOM, how=how)
    assert seen.status == 401
    assert "绝密" not in caplog.text
    assert "%E7%BB%9D" not in caplog.text
    assert stage.queued() == []


def test_good_requests_leave_no_words_in_the_log(
    both: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    person = both.slack.person("po")
    person.command("/po", "绝密的话", ROOM)
    person.say(ROOM, "绝密的话")
    both.settle()
    assert "绝密" not in caplog.text


def test_a_body_that_is_too_large_is_refused_unread(stage: Stage) -> None:
    url = stage.slack.app.request_url
    answer = httpx.post(url, content=b"x" * (MAX_BODY + 1))
    assert answer.status_code == 413


def test_the_certificate_check_needs_no_signature(stage: Stage) -> None:
    answer = httpx.post(stage.slack.app.request_url, content=b"token=x&ssl_check=1")
    assert (answer.status_code, answer.text) == (200, "")
    other = httpx.post(stage.slack.app.request_url, content=b"token=ssl_check=1")
    assert other.status_code == 401
