"""When Slack is slow, silent, full, or says no: each message once, and people hear what to do."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from bot.slack.api import asking
from bot.slack.outbound import traces
from bot.slack.outbound.traces import Traces
from bot.surfaces.pacing import BURST, Pace, Strain
from domain.messages import Bullet, Bullets, Card, FileRef, Para
from domain.ports import Retry
from storage.messaging import OutboxStatus
from tests.harness import MONDAY
from tests.slack.outbound.mailroom import MailRoom, drawn

LONG = Card("很长", (Bullets(tuple(Bullet(f"{n} " + "长" * 300) for n in range(90))),))


def test_the_answer_is_lost_and_the_message_is_not_repeated(mail: MailRoom) -> None:
    mail.slack.faults.drop("chat.postMessage", after=True)
    row = mail.post(Card("一次"))
    assert mail.row(row).status is OutboxStatus.PENDING
    mail.until_quiet()
    assert mail.texts() == ["一次"]
    assert mail.row(row).handle is not None
    assert mail.row(row).handle["ts"] == mail.messages[0]["ts"]  # pyright: ignore[reportOptionalSubscript]


def test_the_connection_breaks_before_anything_was_done(mail: MailRoom) -> None:
    mail.slack.faults.drop("chat.postMessage", times=3)
    mail.post(Card("一次"))
    mail.until_quiet()
    assert mail.texts() == ["一次"]


@pytest.mark.parametrize("after", [False, True], ids=["not done", "done all the same"])
@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error(mail: MailRoom, status: int, after: bool) -> None:
    mail.slack.faults.fail("chat.postMessage", status=status, after=after, times=2)
    row = mail.post(Card("一次"))
    mail.until_quiet()
    assert mail.texts() == ["一次"]
    assert mail.row(row).attempts == 0, "waiting for a server is no fault of the message"


def test_no_answer_in_time(mail: MailRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    mail.tokens.client(mail.team.workspace.id).timeout = 1
    monkeypatch.setattr(asking, "TIMEOUT", 1)
    hold = mail.slack.faults.hold("chat.postMessage")
    row = mail.post(Card("一次"))
    hold.release()
    assert mail.row(row).doubtful
    mail.until_quiet()
    assert mail.texts() == ["一次"]


def test_nobody_listens(mail: MailRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    client = mail.tokens.client(mail.team.workspace.id)
    right, client.base_url = client.base_url, "http://127.0.0.1:9/api/"
    row = mail.post(Card("一次"))
    assert not mail.row(row).doubtful, "what never left need not be looked for"
    client.base_url = right
    mail.until_quiet()
    assert mail.texts() == ["一次"]
    assert mail.slack.calls_of("conversations.history") == []


def test_a_rate_limit_is_waited_out_without_looking(mail: MailRoom) -> None:
    mail.slack.faults.storm("chat.postMessage", seconds=7, times=1)
    row = mail.post(Card("一次"))
    wait = (mail.row(row).due_at - mail.team.clock.now()).total_seconds()
    assert 7 <= wait <= 8
    mail.until_quiet()
    assert mail.texts() == ["一次"]
    assert mail.slack.calls_of("conversations.history") == []


def test_a_long_storm_never_exhausts_a_message(mail: MailRoom) -> None:
    mail.slack.faults.storm("chat.postMessage", seconds=1, times=25)
    rows = [mail.queue(Card(f"{n}")) for n in range(3)]
    mail.until_quiet(rounds=80)
    assert mail.texts() == ["0", "1", "2"]
    assert {mail.row(r).status for r in rows} == {OutboxStatus.DONE}


@pytest.mark.parametrize("broken", range(1, 4))
def test_a_card_of_several_messages_breaks_off(mail: MailRoom, broken: int) -> None:
    """Whichever of its messages Slack does not answer, all of them are there once."""
    count = 0

    def nth(_: Any) -> bool:
        nonlocal count
        count += 1
        return count == broken

    mail.slack.faults.fail("chat.postMessage", after=True, when=nth)
    mail.post(LONG)
    mail.until_quiet()
    assert len(mail.messages) == 3
    assert len({m["thread_ts"] for m in mail.messages[1:]}) == 1
    assert Counter(drawn(m) for m in mail.messages).most_common(1)[0][1] == 1


def test_a_limit_in_the_middle_of_a_card(mail: MailRoom) -> None:
    mail.slack.faults.storm(
        "chat.postMessage", seconds=3, times=1, when=lambda args: "thread_ts" in args
    )
    mail.post(LONG)
    mail.until_quiet()
    assert len(mail.messages) == 3


def test_a_line_of_history_is_there_once(mail: MailRoom) -> None:
    mail.post(Card("评审", (Para("x"),), status="进行中", key="review:1"))
    mail.slack.faults.fail(
        "chat.postMessage", after=True, times=1, when=lambda args: "thread_ts" in args
    )
    mail.post(Card("评审", (Para("x"),), status="已结束", key="review:1"))
    mail.until_quiet()
    assert mail.texts() == ["评审 · 已结束\nx", "评审：进行中 → 已结束"]


def test_a_file_is_there_once(mail: MailRoom) -> None:
    stored = mail.team.upload("计划.xlsx", b"PK" * 500)
    mail.slack.faults.fail("files.completeUploadExternal", after=True)
    mail.post(Card("计划表", (FileRef(stored.file_id, "计划.xlsx", stored.mime, stored.size),)))
    mail.until_quiet()
    assert [len(m.get("files", ())) for m in mail.messages] == [0, 1]


def test_a_second_export_of_the_same_file_is_another_message(mail: MailRoom) -> None:
    stored = mail.team.upload("计划.xlsx", b"PK" * 500)
    card = Card("计划表", (FileRef(stored.file_id, "计划.xlsx", stored.mime, stored.size),))
    mail.post(card)
    mail.slack.faults.fail("chat.postMessage", after=True)
    mail.post(card)
    mail.until_quiet()
    assert [len(m.get("files", ())) for m in mail.messages] == [0, 1, 0, 1]


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"way": "storm", "times": 1}, id="a rate limit"),
        pytest.param({"way": "fail", "times": 3}, id="server errors"),
        pytest.param({"way": "refuse", "error": "invalid_cursor", "times": 1}, id="a refused page"),
    ],
)
def test_what_stands_on_a_further_page_is_found_though_slack_breaks_off(
    mail: MailRoom, monkeypatch: pytest.MonkeyPatch, trouble: dict[str, Any]
) -> None:
    monkeypatch.setattr(traces, "PAGE", 2)
    mail.slack.faults.fail("chat.postMessage", after=True)
    row = mail.post(Card("一次"))
    for n in range(6):
        mail.slack.person("po").say("wuliu", f"闲聊 {n}")
    more = dict(trouble)
    go_wrong = getattr(mail.slack.faults, more.pop("way"))
    go_wrong("conversations.history", when=lambda args: "cursor" in args, **more)
    mail.until_quiet()
    assert mail.texts().count("一次") == 1
    assert mail.row(row).status is OutboxStatus.DONE
    assert mail.row(row).attempts == 0, "Slack being busy is no fault of the message"


def test_where_slack_gives_a_page_a_minute_the_look_goes_on_where_it_was(
    mail: MailRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for apps that are distributed outside of the Marketplace: each look is broken off."""
    monkeypatch.setattr(traces, "PAGE", 2)
    mail.slack.faults.fail("chat.postMessage", after=True)
    mail.post(Card("一次"))
    for n in range(6):
        mail.slack.person("po").say("wuliu", f"闲聊 {n}")
    calls = 0

    def every_other(_: Any) -> bool:
        nonlocal calls
        calls += 1
        return calls % 2 == 0

    mail.slack.faults.storm("conversations.history", seconds=60, when=every_other)
    mail.until_quiet()
    assert mail.texts().count("一次") == 1
    pages = [c for c in mail.slack.calls_of("conversations.history") if c.answer.get("ok")]
    assert len(pages) == 4, "each page is read once"


