"""The token is revoked in the middle: what waits is kept until the app is installed again."""

from __future__ import annotations

from datetime import timedelta

from domain.message_json import to_json
from domain.messages import Card
from tests.slack.harness import SlackTeam


def test_what_was_queued_meanwhile_is_sent_once_after_a_new_installation(
    company: SlackTeam,
) -> None:
    _queue(company, range(5))
    _drain(company)
    company.slack.revoke()
    _queue(company, range(5, 10))
    _drain(company)
    assert _texts(company) == [f"第{n}条" for n in range(5)]
    company.slack.settle()
    company.program.install(company.team)
    for _ in range(20):
        company.clock.advance(timedelta(minutes=5))
        _drain(company)
    assert _texts(company) == [f"第{n}条" for n in range(10)]


def test_commands_of_a_team_that_removed_the_app_are_answered_and_do_nothing(
    company: SlackTeam,
) -> None:
    company.slack.uninstall()
    company.slack.settle()
    company.clock.advance(timedelta(minutes=1))
    seen = company.person("po").command("/story", "new 登录改版", "wuliu")
    assert seen.ok
    with company.read() as uow:
        assert uow.stories.of_product(company.product.id) == ()


def _queue(company: SlackTeam, numbers: range) -> None:
    with company.write() as uow:
        for number in numbers:
            payload = {"channel": company.channel.id, "card": to_json(Card(f"第{number}条"))}
            uow.queue(f"channel:{company.channel.id}", "post", payload, company.clock.now())


def _drain(company: SlackTeam) -> None:
    company.program.duban.delivery.drain()


def _texts(company: SlackTeam) -> list[str]:
    messages = company.team.channel("wuliu").messages
    return [m["text"] for m in messages if m["text"].startswith("第")]
