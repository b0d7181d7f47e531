"""In the terminal and for scripts people have names, wherever their ids stand in what was typed."""

from __future__ import annotations

from bot.surfaces.names import Names
from bot.terminal.chat import TerminalChat, take_seat
from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind, Command
from domain.ids import new_id
from domain.messages import Reply, T, say
from storage.chat import ChatMessage, MessageKind
from tests.harness import Team


def _terminal(team: Team) -> tuple[TerminalChat, list[str]]:
    shown: list[str] = []
    seat = take_seat(team.store, "po", None)
    return TerminalChat(seat, team.store, team.dispatcher, team.clock, shown.append), shown


def test_what_was_said_shows_names(team: Team) -> None:
    with team.write() as uow:
        said = ChatMessage(
            id=new_id(), channel_id=team.channel.id, thread_id=None, kind=MessageKind.SAID,
            author_id=team.id("dev"), at=team.clock.now(), delivery_id="x",
            text=f"<@{team.id('tester')}> 请看一下",
        )  # fmt: skip
        uow.chat.add(said)
    terminal, shown = _terminal(team)
    terminal.run([])
    assert "李雷: @赵倩 请看一下" in shown


def test_a_record_that_mentions_somebody_shows_names(team: Team) -> None:
    terminal, shown = _terminal(team)
    terminal.type(f"/story new 登录页 <@{team.id('dev')}> 负责")
    assert team.id("dev") not in "\n".join(shown)
    assert "@李雷" in "\n".join(shown)


def test_a_form_that_comes_back_shows_names(team: Team) -> None:
    probe = Command("probe", "探针", T("help.help"))
    args = (
        Arg("who", "谁", ArgKind.PEOPLE, "who", required=True),
        Arg("more", "更多", ArgKind.TEXT, "more", required=True),
    )

    @probe.sub("go", "走", args=args)
    def go(ctx: Context, args: Args) -> Reply:
        del ctx, args
        return say("core.empty")

    team.registry.add(probe)
    shown = team.say("po", "/probe go @dev @tester")
    assert "- who (who, 必填): @李雷, @赵倩" in shown


def test_names_are_asked_for_once_and_only_when_wanted(team: Team) -> None:
    names = Names(team.store, team.workspace.id)
    assert names.get("nobody") is None
    assert names[team.id("dev")] == "李雷"
    with team.write() as uow:
        uow.people.remove(team.id("sales"))
    assert team.id("sales") in names
    assert len(names) == len(team.people) == len(list(names))
