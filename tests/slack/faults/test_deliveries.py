"""What Slack delivers comes again, is forged, is late, or comes all at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.intake import PATIENCE
from tests.fakes.slack import Seen, Signature
from tests.machine import slowness
from tests.slack.harness import SlackTeam
from tests.slack.world import running

ACK_SECONDS = 3
"""How long Slack waits."""


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def any_company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SlackTeam]:
    """A company over HTTP; on both kinds of database."""
    url = request.getfixturevalue(request.param)
    for program in running(url, tmp_path / "slack", "http"):
        yield SlackTeam(program)


def four_times(company: SlackTeam, inner: dict[str, Any]) -> list[Seen]:
    """Deliver one event four times at once, as after a stall, with the same id."""
    payload = company.slack.event(inner)

    async def all_at_once() -> list[Seen]:
        outbound = company.slack.outbound
        return await asyncio.gather(*(outbound.event(payload, retry=n) for n in range(4)))

    return company.slack.run(all_at_once())


def test_a_message_four_times_is_one_note(company: SlackTeam) -> None:
    company.say("po", "/review start 登录评审")
    thread = company.thread_of("登录评审 · 进行中")
    company.slack.outbound.muted = True
    said = company.person("dev").say("wuliu", "只留短信验证码", thread=thread)
    company.slack.outbound.muted = False
    room = company.team.channel("wuliu")
    inner = {**said, "channel": room.id, "channel_type": "channel", "event_ts": said["ts"]}
    assert all(s.ok for s in four_times(company, inner))
    company.settle()
    with company.read() as uow:
        review = uow.reviews.by_number(company.product.id, 1)
    assert review is not None
    assert [e.text for e in review.entries] == ["只留短信验证码"]


def test_a_command_by_mention_four_times_is_one_story(company: SlackTeam) -> None:
    company.slack.outbound.muted = True
    said = company.person("po").say("wuliu", "@Duban story new 登录改版")
    company.slack.outbound.muted = False
    text = said["text"].replace("@Duban", f"<@{company.slack.bot_user}>")
    room = company.team.channel("wuliu")
    inner = {
        **said, "text": text, "type": "app_mention", "channel": room.id, "event_ts": said["ts"],
    }  # fmt: skip
    assert all(s.ok for s in four_times(company, inner))
    company.settle()
    with company.read() as uow:
        stories = uow.stories.of_product(company.product.id)
    assert [s.title for s in stories] == ["登录改版"]
    shown = [m for m in room.messages if "登录改版" in m["text"] and m["user"] != said["user"]]
    assert len(shown) == 1


@pytest.mark.parametrize("how", [Signature.FORGED, Signature.OLD, Signature.NONE])
def test_what_slack_did_not_sign_changes_nothing(
    http_company: SlackTeam, how: Signature, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    http_company.settle()
    calls = len(http_company.slack.calls)
    person = http_company.person("po")
    seen = person.command("/story", "new 一条机密的需求", "wuliu", how=how)
    assert seen.status == 401
    http_company.settle()
    with http_company.read() as uow:
        assert uow.stories.of_product(http_company.product.id) == ()
    assert len(http_company.slack.calls) == calls
    assert "一条机密的需求" not in caplog.text
    assert "%E6%9C%BA%E5%AF%86" not in caplog.text  # the same words as they are sent


def test_300_commands_at_once(any_company: SlackTeam) -> None:
    """Reading and writing commands of several people: each acknowledged in time, each done once."""
    any_company.say("po", "/story new 登录改版")
    any_company.core.intake.patience = PATIENCE
    lines = [("/change", f"S1 改动{n}号 因为客户要求") for n in range(100)]
    lines += [("/help", ""), ("/story", "show S1")] * 100
    people = [any_company.person(who) for who in ("po", "pm", "dev", "dev2", "tester")]

    async def all_at_once() -> list[Seen]:
        return await asyncio.gather(
            *(
                people[n % len(people)].commanding(name, text, "wuliu")
                for n, (name, text) in enumerate(lines)
            )
        )

    slow = slowness()
    seen = any_company.slack.run(all_at_once())
    assert len(seen) == 300
    assert [s for s in seen if not s.ok] == []
    assert max(s.seconds for s in seen) < ACK_SECONDS * max(slow, slowness())
    any_company.settle()
    with any_company.read() as uow:
        changes = [uow.changes.by_number(any_company.product.id, n) for n in range(1, 102)]
        assert uow.audit_log.verify()[1] is None
    assert [c is not None for c in changes] == [True] * 100 + [False]
    texts = "\n".join(m["text"] for m in any_company.team.channel("wuliu").messages)
    for number in range(100):
        assert f"改动{number}号" in texts
