"""Dialogs of /reminders, /digest and /standup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time

import pytest

from domain.errors import UserError
from domain.reminder_settings import changed, typed
from domain.reminders import Audience, RuleOverride
from reminders.rules import BY_NAME
from tests.reminders.conftest import Ticking
from tests.reminders.people import local

NINE = local("2026-11-24 09:00")


def reminded(ticking: Ticking) -> str:
    """The id by which dev names the reminder of one overdue item."""
    ticking.item("补齐异常流程", "2026-11-23")
    ticking.tick()
    ticking.tick(NINE)
    found = re.search(r"/reminders why (\w+)", ticking.messages("dev")[-1])
    assert found
    return found.group(1)


def test_mine_lists_what_waits_and_forgets_what_is_done(ticking: Ticking) -> None:
    team = ticking.team
    assert team.say("dev", "/reminders") == "没有等您处理的提醒。"
    ref = reminded(ticking)
    mine = team.say("dev", "/提醒 我的")
    assert "等您处理的提醒（1）" in mine
    assert "待办 A-1“补齐异常流程”" in mine
    assert f"/reminders snooze {ref}" in mine
    team.say("dev", "/action done A-1")
    assert team.say("dev", "/reminders") == "没有等您处理的提醒。"


def test_snooze_by_words_and_take_it_back(ticking: Ticking) -> None:
    team = ticking.team
    ref = reminded(ticking)
    assert "2026年11月25日（周三） 09:00 再提醒您" in team.say("dev", f"/提醒 推迟 {ref} 明天")
    assert "推迟到" in team.say("dev", "/reminders")
    ticking.tick(local("2026-11-25 09:00"))
    assert len(ticking.messages("dev")) == 2
    ref2 = re.findall(r"/reminders why (\w+)", ticking.messages("dev")[-1])[0]
    team.say("dev", f"/reminders snooze {ref2} 1h")
    assert team.say("dev", f"/reminders undo {ref2}") == "已撤回推迟。"
    assert "没有被推迟" in team.say("dev", f"/reminders undo {ref2}")
    ticking.tick(local("2026-11-25 11:00"))
    assert len(ticking.messages("dev")) == 2


def test_snooze_without_a_time_opens_a_form_that_takes_a_day_too(ticking: Ticking) -> None:
    team = ticking.team
    ref = reminded(ticking)
    form = team.say("dev", f"/reminders snooze {ref}")
    assert "推迟到什么时候？" in form
    assert "下个工作日" in form
    said = team.submit("dev", "reminders snooze", ref=ref, until="tomorrow", day="2026-12-01")
    assert "2026年12月1日（周二）" in said


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        pytest.param("/reminders snooze zzzzzz 1h", "找不到编号为", id="unknown"),
        pytest.param("/reminders why ../..", "找不到编号为", id="nonsense"),
        pytest.param("/reminders preview 200d", "最多预览 92 天", id="too far"),
        pytest.param("/reminders preview soon", "看不懂", id="no duration"),
        pytest.param("/reminders rules nosuch", "没有规则", id="unknown rule"),
        pytest.param("/reminders rules digest off", "没有规则", id="a round has its own command"),
    ],
)
def test_wrong_input_is_answered_in_words(ticking: Ticking, line: str, answer: str) -> None:
    assert answer in ticking.team.say("po", line)


def test_nobody_puts_off_what_another_was_sent(ticking: Ticking) -> None:
    ref = reminded(ticking)
    assert "发给别人" in ticking.team.say("tester", f"/reminders snooze {ref} 1h")
    assert "发给别人" in ticking.team.say("po", f"/reminders snooze {ref} 1h")


def test_why_shows_the_rule_and_the_computation(ticking: Ticking) -> None:
    ref = reminded(ticking)
    shown = ticking.team.say("dev", f"/reminders why {ref}")
    for part in (
        "规则: 待办逾期",
        "应于: 2026年11月23日（周一）",
        "之后 1 个工作日",
        "发给: 负责人",
    ):
        assert part in shown.replace("：", ": "), shown
    assert "待办逾期" in ticking.team.say("po", f"/reminders why {ref}")
    assert "发给别人" in ticking.team.say("tester", f"/reminders why {ref}")


def test_done_says_what_settles_it(ticking: Ticking) -> None:
    ref = reminded(ticking)
    assert "/action done A-1" in ticking.team.say("dev", f"/reminders done {ref}")
    ticking.team.say("dev", "/action done A-1")
    assert "已经办完" in ticking.team.say("dev", f"/reminders done {ref}")


def test_the_preview_shows_what_ticks_then_send(ticking: Ticking) -> None:
    ticking.item("联系承运商", "2026-11-26")
    ticking.tick()
    shown = ticking.team.say("po", "/提醒 预览 3天")
    assert "11月25日" in shown
    assert "09:00 → @李雷：待办 A-1“联系承运商”到期：还有 1 个工作日" in shown
    assert "〔待办到期〕" in shown
    for day in (24, 25, 26):
        ticking.tick(local(f"2026-11-{day} 09:00"))
    sent = [s for s in ticking.states() if not s.startswith("digest")]
    assert sent == ["action_due dev 2026-11-25 sent", "action_due dev 2026-11-26 sent"]


# -- rules


def test_rules_are_shown_changed_switched_off_and_back(ticking: Ticking) -> None:
    team = ticking.team
    assert "里程碑 · milestone · 工作日 -7, -3, -1, 0 09:00 · 频道" in team.say(
        "dev", "/reminders rules"
    )
    changed_ = team.say("po", "/提醒 规则 里程碑 天数=-5,-1 时间=10:00 发给=产品经理")
    assert "工作日 -5, -1 10:00 · 产品经理 · 本产品已改" in changed_
    assert "reset" in changed_
    assert "已关闭" in team.say("po", "/reminders rules milestone off")
    undo = "/reminders rules milestone reset offsets=-5,-1 hour=10:00 to=po"
    assert "本产品已改" in team.say("po", undo)
    assert "-7, -3, -1, 0" in team.say("po", "/reminders rules milestone reset")
    with team.read() as uow:
        assert uow.rules.of(team.product.id) == ()


def test_only_leaders_change_rules(ticking: Ticking) -> None:
    assert "需要角色" in ticking.team.say("dev", "/reminders rules milestone off")


def test_a_changed_rule_moves_what_is_to_come_and_says_nothing_twice(ticking: Ticking) -> None:
    ticking.item("x", "2026-11-25")
    ticking.tick()
    ticking.team.say("po", "/reminders rules action_due hour=14:00")
    ticking.tick(NINE)
    assert not [s for s in ticking.states() if s.startswith("action")]
    ticking.tick(local("2026-11-24 14:00"))
    ticking.team.say("po", "/reminders rules action_due hour=15:00")
    ticking.tick(local("2026-11-24 14:30"))
    ticking.tick(local("2026-11-24 15:00"))
    assert len(ticking.messages("dev")) == 1


@pytest.mark.parametrize(
    ("rule", "text", "key"),
    [
        pytest.param("milestone", "offsets=x", "reminders.bad_offsets", id="no number"),
        pytest.param("milestone", "offsets=-99", "reminders.bad_offsets", id="too far"),
        pytest.param("milestone", "offsets=", "reminders.bad_offsets", id="none"),
        pytest.param("milestone", "hour=25:00", "reminders.bad_hour", id="no such hour"),
        pytest.param("milestone", "to=everybody", "reminders.bad_audience", id="unknown audience"),
        pytest.param("milestone", "to=chair", "reminders.bad_audience", id="not of this rule"),
        pytest.param("milestone", "from=2", "reminders.bad_repeat", id="does not repeat"),
        pytest.param("action_overdue", "from=0", "reminders.bad_repeat", id="before it is overdue"),
        pytest.param("action_overdue", "offsets=1", "reminders.no_offsets", id="has no offsets"),
        pytest.param("milestone", "often", "reminders.bad_setting", id="no setting"),
        pytest.param("milestone", "  ", "reminders.bad_setting", id="empty"),
    ],
)
def test_settings_of_rules_are_checked(rule: str, text: str, key: str) -> None:
    with pytest.raises(UserError) as caught:
        changed(BY_NAME[rule], None, text)
    assert caught.value.key == key


@pytest.mark.parametrize(
    "override",
    [
        pytest.param(RuleOverride("milestone", offsets=(-3, 0)), id="offsets"),
        pytest.param(RuleOverride("milestone", hour=time(8, 30), off=False), id="hour, on"),
        pytest.param(
            RuleOverride("milestone", audience=(Audience.PM, Audience.CHANNEL), off=True),
            id="to, off",
        ),
    ],
)
def test_settings_typed_again_are_the_same(override: RuleOverride) -> None:
    assert changed(BY_NAME["milestone"], None, typed(override)) == override


# -- digest


def test_digest_now_and_its_hour(ticking: Ticking) -> None:
    team = ticking.team
    assert "今天没有要说的" in team.say("dev", "/digest")
    ticking.item("x", "2026-11-20")
    assert "已逾期（1）" in team.say("dev", "/日报")
    assert "需要角色" in team.say("dev", "/digest config 10:00")
    assert "10:15" in team.say("po", "/日报 设定 10:15")
    assert "看不出是几点" in team.say("po", "/digest config soon")
    assert "已关闭" in team.say("po", "/digest config off")
    with team.read() as uow:
        assert uow.channels.get(team.channel.id).digest_at is None


# -- standup


def begin(ticking: Ticking) -> None:
    """The standup asks at ten to nine; the digest comes at nine."""
    assert "08:50" in ticking.team.say("po", "/standup config 8:50")
    ticking.tick()


def test_a_standup_from_the_question_to_the_digest(ticking: Ticking) -> None:
    team = ticking.team
    begin(ticking)
    ticking.tick(local("2026-11-24 08:50"))
    for who in ("po", "pm", "dev", "dev2", "tester", "sales"):
        assert "站会：今天说几句" in ticking.messages(who)[0]
    assert not ticking.messages("customer")
    reply = team.say("dev", "/站会 昨天 回单接口；今天 联调；阻塞 测试环境连不上")
    assert "昨天：回单接口 · 今天：联调 · ⚠ 阻塞：测试环境连不上" in reply
    assert "阻塞已记为 A-1" in reply
    team.say("dev2", "/standup skip")
    ticking.tick(local("2026-11-24 09:00"))
    digest = ticking.messages("物流")[-1]
    assert "@李雷 · 昨天：回单接口 · 今天：联调 · ⚠ 阻塞：测试环境连不上" in digest
    assert "还没说的：" in digest
    assert "韩梅" not in digest
    assert "阻塞（1）" in digest


def test_who_is_missing_is_asked_once_more_and_only_once(ticking: Ticking) -> None:
    begin(ticking)
    ticking.team.say("po", "/digest config 11:00")
    ticking.tick(local("2026-11-24 08:50"))
    ticking.team.say("dev", "/standup answer 联调")
    for minute in (0, 10, 20, 30):
        ticking.tick(local(f"2026-11-24 09:{minute:02}"))
    assert len(ticking.messages("dev")) == 1
    assert len([m for m in ticking.messages("pm") if "还差您的" in m]) == 1


def test_an_early_answer_is_not_asked_for(ticking: Ticking) -> None:
    begin(ticking)
    ticking.team.clock.set(local("2026-11-24 08:00"))
    ticking.team.say("dev", "/standup 联调")
    ticking.tick(local("2026-11-24 08:50"))
    assert ticking.messages("dev") == []


def test_a_late_answer_is_marked_and_shown_to_the_channel(ticking: Ticking) -> None:
    begin(ticking)
    ticking.tick(local("2026-11-24 08:50"))
    ticking.tick(local("2026-11-24 09:00"))
    ticking.team.clock.set(local("2026-11-24 10:00"))
    assert "（迟到）" in ticking.team.say("dev", "/standup 联调")
    late = ticking.messages("物流")[-1]
    assert "站会补充" in late
    assert "联调" in late


def test_an_edit_is_marked_and_keeps_one_blocker(ticking: Ticking) -> None:
    team = ticking.team
    begin(ticking)
    ticking.tick(local("2026-11-24 08:50"))
    team.say("dev", "/standup 今天 联调 阻塞 环境坏了")
    assert "（已修改）" in team.say("dev", "/standup 今天 联调 阻塞 环境坏了，等 @pm")
    with team.read() as uow:
        (blocker,) = uow.actions.open_of(team.product.id)
    assert blocker.text.startswith("环境坏了，等")
    team.say("dev", "/standup 今天 联调 阻塞 无")
    with team.read() as uow:
        assert uow.actions.open_of(team.product.id) == ()


def test_yesterdays_today_is_todays_draft(ticking: Ticking) -> None:
    team = ticking.team
    begin(ticking)
    team.say("dev", "/standup 今天 回单接口")
    ticking.tick(local("2026-11-24 08:50"))
    assert "上次您说今天要做" in ticking.messages("dev")[-1]
    form = team.say("dev", "/standup")
    assert "回单接口" in form
    said = team.submit("dev", "standup answer", q1="回单接口完成", q2="联调", q3="")
    assert "昨天：回单接口完成 · 今天：联调" in said


def test_each_is_asked_in_their_own_morning(ticking: Ticking) -> None:
    begin(ticking)
    with ticking.team.write() as uow:
        uow.people.save(replace(ticking.team.people["dev"], zone="America/New_York"))
        uow.schedule.touch_all()
    ticking.tick(local("2026-11-24 08:50"))
    assert ticking.messages("dev") == []
    ticking.tick(local("2026-11-24 08:50", "America/New_York"))
    assert "今天说几句" in ticking.messages("dev")[0]


def test_who_is_away_is_neither_asked_nor_named_as_missing(ticking: Ticking) -> None:
    team = ticking.team
    begin(ticking)
    assert "已记下" in team.say("dev", "/站会 请假 2026-11-24 2026-11-25 年假")
    ticking.tick(local("2026-11-24 08:50"))
    ticking.tick(local("2026-11-24 09:00"))
    assert ticking.messages("dev") == []
    digest = ticking.messages("物流")[-1]
    assert "今天不在" in digest
    assert "年假" in digest
    assert "李雷" not in digest.split("还没说的")[1].split("\n")[0]
    assert "已取消" in team.say("dev", "/standup back")
    assert "没有找到您的请假" in team.say("dev", "/standup back")


def test_own_questions(ticking: Ticking) -> None:
    team = ticking.team
    begin(ticking)
    team.say("po", "/standup config questions 完成了什么 | 接下来 | 心情 | 卡在哪")
    ticking.tick(local("2026-11-24 08:50"))
    assert "心情" in ticking.messages("dev")[0]
    said = team.submit("dev", "standup answer", q1="接口", q2="联调", q3="不错", q4="")
    assert "心情：不错" in said
    assert "2 到 6 个问题" in team.say("po", "/standup config questions 一个")
    assert "昨天" in team.say("po", "/standup config questions default")


def test_standup_now_in_english(english: Ticking) -> None:
    team = english.team
    team.say("dev", "/standup yesterday API; today tests; blockers none")
    assert "@李雷 · Yesterday: API · Today: tests" in team.say("po", "/standup now")
    assert "Standup" in team.say("po", "/standup now")


@pytest.mark.parametrize(
    ("first", "last"), [pytest.param("2026-12-05", "2026-12-01", id="ends before it begins")]
)
def test_absences_are_checked(ticking: Ticking, first: str, last: str) -> None:
    assert "早于" in ticking.team.say("dev", f"/standup away {first} {last}")
    with ticking.team.read() as uow:
        assert uow.people.absences(date(2026, 1, 1)) == ()
