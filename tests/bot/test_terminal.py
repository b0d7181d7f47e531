"""Chatting in the terminal: greeting, what others say meanwhile, one line, leaving."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.first_run import ensure_workspace
from bot.terminal.chat import QUIT, Seat, TerminalChat, take_seat
from domain.errors import NotFoundError, UserError
from domain.ids import new_id
from domain.people import Channel, Role
from storage.database import Database
from storage.uow import Store
from tests.harness import MONDAY, Team


def _chat(team: Team, handle: str, shown: list[str]) -> TerminalChat:
    seat = take_seat(team.store, handle, None)
    return TerminalChat(seat, team.store, team.dispatcher, team.clock, shown.append)


def test_a_seat_by_default_is_the_administrators_in_the_products_channel(team: Team) -> None:
    with team.write() as uow:
        uow.channels.add(Channel(new_id(), "web", "a-hall", "A 大厅"))
    seat = take_seat(team.store, None, None)
    assert (seat.person.handle, seat.channel.name) == ("admin", "物流")
    assert take_seat(team.store, "@dev", "A 大厅").channel.name == "A 大厅"


@pytest.mark.parametrize(
    ("handle", "channel", "key"),
    [
        pytest.param("nobody", None, "cli.no_person", id="no such person"),
        pytest.param("dev", "没有", "cli.no_channel", id="no such channel"),
    ],
)
def test_a_seat_that_is_not_there(team: Team, handle: str, channel: str | None, key: str) -> None:
    with pytest.raises(UserError) as refused:
        take_seat(team.store, handle, channel)
    assert refused.value.key == key


def test_without_a_workspace_there_is_no_seat(sqlite_db: Database) -> None:
    with pytest.raises(NotFoundError, match=r"core\.no_workspace"):
        take_seat(Store(sqlite_db), None, None)


def test_the_reader_is_the_persons_own(team: Team) -> None:
    seat = take_seat(team.store, "dev", None)
    there = Seat(seat.workspace, replace(seat.person, zone="Asia/Tokyo", locale="en"), seat.channel)
    assert (seat.reader.locale, str(seat.reader.zone)) == ("zh", "Asia/Shanghai")
    assert (there.reader.locale, str(there.reader.zone)) == ("en", "Asia/Tokyo")


@pytest.mark.parametrize("word", [*QUIT, " /QUIT "])
def test_a_conversation_from_hello_to_goodbye(team: Team, word: str) -> None:
    shown: list[str] = []
    _chat(team, "dev", shown).run(["", "  ", "/team zone Asia/Tokyo", word, "/story new 不会有"])
    hello, answer, bye = shown
    assert "李雷" in hello
    assert "物流" in hello
    assert "Asia/Tokyo" in answer
    assert bye == "再见。"
    with team.read() as uow:
        assert uow.stories.of_product(team.product.id) == ()


def test_the_end_of_the_input_is_a_goodbye(team: Team) -> None:
    shown: list[str] = []
    _chat(team, "dev", shown).run([])
    assert shown[-1] == "再见。"


def test_each_line_is_shown_once_and_what_others_said_comes_along(team: Team) -> None:
    mine: list[str] = []
    theirs: list[str] = []
    dev, po = _chat(team, "dev", mine), _chat(team, "po", theirs)
    dev.type("大家早")
    po.type("早，今天评审首页")
    assert any("李雷: 大家早" in line for line in theirs)
    dev.type("/team zone Asia/Tokyo")
    assert sum("早，今天评审首页" in line for line in mine) == 1
    assert sum("Asia/Tokyo" in line for line in mine) == 1
    before = len(mine)
    dev.type("好")
    assert not [line for line in mine[before:] if "评审首页" in line]


def test_one_line_shows_its_answer_alone(team: Team) -> None:
    _chat(team, "po", []).type("以前说的话")
    shown: list[str] = []
    _chat(team, "dev", shown).once("/team zone Asia/Tokyo")
    (answer,) = shown
    assert "Asia/Tokyo" in answer


@pytest.mark.parametrize("line", ["/frobnicate", "／frobnicate", "/taem"])
def test_a_slash_makes_it_a_command_even_when_there_is_none(team: Team, line: str) -> None:
    shown: list[str] = []
    _chat(team, "dev", shown).type(line)
    assert line.lstrip("/／") in shown[0]


# -- the first run


@pytest.mark.parametrize(("locale", "name"), [("zh", "管理员"), ("en", "administrator")])
def test_a_new_database_gets_one_workspace_with_an_administrator(
    db: Database, locale: str, name: str
) -> None:
    store = Store(db)
    made = ensure_workspace(store, locale, MONDAY)
    assert ensure_workspace(store, "en" if locale == "zh" else "zh", MONDAY) == made
    assert store.workspaces() == (made,)
    with store.read(made.id) as uow:
        (admin,) = uow.people.all()
        (lobby,) = uow.channels.all()
        assert uow.people.roles(admin.id, None) == {Role.ADMIN}
    assert (admin.handle, admin.name, admin.locale) == ("admin", name, locale)
    assert (lobby.product_id, lobby.locale) == (None, locale)