def test_a_look_that_another_process_has_overtaken_begins_anew(mail: MailRoom) -> None:
    looking, line = traces.Looking(), _Pages([["1"], Retry(60.0, "limited"), ["2"], ["3"]])
    first = _look(looking, line, waited_for="")
    assert isinstance(first, Retry)
    assert first.patient
    assert first.sent
    found = _look(looking, line, waited_for="somebody else's reason")
    assert isinstance(found, Traces)
    assert line.cursors == ["", "c", "", "c"], "what was read before that does not count"


class _Pages:
    """What a line answers, page by page; a list is a page, the last one ends."""

    def __init__(self, pages: list[Any]) -> None:
        self.pages = pages
        self.cursors: list[str] = []

    def call(self, method: str, **values: Any) -> dict[str, Any]:
        self.cursors.append(values.get("cursor", ""))
        page = self.pages.pop(0)
        if isinstance(page, Retry):
            raise page
        messages = [{"ts": f"{ts}.0"} for ts in page]
        cursor = "c" if self.pages else ""
        return {"messages": messages, "response_metadata": {"next_cursor": cursor}}


def _look(looking: traces.Looking, line: Any, *, waited_for: str) -> Traces | Retry:
    try:
        return looking.traces_of(
            line, "a-delivery", "C1", [None], "UBOT", made_at=MONDAY, waited_for=waited_for
        )
    except Retry as later:
        return later


def test_a_direct_message_is_looked_for_where_it_went(mail: MailRoom) -> None:
    mail.slack.faults.drop("chat.postMessage", after=True)
    mail.post(Card("只给您"), person="po")
    mail.until_quiet()
    assert [m["text"] for m in mail.slack.direct("po").messages] == ["只给您"]


def test_blocks_that_slack_refuses_leave_the_text(mail: MailRoom) -> None:
    mail.slack.faults.refuse("chat.postMessage", "invalid_blocks")
    mail.post(Card("标题", (Para("内容"),)))
    (message,) = mail.messages
    assert message["text"] == "标题\n内容"
    assert "blocks" not in message


