"""Groups that Duban joins, leaves and finds renamed; people who leave and come back."""

from __future__ import annotations

from domain.people import ARCHIVED, Channel
from storage.dingtalk import PLATFORM
from tests.dingtalk.inbound.office import Office
from tests.fakes.dingtalk import Room
from tests.fakes.dingtalk.saying import ALONE


def _channel(office: Office, room: Room) -> Channel:
    with office.store.read(office.workspace.id) as uow:
        found = uow.channels.by_external(PLATFORM, room.id)
    assert found is not None
    return found


def test_duban_greets_a_group_that_it_joins(office: Office) -> None:
    room = office.dingtalk.add_group("新群", "po", robot=False)
    shown = office.screen_after("po", room, lambda _: office.dingtalk.install(room, by="po"))
    assert "督办来了" in shown
    assert "@督办 setup product" in shown or "@督办 设置 产品" in shown


def test_removed_and_back_again(office: Office) -> None:
    room = office.dingtalk.add_group("去了又来", "po")
    office.say("po", "设置 产品 tms", room=room)
    told = office.screen_after("po", ALONE, lambda _: office.dingtalk.uninstall(room, by="po"))
    assert "督办被移出了群“去了又来”" in told
    assert _channel(office, room).kind == ARCHIVED
    back = office.screen_after("po", ALONE, lambda _: office.dingtalk.install(room, by="po"))
    assert "督办回到了群“去了又来”" in back
    assert _channel(office, room).kind == "channel"
    assert _channel(office, room).product_id is not None


def test_a_disbanded_group_gets_nothing_any_more(office: Office) -> None:
    room = office.dingtalk.add_group("要散的群", "po")
    office.say("po", "设置 产品 tms", room=room)
    told = office.screen_after("po", ALONE, lambda _: office.dingtalk.disband(room, by="po"))
    assert "已解散" in told
    assert _channel(office, room).kind == ARCHIVED


def test_a_message_from_a_group_that_was_put_away_opens_it(office: Office) -> None:
    room = office.dingtalk.add_group("静悄悄", "po")
    office.say("po", "帮助", room=room)
    office.dingtalk.uninstall(room, by="po")
    office.settle()
    room.robot = True
    office.say("po", "帮助", room=room)
    assert _channel(office, room).kind == "channel"


def test_who_leaves_the_company_is_switched_off_and_who_comes_back_is_on(office: Office) -> None:
    user = office.dingtalk.add_user("leaver", "冯走")
    room = office.dingtalk.add_group("人来人往", "leaver", "po")
    office.say("leaver", "帮助", room=room)
    office.dingtalk.leave_company("leaver")
    office.settle()
    with office.store.read(office.workspace.id) as uow:
        assert not uow.people.get(office.person("leaver")).active
    user.active = True
    office.dingtalk.rename("leaver", "冯来")
    office.settle()
    with office.store.read(office.workspace.id) as uow:
        person = uow.people.get(office.person("leaver"))
    assert person.active
    assert person.name == "冯来"


def test_an_event_that_comes_twice_counts_once(office: Office) -> None:
    office.dingtalk.outbound.twice = True
    try:
        room = office.dingtalk.add_group("两遍", "po", robot=False)
        shown = office.screen_after("po", room, lambda _: office.dingtalk.install(room, by="po"))
    finally:
        office.dingtalk.outbound.twice = False
    assert shown.count("督办来了") == 1


def test_other_events_are_taken_and_forgotten(office: Office) -> None:
    office.dingtalk.tell("chat_add_member", openConversationId="x", userId=["y"])
    office.dingtalk.tell("user_leave_org")
    office.settle()
    assert office.dingtalk.seen[-1].ok
    assert office.dingtalk.seen[-2].ok
