"""One account over HTTP: logins, tokens, time-outs, what is judged how, and what stays secret."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from domain.clock import ManualClock
from domain.errors import DubanError, ForbiddenError, NotFoundError
from tests.fakes.zentao import BOT, BOT_PASSWORD, FakeZentao
from tests.trackers.impatience import give_up_soon
from tests.trackers.zentao.labs import PO, Bench, Workshop, draft
from trackers.zentao.client import Call, Client
from trackers.zentao.errors import (
    ZentaoAway,
    ZentaoBroken,
    ZentaoLogin,
    ZentaoRedirected,
    ZentaoRefused,
    ZentaoWeakPassword,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PASSWORD = "Secret-Word-9!"
Answer = Callable[[httpx.Request], httpx.Response]


def client(answer: Answer, url: str = "http://zentao.example", language: str = "zh-cn") -> Client:
    """A client whose server answers as told; logins work."""

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/tokens"):
            return httpx.Response(201, json={"token": "t" * 26})
        return answer(request)

    transport = httpx.MockTransport(handle)
    clock = ManualClock(NOW)
    return Client(url, BOT, PASSWORD, clock, transport=transport, language=language)


class TestLogins:
    """ZenTao locks an account at the sixth failure: Duban stops long before."""

    def test_two_failures_and_then_it_waits(self, fake: FakeZentao, workshop: Workshop) -> None:
        clock = ManualClock(NOW)
        fake.refuse_logins()
        place = workshop.client(fake, clock=clock)
        for _ in range(2):
            with pytest.raises(ZentaoLogin) as failed:
                place.get("api.php/v1/user")
            assert failed.value.key == "zentao.login_failed"
        for _ in range(10):
            with pytest.raises(ZentaoLogin) as paused:
                place.get("api.php/v1/user")
            assert paused.value.key == "zentao.login_paused"
            assert paused.value.until == NOW + timedelta(minutes=10)
        assert fake.logins == 2

    def test_after_a_pause_it_tries_once_and_pauses_longer(
        self, fake: FakeZentao, workshop: Workshop
    ) -> None:
        clock = ManualClock(NOW)
        fake.refuse_logins()
        place = workshop.client(fake, clock=clock)
        tries: list[int] = []
        for hour in range(24):
            clock.set(NOW + timedelta(hours=hour))
            for _ in range(5):
                with pytest.raises(ZentaoLogin):
                    place.get("api.php/v1/user")
            tries.append(fake.logins)
        assert tries[0] == 2
        assert tries[-1] <= 5, "a whole day does not lock the account"

    def test_once_the_password_is_right_it_goes_on(
        self, fake: FakeZentao, workshop: Workshop
    ) -> None:
        clock = ManualClock(NOW)
        fake.refuse_logins()
        place = workshop.client(fake, clock=clock)
        for _ in range(3):
            with pytest.raises(ZentaoLogin):
                place.get("api.php/v1/user")
        fake.refuse_logins(False)
        with pytest.raises(ZentaoLogin):
            place.get("api.php/v1/user")
        clock.advance(timedelta(minutes=11))
        assert place.get("api.php/v1/user")["profile"]["account"] == BOT

    def test_an_administrator_can_have_it_tried_at_once(
        self, fake: FakeZentao, workshop: Workshop
    ) -> None:
        fake.refuse_logins()
        place = workshop.client(fake, clock=ManualClock(NOW))
        for _ in range(3):
            with pytest.raises(ZentaoLogin):
                place.get("api.php/v1/user")
        fake.refuse_logins(False)
        place.try_again()
        assert place.get("api.php/v1/user")["profile"]["account"] == BOT

    def test_a_server_that_is_away_is_no_failed_login(
        self, fake: FakeZentao, workshop: Workshop
    ) -> None:
        place = workshop.client(fake, clock=ManualClock(NOW))
        fake.down()
        for _ in range(5):
            with pytest.raises(ZentaoAway) as away:
                place.get("api.php/v1/user")
            assert not away.value.doubtful
        fake.up()
        assert place.get("api.php/v1/user")["profile"]["account"] == BOT

    def test_the_reason_is_zentaos_own(self, fake: FakeZentao, workshop: Workshop) -> None:
        place = workshop.client(fake, password="wrong")
        with pytest.raises(ZentaoLogin) as failed:
            place.get("api.php/v1/user")
        assert "登录失败" in str(failed.value.params["reason"])


class TestJudging:
    """What each answer means."""

    @pytest.mark.parametrize(
        ("response", "error", "doubtful"),
        [
            pytest.param(httpx.Response(502), ZentaoAway, True, id="502"),
            pytest.param(httpx.Response(503), ZentaoAway, True, id="503"),
            pytest.param(httpx.Response(429), ZentaoAway, True, id="429"),
            pytest.param(httpx.Response(500), ZentaoBroken, True, id="500 empty"),
            pytest.param(httpx.Response(500, text="<html>"), ZentaoBroken, True, id="500 page"),
            pytest.param(httpx.Response(200), ZentaoBroken, True, id="200 empty"),
            pytest.param(httpx.Response(200, text="<html>"), ZentaoBroken, True, id="200 page"),
            pytest.param(
                httpx.Response(200, text='{"a":1}{"b":2}'), ZentaoBroken, True, id="glued"
            ),
            pytest.param(httpx.Response(200, text='{"a":'), ZentaoAway, True, id="half"),
            pytest.param(httpx.Response(400), ZentaoRefused, None, id="400 empty"),
            pytest.param(httpx.Response(400, json={"error": "文"}), ZentaoRefused, None, id="400"),
            pytest.param(httpx.Response(403, json={"error": "x"}), ForbiddenError, None, id="403"),
            pytest.param(httpx.Response(404, json={"error": "x"}), NotFoundError, None, id="404"),
            pytest.param(
                httpx.Response(301, headers={"Location": "https://zentao.example/"}),
                ZentaoRedirected,
                None,
                id="moved",
            ),
            pytest.param(
                httpx.Response(302, headers={"Location": "/index.php?m=my&f=changePassword"}),
                ZentaoWeakPassword,
                None,
                id="weak password",
            ),
            pytest.param(
                httpx.Response(302, headers={"Location": "/my-changePassword.html"}),
                ZentaoWeakPassword,
                None,
                id="weak password, pretty address",
            ),
        ],
    )
    def test_an_answer_to_a_write(
        self, response: httpx.Response, error: type[DubanError], doubtful: bool | None
    ) -> None:
        with pytest.raises(error) as raised:
            client(lambda _: response).call(
                Call("PUT", "api.php/v2/stories/8", "story-edit", body={})
            )
        assert getattr(raised.value, "doubtful", None) is doubtful

    @pytest.mark.parametrize(
        ("failure", "doubtful"),
        [
            pytest.param(httpx.ConnectError("x"), False, id="no connection"),
            pytest.param(httpx.ConnectTimeout("x"), False, id="no connection in time"),
            pytest.param(httpx.ReadTimeout("x"), True, id="no answer in time"),
            pytest.param(httpx.ReadError("x"), True, id="connection cut"),
            pytest.param(httpx.RemoteProtocolError("x"), True, id="no answer"),
            pytest.param(httpx.WriteError("x"), True, id="cut while sending"),
        ],
    )
    def test_no_answer_to_a_write(self, failure: httpx.HTTPError, doubtful: bool) -> None:
        def answer(_: httpx.Request) -> httpx.Response:
            raise failure

        with pytest.raises(ZentaoAway) as away:
            client(answer).call(Call("PUT", "api.php/v2/stories/8", body={}))
        assert away.value.doubtful is doubtful

    def test_reading_leaves_no_doubt(self) -> None:
        def answer(_: httpx.Request) -> httpx.Response:
            raise httpx.ReadTimeout("x")

        with pytest.raises(ZentaoAway) as away:
            client(answer).get("api.php/v2/stories/8")
        assert not away.value.doubtful

    def test_the_missing_privilege_is_named(self, place: Bench) -> None:
        place.fake.revoke(BOT, "story-close")
        number = place.gateway.create(draft(), PO).number
        with pytest.raises(ForbiddenError) as refused:
            place.gateway.close_as_duplicate(number, number, "", PO)
        assert refused.value.params["privilege"] == "story-close"

    def test_how_long_to_wait_is_the_servers_word(self) -> None:
        response = httpx.Response(503, headers={"Retry-After": "7"})
        with pytest.raises(ZentaoAway) as away:
            client(lambda _: response).get("api.php/v1/user")
        assert away.value.seconds == 7


class TestSending:
    """What goes out."""

    def test_a_sub_path_and_the_language_and_nothing_more(self) -> None:
        seen: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            cookies = {"Set-Cookie": "zentaosid=abc; path=/"}
            return httpx.Response(200, json={"id": 1}, headers=cookies)

        one = client(answer, url="https://x.example/zentao/", language="en")
        one.get("api.php/v1/user")
        one.get("api.php/v1/user", limit=2)
        assert str(seen[1].url) == "https://x.example/zentao/api.php/v1/user?limit=2"
        assert [x.headers["Cookie"] for x in seen] == ["lang=en", "lang=en"]
        assert seen[0].headers["Token"] == "t" * 26

    def test_redirects_are_not_followed(self) -> None:
        seen: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            seen.append(request.url.host)
            return httpx.Response(302, headers={"Location": "http://evil.example/"})

        with pytest.raises(ZentaoRedirected):
            client(answer).get("api.php/v1/user")
        assert set(seen) == {"zentao.example"}

    def test_one_request_at_a_time(self) -> None:
        busy = threading.Semaphore(1)
        overlaps: list[bool] = []

        def answer(_: httpx.Request) -> httpx.Response:
            free = busy.acquire(blocking=False)
            overlaps.append(not free)
            threading.Event().wait(0.002)
            if free:
                busy.release()
            return httpx.Response(200, json={"id": 1})

        one = client(answer)
        threads = [threading.Thread(target=one.get, args=("api.php/v1/user",)) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert overlaps == [False] * 16

    def test_secrets_stand_nowhere(
        self, fake: FakeZentao, workshop: Workshop, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        place = workshop.client(fake)
        place.get("api.php/v1/user")
        (token,) = list(fake.state.people.sessions)
        fake.refuse_logins()
        fake.kill_tokens()
        with pytest.raises(ZentaoLogin) as failed:
            place.get("api.php/v1/user")
        told = f"{caplog.text}{failed.value!r}{failed.value}{place!r}"
        assert BOT_PASSWORD not in told
        assert token not in told


def test_a_weak_password_closes_v2_and_v1_goes_on(fake: FakeZentao, workshop: Workshop) -> None:
    fake.weak_password(BOT)
    place = workshop.bench(fake)
    facts = place.gateway.facts()
    assert (facts.v2, facts.weak_password) == (False, True)
    assert place.gateway.create(draft(), PO).title == "运单跟踪"


def test_a_time_out_is_away(fake: FakeZentao, workshop: Workshop) -> None:
    place = workshop.client(fake)
    give_up_soon(place._http, fake.faults)
    fake.hang(5)
    with pytest.raises(ZentaoAway):
        place.get("api.php/v1/user")
    fake.heal()