def test_a_token_revoked_and_replaced(mail: MailRoom) -> None:
    mail.slack.faults.refuse("chat.*", "token_revoked", times=2)
    row = mail.post(Card("还在"))
    assert "不再接受督办的令牌（token_revoked）" in (mail.row(row).error or "")
    mail.later(301)
    mail.later(301)
    assert mail.texts() == ["还在"]


REFUSALS = [
    pytest.param("is_archived", "请在 Slack 里取消归档", id="archived"),
    pytest.param("not_in_channel", "请在频道里输入 /invite @duban", id="not a member"),
    pytest.param("channel_not_found", "请在频道里输入 /invite @duban", id="unknown channel"),
    pytest.param("restricted_action", "发言权限", id="only some may post"),
    pytest.param("missing_scope", "用 duban manifest 更新应用", id="scope missing"),
    pytest.param("something_new", "Slack 拒绝了这条消息（something_new）", id="unheard of"),
]


@pytest.mark.parametrize(("code", "advice"), REFUSALS)
def test_a_refusal_says_what_to_do(mail: MailRoom, code: str, advice: str) -> None:
    mail.slack.faults.refuse("chat.postMessage", code)
    row, later = mail.queue(Card("一")), mail.queue(Card("二"))
    mail.delivery.drain()
    assert mail.row(row).status is OutboxStatus.FAILED
    assert advice in (mail.row(row).error or "")
    assert mail.row(later).status is OutboxStatus.DONE, "it holds up nothing"
    assert advice in mail.team.say("admin", "/setup failed")


def test_the_owner_hears_that_duban_was_removed(mail: MailRoom) -> None:
    mail.slack.remove_bot("wuliu", "dev")
    mail.slack.faults.refuse("chat.postMessage", "not_in_channel")
    mail.post(Card("一"))
    mail.until_quiet()
    told = [m["text"] for m in mail.slack.direct("po").messages]
    assert any("/invite @duban" in text for text in told), told


def test_who_asked_hears_that_the_answer_did_not_arrive(mail: MailRoom) -> None:
    from domain.message_json import to_json

    mail.slack.faults.refuse("chat.postMessage", "restricted_action")
    channel, now = mail.team.channel.id, mail.team.clock.now()
    payload = {"channel": channel, "card": to_json(Card("答案")), "person": mail.team.id("dev")}
    with mail.team.write() as uow:
        uow.queue(f"channel:{channel}", "post", payload, now)
    mail.until_quiet()
    (told,) = mail.slack.direct("dev").messages
    assert "发到 #物流 的消息没有送达" in drawn(told)
    assert "发言权限" in drawn(told)


def test_somebody_who_left(mail: MailRoom) -> None:
    mail.slack.change_user("dev", deleted=True)
    row = mail.post(Card("一"), person="dev")
    assert mail.row(row).status is OutboxStatus.FAILED
    assert "账号可能已停用" in (mail.row(row).error or "")


def test_the_pace_is_one_a_second_after_a_burst() -> None:
    now = 100.0
    pace = Pace(lambda: now)
    for _ in range(BURST):
        assert pace.wait("C1") == 0
        pace.spend("C1")
    assert pace.wait("C1") == 1
    assert pace.wait("C2") == 0
    now += 0.75
    assert pace.wait("C1") == 0.25
    now += 0.25
    assert pace.wait("C1") == 0


def test_pauses_grow_until_something_succeeds() -> None:
    now = 0.0
    strain = Strain(lambda: now)
    assert max(strain.pause("w") for _ in range(200)) <= 2, "one moment is one failure"
    pauses: list[float] = []
    for _ in range(10):
        now += 60
        pauses.append(strain.pause("w"))
    assert 30 <= pauses[-1] <= 60
    assert strain.pause("other") <= 2
    strain.over("w")
    assert strain.pause("w") <= 2


def test_files_are_told_apart_by_when_they_came() -> None:
    file = {"files": [{"name": "a.docx", "size": 3}], "user": "UBOT"}
    edited = Traces(since=100.0)
    edited.note({"ts": "99.5", **file}, "d1", "UBOT")
    assert not edited.has_file("a.docx", 3)
    edited.note({"ts": "100.5", **file}, "d1", "UBOT")
    assert edited.has_file("a.docx", 3)
    assert not edited.has_file("a.docx", 4)
    posted = Traces(since=100.0)
    marks = {"event_type": "duban_delivery", "event_payload": {"id": "d1", "part": "card"}}
    posted.note({"ts": "101.0", "metadata": marks}, "d1", "UBOT")
    posted.note({"ts": "100.5", **file}, "d1", "UBOT")
    posted.note({"ts": "101.5", **file, "user": "UELSE"}, "d1", "UBOT")
    assert not posted.has_file("a.docx", 3)
    posted.note({"ts": "101.5", **file}, "d1", "UBOT")
    assert posted.has_file("a.docx", 3)
