"""The stand-in as a server: tokens, counted requests, faults, web hooks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from domain.clock import ManualClock
from tests.fakes.zentao import BOT, BOT_PASSWORD, FakeZentao
from tests.trackers.impatience import give_up_soon
from tests.trackers.zentao.replay.receiver import Receiver
from tests.waiting import until

LIST = "/v1/products/1/stories?limit=1000&status=allstory"
NEW = {"product": 1, "title": "t", "spec": "s", "pri": 3, "category": "feature", "reviewer": [BOT]}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))


@pytest.fixture
def fake(clock: ManualClock) -> Iterator[FakeZentao]:
    with FakeZentao(clock=clock.now) as fake:
        fake.add_product("P")
        yield fake


def client_of(fake: FakeZentao, timeout: float = 90) -> httpx.Client:
    return httpx.Client(base_url=f"{fake.url}/api.php", trust_env=False, timeout=timeout)


@pytest.fixture
def client(fake: FakeZentao) -> Iterator[httpx.Client]:
    with client_of(fake) as client:
        client.headers["Token"] = login(client)
        yield client


def login(client: httpx.Client, password: str = BOT_PASSWORD) -> str:
    answer = client.post("/v1/tokens", json={"account": BOT, "password": password})
    return answer.json().get("token", answer.json().get("error"))


def read_in_parallel(fake: FakeZentao, tokens: list[str]) -> None:
    """Two threads read lists; neither is answered before both have arrived."""
    people = fake.state.people
    arrived, threads = people.arrived, []
    with fake.state.lock:
        for token in tokens:
            threads.append(threading.Thread(target=_read, args=(fake, token)))
            threads[-1].start()
        until(lambda: people.arrived >= arrived + len(tokens))
    for thread in threads:
        thread.join()


def _read(fake: FakeZentao, token: str) -> None:
    with client_of(fake) as client:
        client.get(LIST, headers={"Token": token})


def test_two_lists_at_once_kill_the_token_for_good(fake: FakeZentao, client: httpx.Client) -> None:
    token = client.headers["Token"]
    read_in_parallel(fake, [token, token])
    assert [client.get("/v1/user").status_code for _ in range(2)] == [401, 401]


def test_two_tokens_of_one_account_live_side_by_side(
    fake: FakeZentao, client: httpx.Client
) -> None:
    read_in_parallel(fake, [client.headers["Token"], login(client)])
    assert client.get("/v1/user").status_code == 200


def test_18_10_keeps_its_token(clock: ManualClock) -> None:
    with FakeZentao("18.10", clock=clock.now) as old, client_of(old) as client:
        old.add_product("P")
        token = login(client)
        old.state.people.enter(token, list_read=True, strict=old.state.version.strict_lists)
        assert client.get(LIST, headers={"Token": token}).status_code == 200


def test_six_failures_lock_the_account_for_ten_minutes(
    fake: FakeZentao, clock: ManualClock
) -> None:
    with client_of(fake) as client:
        texts = [login(client, "wrong") for _ in range(6)]
        assert [("3" in texts[2]), ("2" in texts[3]), ("1" in texts[4])] == [True] * 3
        assert "10" in texts[5]
        assert login(client) == texts[5]
        clock.advance(timedelta(minutes=10))
        assert len(login(client)) == 26


def test_a_weak_password_spoils_v2_only(fake: FakeZentao, client: httpx.Client) -> None:
    fake.weak_password(BOT)
    assert client.get("/v1/user").status_code == 200
    answer = client.get("/v2/products")
    assert answer.status_code == 302
    assert "changePassword" in answer.headers["location"]
    assert answer.json()["status"] == "success", "the real body is attached"


def test_requests_are_counted(fake: FakeZentao, client: httpx.Client) -> None:
    fake.forget_requests()
    client.post("/v1/stories", json=NEW)
    client.get("/v1/stories/1")
    client.get("/v1/stories/1?timeFormat=local")
    assert fake.count() == 3
    assert fake.count(r"^GET .*/stories/1$") == 2
    assert [(seen.method, seen.account, seen.status) for seen in fake.requests][:2] == [
        ("POST", BOT, 200),
        ("GET", BOT, 200),
    ]


def test_down_refuses_and_up_is_the_same_address(fake: FakeZentao, client: httpx.Client) -> None:
    url = fake.url
    fake.down()
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            client.get("/v1/user")
    fake.up()
    assert fake.url == url
    assert client.get("/v1/user").status_code == 200


def test_a_lost_reply_has_done_its_work(fake: FakeZentao, client: httpx.Client) -> None:
    fake.lose_replies("POST .*/stories$")
    with pytest.raises(httpx.TransportError):
        client.post("/v1/stories", json=NEW)
    assert len(fake.stories(1)) == 1


def test_a_reset_has_done_nothing(fake: FakeZentao, client: httpx.Client) -> None:
    fake.reset("POST .*/stories$", times=1)
    with pytest.raises(httpx.TransportError):
        client.post("/v1/stories", json=NEW)
    assert fake.stories(1) == []


@pytest.mark.parametrize("done", [pytest.param(False, id="before"), pytest.param(True, id="after")])
def test_a_hang_before_or_after_the_work(fake: FakeZentao, done: bool) -> None:
    with client_of(fake) as client:
        client.headers["Token"] = login(client)
        give_up_soon(client, fake.faults)
        fault = (fake.hang_after if done else fake.hang)(180, "POST .*/stories$")
        with pytest.raises(httpx.ReadTimeout):
            client.post("/v1/stories", json=NEW)
        until(lambda: fault.met == 1 and len(fake.stories(1)) == done)


def test_half_a_page(fake: FakeZentao, client: httpx.Client) -> None:
    fake.half_pages("stories$")
    answer = client.get(LIST)
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()
    fake.half_pages("stories$", cut=True)
    with pytest.raises(httpx.TransportError):
        client.get(LIST)
    assert client.get(LIST).json()["total"] == 0


def test_other_faults(fake: FakeZentao, client: httpx.Client) -> None:
    fake.login_pages("/user$")
    assert client.get("/v1/user").status_code == 302
    fake.crash("/user$")
    assert (client.get("/v1/user").status_code, client.get("/v1/user").status_code) == (500, 200)
    fake.empty_answers("/user$")
    assert client.get("/v1/user").content == b""
    fake.refuse_logins()
    assert len(login(client)) != 26
    fake.heal()
    assert len(login(client)) == 26
    fake.kill_tokens()
    assert client.get("/v1/user").status_code == 401


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


def test_hooks_fire_before_the_answer_and_not_for_drafts_or_recalls(
    fake: FakeZentao, client: httpx.Client, receiver: Receiver
) -> None:
    fake.add_hook(f"{receiver.url}/hook", products=[1])
    client.post("/v1/stories", json={**NEW, "status": "draft"})
    assert receiver.received == []
    client.post("/v1/stories", json=NEW)
    client.delete("/v1/stories/2/recall")
    other = fake.add_product("other")
    client.post("/v1/stories", json={**NEW, "product": other})
    told = [(got.body["action"], got.body["objectID"]) for got in receiver.received]
    assert told == [("opened", 2), ("submitreview", 2)]


def test_asynchronous_hooks_wait_for_the_scheduler(
    fake: FakeZentao, client: httpx.Client, receiver: Receiver
) -> None:
    fake.add_hook(f"{receiver.url}/hook", send="async")
    client.post("/v1/stories", json=NEW)
    assert receiver.received == []
    assert (fake.run_scheduler(), fake.run_scheduler(), len(receiver.received)) == (2, 0, 2)


def test_a_hook_nobody_listens_to_does_not_stop_the_write(
    fake: FakeZentao, client: httpx.Client, receiver: Receiver
) -> None:
    fake.add_hook(f"{receiver.url}/hook")
    receiver.stop()
    assert client.post("/v1/stories", json=NEW).status_code == 200
