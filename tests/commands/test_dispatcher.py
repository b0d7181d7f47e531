"""The one way in: permission, repeats, typos, errors, and nothing left behind by a failure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind, Command
from domain.errors import ConflictError
from domain.messages import Card, Reply, T, say
from domain.requests import Kind
from storage.uow import UnitOfWork
from tests.harness import Team


def test_help_lists_what_one_may_do(team: Team) -> None:
    shown = team.say("po", "/help")
    assert "督办能做什么" in shown
    assert "/team" in shown
    assert "团队" in shown


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("/team", id="slash"),
        pytest.param("team list", id="no slash"),
        pytest.param("团队", id="Chinese"),
        pytest.param("团队列表", id="Chinese without a space"),
        pytest.param("／团队　列表", id="full-width slash and space"),
        pytest.param("/po team list", id="umbrella"),
        pytest.param("\u200bTEAM\u00a0LIST", id="invisible and capital"),
    ],
)
def test_one_grammar_whatever_the_spelling(team: Team, line: str) -> None:
    assert "物流运输管理系统 的成员" in team.say("dev", line)


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        pytest.param("/taem list", "/team", id="letters swapped"),
        pytest.param("团对", "团队", id="wrong character"),
        pytest.param("/hlep", "/help", id="help"),
        pytest.param("/demo load", "/setup demo load", id="a subcommand alone"),
        pytest.param("/help demo", "/help setup", id="help for a subcommand"),
    ],
)
def test_a_typo_is_answered_with_the_nearest(team: Team, typed: str, nearest: str) -> None:
    shown = team.say("po", typed)
    assert nearest in shown
    assert "Traceback" not in shown


def test_a_wrong_subcommand_is_answered_with_the_nearest(team: Team) -> None:
    assert "/team zone" in team.say("po", "/team zon Europe/Berlin")


def test_a_missing_argument_opens_the_form(team: Team) -> None:
    answer = team.ask(team.request("po", "/team role"))
    assert answer.reply.form is not None
    assert [f.name for f in answer.reply.form.fields] == ["who", "role"]
    assert answer.reply.private


def test_a_form_with_mistakes_comes_back_with_what_was_typed(team: Team) -> None:
    values = {"who": "nobody", "role": "developer"}
    answer = team.ask(team.request("po", "team role", kind=Kind.FORM, values=values))
    assert answer.reply.form is not None
    who, role = answer.reply.form.fields
    assert who.value == "nobody"
    assert who.error is not None
    assert role.value == "developer"
    assert role.error is None


def test_a_form_does_what_the_line_does(team: Team) -> None:
    shown = team.submit("po", "team role", who=team.id("sales"), role="tester")
    assert "孙俪 现在是测试" in shown
    assert "已经是" in team.say("po", "/team role @sales tester")


def test_a_refusal_says_which_role_and_who_has_it(team: Team) -> None:
    shown = team.say("dev", "/team add xiaoming 小明")
    assert "产品经理" in shown
    assert "陈敏" in shown
    with team.read() as uow:
        assert uow.people.by_handle("xiaoming") is None


def test_a_customer_may_do_nothing_that_is_not_named(team: Team) -> None:
    assert "需要角色" in team.say("customer", "/team")
    assert "需要角色" in team.say("customer", "/setup")


def test_the_same_delivery_twice_has_one_effect_and_one_answer(team: Team) -> None:
    first = team.ask(team.request("po", "/team add xm 小明", event_id="Ev1"))
    again = team.ask(team.request("po", "/team add xm 小明", event_id="Ev1"))
    assert again.repeated
    assert not first.repeated
    assert again.reply == first.reply
    with team.read() as uow:
        assert [e.action for e in uow.audit_log.of(f"person:{_id(uow, 'xm')}")] == [
            "team:person:added"
        ]


@pytest.mark.parametrize(
    "gone", [pytest.param(False, id="inactive"), pytest.param(True, id="gone")]
)
def test_what_was_answered_stays_answered_when_the_asker_leaves(team: Team, gone: bool) -> None:
    request = team.request("sales", "/team zone Asia/Tokyo")
    first = team.ask(request)
    sales = team.people["sales"]
    with team.write() as uow:
        if gone:
            uow.people.remove(sales.id)
        else:
            uow.people.save(replace(sales, active=False))
    again = team.ask(request)
    assert again.repeated
    assert again.reply == first.reply
    assert team.ask(replace(request, event_id="another")).failed


@pytest.mark.parametrize(
    ("line", "only"),
    [
        pytest.param("/help", True, id="reads"),
        pytest.param("/team zone Asia/Tokyo", False, id="writes"),
        pytest.param("/nonsense", False, id="nothing"),
        pytest.param("待办", False, id="may stand for a full line"),
    ],
)
def test_it_is_known_before_what_only_reads(team: Team, line: str, only: bool) -> None:
    assert team.dispatcher.only_reads(team.request("po", line)) is only


def test_what_only_reads_is_answered_in_an_open_view(team: Team) -> None:
    request = team.request("dev", "/team")
    with team.store.read(team.workspace.id) as view:
        seen = team.dispatcher.dispatch(request, view=view)
        with team.write() as uow:
            uow.people.save(replace(team.people["dev"], active=False))
        assert team.dispatcher.dispatch(request, view=view).reply == seen.reply
    assert not seen.failed
    assert team.ask(request).failed


def test_an_inactive_person_gets_nothing(team: Team) -> None:
    with team.write() as uow:
        uow.people.save(replace(team.people["dev"], active=False))
    assert "停用" in team.say("dev", "/team")


def test_english_for_who_reads_english(english_team: Team) -> None:
    assert "What Duban can do" in english_team.say("po", "/help")
    assert "This needs the role" in english_team.say("dev", "/team add x X")


def test_everything_of_a_failed_use_case_is_undone(team: Team) -> None:
    probe = Command("probe", "探针", T("help.help"))

    @probe.sub("go", "走")
    def go(ctx: Context, args: Args) -> Reply:
        del args
        ctx.tell(team.id("dev"), _card())
        ctx.audit("probe:gone", "probe:1")
        raise RuntimeError("boom")

    team.registry.add(probe)
    shown = team.say("po", "/probe")
    assert "编号" in shown
    assert "boom" not in shown
    assert team.sent() == []
    with team.read() as uow:
        assert uow.audit_log.of("probe:1") == ()
        assert uow.audit_log.verify()[1] is None


def test_who_loses_a_race_is_tried_again_on_fresh_data(team: Team) -> None:
    probe = Command("race", "赛跑", T("help.help"))
    seen: list[int] = []

    @probe.sub("go", "走")
    def go(ctx: Context, args: Args) -> Reply:
        del args, ctx
        seen.append(1)
        if len(seen) < 3:
            raise ConflictError("core.conflict")
        return say("core.empty")

    team.registry.add(probe)
    team.say("po", "/race")
    assert len(seen) == 3


def test_a_race_that_is_never_won_is_told_in_words(team: Team) -> None:
    probe = Command("race", "赛跑", T("help.help"))

    @probe.sub("go", "走")
    def go(ctx: Context, args: Args) -> Reply:
        raise ConflictError("core.conflict")

    team.registry.add(probe)
    assert "请再试一次" in team.say("po", "/race")


@pytest.mark.parametrize("kind", [Kind.COMMAND, Kind.FORM, Kind.MESSAGE])
def test_characters_that_no_database_takes_break_nothing(team: Team, kind: Kind) -> None:
    text = "小\0明\ud800"
    values = {"handle": "xm", "name": text}
    line = f"team add xm {text}" if kind is Kind.COMMAND else "team add"
    answer = team.ask(team.request("po", line, kind=kind, values=values))
    assert not answer.failed
    if kind is not Kind.MESSAGE:
        with team.read() as uow:
            person = uow.people.by_handle("xm")
        assert person is not None
        assert person.name == "小明?"


def test_a_hook_shares_the_transaction(team: Team) -> None:
    def failing(uow: UnitOfWork, reply: Reply) -> None:
        raise RuntimeError("the surface could not store it")

    answer = team.dispatcher.dispatch(team.request("po", "/team add xm 小明"), failing)
    assert answer.failed
    with team.read() as uow:
        assert uow.people.by_handle("xm") is None


def test_another_workspace_is_out_of_reach(team: Team) -> None:
    other = team.store.create_workspace(
        "别家", locale="zh", zone="Asia/Shanghai", country="CN", now=team.clock.now()
    )
    request = replace(team.request("po", "/team"), workspace=other.id)
    answer = team.ask(request)
    assert answer.failed
    assert "找不到" in team.shown("po", answer)


def test_an_argument_by_name(team: Team) -> None:
    assert "孙俪 现在是测试" in team.say("po", "/team role who=@sales 角色=测试")


def test_words_that_fit_nowhere_are_named(team: Team) -> None:
    shown = team.say("po", "/team language 法文")
    assert "法文" in shown


def test_a_command_word_is_taken_once(team: Team) -> None:
    with pytest.raises(ValueError, match="taken"):
        team.registry.add(Command("crew", "团队", T("help.help")))


def test_every_argument_kind_has_words_for_it(team: Team) -> None:
    probe = Command("kinds", "种类", T("help.help"))
    got: list[Args] = []
    args = (
        Arg("story", "需求", ArgKind.STORY, "story"),
        Arg("who", "谁", ArgKind.PERSON, "who"),
        Arg("due", "截止", ArgKind.DATE, "due"),
        Arg("text", "内容", ArgKind.TEXT, "text"),
    )

    @probe.sub("go", "走", args=args)
    def go(ctx: Context, args: Args) -> Reply:
        del ctx
        got.append(args)
        return say("core.empty")

    team.registry.add(probe)
    team.say("po", "/kinds S12 @李雷 周五 更新 “登录页” 原型")
    assert got[0].story("story") == 12
    assert got[0].person("who") == team.id("dev")
    assert str(got[0].date("due")) == "2026-11-27"
    assert got[0].text("text") == "更新 “登录页” 原型"


def _card() -> Card:
    return say("core.empty").cards[0]


def _id(uow: UnitOfWork, handle: str) -> str:
    person = uow.people.by_handle(handle)
    assert person is not None
    return person.id
