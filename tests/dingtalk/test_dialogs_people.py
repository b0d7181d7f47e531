"""Who is meant, who is heard, and how commands are written."""

from __future__ import annotations

import pytest

from tests.dingtalk.harness import ALONE, DingtalkTeam


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("需求 新建 登录改版", id="chinese"),
        pytest.param("/story new 登录改版", id="slash"),
        pytest.param("story new 登录改版", id="english"),
        pytest.param("／需求　新建　登录改版", id="full-width"),
        pytest.param("  需求\u00a0新建\u2005登录改版  ", id="odd-spaces"),
    ],
)
def test_commands_are_understood(stream_company: DingtalkTeam, line: str) -> None:
    assert "S1 登录改版" in stream_company.say("po", line)


def test_the_mention_may_stand_at_the_end(stream_company: DingtalkTeam) -> None:
    seen = stream_company.person("po").say("物流", "需求 新建 登录改版 @督办").seen
    assert seen is not None
    assert seen.ok
    stream_company.settle()
    assert "S1 登录改版" in stream_company.transcript()


def test_of_two_people_of_one_name_the_mentioned_one_is_meant(
    stream_company: DingtalkTeam,
) -> None:
    company = stream_company
    company.dingtalk.add_user("namesake", "李雷")
    company.room.members.append("namesake")
    company.alone("namesake", "帮助")
    company.say("po", "需求 新建 登录改版")
    company.say("po", "需求 指派 S1 @李雷", at=["namesake"])
    with company.read() as uow:
        story = uow.stories.get(1)
    meant = company.directory.known(
        company.workspace.id, company.dingtalk.world.corp, company.staff("namesake")
    )
    assert meant is not None
    assert story.assigned_to == meant.id


def test_people_from_outside_may_do_nothing(stream_company: DingtalkTeam) -> None:
    said = stream_company.say("customer", "需求 新建 登录改版")
    assert "登录改版" not in said
    with stream_company.read() as uow:
        assert uow.stories.find(1) is None


def test_what_is_said_to_people_is_not_heard(stream_company: DingtalkTeam) -> None:
    stream_company.remark("po", "需求 新建 登录改版")
    stream_company.settle()
    assert stream_company.room.said_by_robot() == []


def test_a_form_is_cancelled_and_goes_on_after_other_things(stream_company: DingtalkTeam) -> None:
    company = stream_company
    company.say("po", "需求 新建 登录改版")
    company.say("dev", "变更 登记")
    assert company.asked("dev") is not None
    company.say("dev", "需求 查看 S1")
    assert company.asked("dev") is not None, "a command in the group is no answer"
    assert "已取消" in company.alone("dev", "取消")
    assert company.asked("dev", ALONE) is None
