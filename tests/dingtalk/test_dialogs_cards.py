"""A review and a change by pressing, where the company has the template of interactive cards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dingtalk.card_template import TEMPLATE_ID, card_template
from tests.dingtalk.harness import ALONE, DingtalkTeam
from tests.dingtalk.main_job.job import Job
from tests.dingtalk.world import Program


@pytest.fixture(params=["zh", "en"])
def job(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> Iterator[Job]:
    """A company with the template, over the stream, in one language; with a story."""
    program = Program(
        sqlite_url, tmp_path / "data", locale=str(request.param), DINGTALK_CARD_TEMPLATE=TEMPLATE_ID
    )
    with program.running() as running:
        program.dingtalk.add_template(card_template())
        job = Job(DingtalkTeam(running))
        job.say("po", ("需求 新建 登录改版", "story new New login"))
        yield job


def test_a_review_is_held_on_one_card(job: Job) -> None:
    job.say("po", ("评审 开始 登录评审 S1", "review start Login review S1"))
    job.press("dev", ("我参加", "I am here"), ("您按了", "You pressed"))
    job.follow("dev", ("确认通过", "Pass"), ("确认通过 1", "pass 1"), of="S1")
    job.follow("po", ("确认通过", "Pass"), ("结论：确认通过", "outcome: pass"), of="S1")
    job.press("po", ("记行动项", "Add action item"))
    job.press("po", ("提交", "Submit"), "A-1", text=("更新原型", "new prototype"), due="2026-11-27")
    job.press("po", ("结束评审", "End review"), ("已结束", "ended"))
    cards = [m for m in job.company.room.said_by_robot() if m.card and not m.only]
    shown = [job.company.person("dev").sees(m) for m in cards]
    assert len([text for text in shown if "R-1" in text]) == 1, "it was drawn in place"
    assert job.words("{dev}") in job.document("R-1")


def test_a_change_goes_from_the_wish_to_the_record(job: Job) -> None:
    job.say("po", ("评审 开始 登录评审 S1", "review start Login review S1"))
    job.say("po", ("评审意见 S1 通过", "verdict S1 pass"))
    job.press("po", ("结束评审", "End review"))
    job.say("dev", ("变更 登记", "change log"))
    wish = {
        "story": "S1",
        "what": ("改为手机号登录", "log in by phone"),
        "reason": ("客户", "ACME"),
    }
    job.press("dev", ("提交", "Submit"), "CR-1", **wish)
    job.press("dev", ("提交审批", "Submit"))
    job.press("dev", ("提交", "Submit"), ("待审批", "waits for approval"), effort="3")
    job.press("pm", ("批准", "Approve"), ("已批准", "approved"), alone=True)
    job.press("po", ("执行变更", "Apply"), ("第 2 版", "version 2"))
    job.press("dev", ("我已知悉", "I have read it"), "{dev}")
    assert job.words(("改为手机号登录", "log in by phone")) in job.document("CR-1")
    assert job.company.asked("dev", ALONE) is None, "no question is left over"


def test_who_is_asked_to_decide_sees_alone_when_it_is_decided(job: Job) -> None:
    job.say("dev", ("变更 登记 S1 改为手机号登录", "change log S1 log in by phone"))
    job.say("dev", ("变更 提交 CR-1 人天=3 顺延=0", "change submit CR-1 effort=3 days=0"))
    deciders = {who: job.company.person(who) for who in ("po", "pm")}
    choice = [job.words(("批准", "Approve")), job.words(("驳回", "Reject"))]
    assert [p.offers(ALONE)[-2:] for p in deciders.values()] == [choice, choice]
    job.later(days=2)  # nobody would notice an update any more
    told = len(deciders["po"].room(ALONE).said_by_robot())
    job.press("pm", ("批准", "Approve"), ("已批准", "approved"), alone=True)
    for person in deciders.values():
        assert not set(choice) & set(person.offers(ALONE))
        assert job.words(("已批准", "approved")) in person.screen(ALONE)
    assert len(deciders["po"].room(ALONE).said_by_robot()) == told, "nobody else is rung for it"
    job.say("pm", ("变更 撤回 CR-1", "change undo CR-1"))
    assert all(set(choice) <= set(p.offers(ALONE)) for p in deciders.values())
