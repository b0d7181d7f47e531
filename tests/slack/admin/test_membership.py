"""Duban comes into channels and loses them; the owner hears of it and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import OutsideError
from domain.people import Channel
from storage.slack import PLATFORM
from tests.slack.admin.office import Office


def _wuliu(office: Office) -> Channel:
    with office.read() as uow:
        found = uow.channels.by_external(PLATFORM, office.slack.channel("wuliu").id)
    assert found is not None
    return found


def _joined(office: Office, by: str = "li", **more: Any) -> dict[str, Any]:
    room = office.slack.channel("wuliu")
    return {
        "type": "member_joined_channel", "user": office.slack.bot_user, "channel": room.id,
        "inviter": office.user(by), **more,
    }  # fmt: skip


def test_duban_greets_where_it_is_invited_and_offers_to_bind(shared_office: Office) -> None:
    office = shared_office
    office.slack.add_channel("wuliu", "chen")
    assert office.tell("Ev1", **_joined(office, "chen"))
    made = _wuliu(office)
    (card,) = office.posted(made.id)
    assert "督办来到 #wuliu" in card
    assert "/setup product" in card
    assert made.product_id is None


def test_a_repeated_delivery_greets_once(office: Office) -> None:
    for _ in range(4):
        office.tell("Ev1", **_joined(office))
    assert len(office.posted(_wuliu(office).id)) == 1


def test_in_a_bound_channel_the_greeting_names_the_product(office: Office) -> None:
    office.product(office.meet("chen"))
    office.tell(**_joined(office))
    (card,) = office.posted(_wuliu(office).id)
    assert "物流运输管理系统" in card
    assert "/setup product" not in card


def test_others_who_join_are_not_greeted(office: Office) -> None:
    room = office.slack.channel("wuliu")
    event = {"type": "member_joined_channel", "user": office.user("li"), "channel": room.id}
    assert not office.tell(**event)
    with office.read() as uow:
        assert uow.channels.by_external(PLATFORM, room.id) is None


def test_what_is_none_of_its_events(office: Office) -> None:
    assert not office.tell(type="reaction_added", user="U1")


def _left(office: Office, **more: Any) -> dict[str, Any]:
    room = office.slack.channel("wuliu")
    return {"type": "channel_left", "channel": room.id, "actor_id": office.user("li"), **more}


@pytest.mark.parametrize(
    ("kind", "said", "advice"),
    [
        pytest.param("channel_left", "已被移出", "/invite @duban", id="removed"),
        pytest.param("channel_archive", "已归档", "取消归档", id="archived"),
        pytest.param("group_archive", "已归档", "取消归档", id="private and archived"),
        pytest.param("channel_deleted", "已删除", "另一个频道", id="deleted"),
    ],
)
def test_a_lost_channel_is_put_away_and_its_owner_told(
    office: Office, kind: str, said: str, advice: str
) -> None:
    owner = office.meet("chen")
    office.meet("li")
    office.product(owner)
    office.tell("Ev1", **_left(office, type=kind))
    office.tell("Ev1", **_left(office, type=kind))
    office.tell("Ev2", **_left(office, type=kind))
    assert _wuliu(office).kind == "archived"
    (card,) = office.told(owner)
    assert said in card
    assert advice in card
    assert "物流运输管理系统" in card
    assert office.told(office.meet("li")) == []
    with office.read() as uow:
        assert uow.channels.of_product(_wuliu(office).product_id or "") == ()


def test_nobody_is_told_of_their_own_act(office: Office) -> None:
    owner = office.meet("chen")
    office.product(owner)
    office.tell(**_left(office, actor_id=office.user("chen")))
    assert _wuliu(office).kind == "archived"
    assert office.told(owner) == []


def test_without_an_owner_the_administrators_are_told(office: Office) -> None:
    owner = office.meet("chen")
    product = office.product(owner)
    with office.write() as uow:
        for grant in uow.people.grants():
            if grant.product_id == product.id:
                uow.people.revoke(grant)
        admin = uow.people.by_handle("admin")
    assert admin is not None
    office.tell(**_left(office))
    assert len(office.told(admin)) == 1


def test_a_channel_without_a_product_goes_quietly(office: Office) -> None:
    office.tell(**_joined(office))
    office.tell(**_left(office))
    with office.read() as uow:
        items = uow.outbox.pending(office.clock.now(), 100)
    assert [i.lane.partition(":")[0] for i in items] == ["channel"], "the greeting alone"


@pytest.mark.parametrize("kind", ["channel_unarchive", "group_unarchive"])
def test_an_unarchived_channel_is_used_again(office: Office, kind: str) -> None:
    owner = office.meet("chen")
    product = office.product(owner)
    office.tell(**_left(office, type="channel_archive"))
    office.tell(type=kind, channel=office.slack.channel("wuliu").id, user=office.user("li"))
    back = _wuliu(office)
    assert (back.kind, back.product_id) == ("channel", product.id)
    assert "又可以用了" in office.told(owner)[-1]


def test_invited_again_it_is_bound_as_before(office: Office) -> None:
    product = office.product(office.meet("chen"))
    office.tell(**_left(office))
    office.tell(**_joined(office))
    back = _wuliu(office)
    assert (back.kind, back.product_id) == ("channel", product.id)
    assert "物流运输管理系统" in office.posted(back.id)[-1]


def test_a_new_name_is_taken_over_and_told(office: Office) -> None:
    owner = office.meet("chen")
    office.product(owner)
    room = office.slack.rename("wuliu", "wuliu-tms")
    event = {"type": "channel_rename", "channel": {"id": room.id, "name": "wuliu-tms"}}
    office.tell("Ev1", **event)
    office.tell("Ev2", **event)
    with office.read() as uow:
        found = uow.channels.by_external(PLATFORM, room.id)
    assert found is not None
    assert found.name == "wuliu-tms"
    (card,) = office.told(owner)
    assert "#wuliu " in card
    assert "#wuliu-tms" in card


def test_a_channel_whose_id_changes_stays_the_same_channel(office: Office) -> None:
    product = office.product(office.meet("chen"))
    before = _wuliu(office)
    event = {"type": "channel_id_changed", "old_channel_id": before.external_id}
    office.tell(**event, new_channel_id="C0NEW")
    with office.read() as uow:
        after = uow.channels.by_external(PLATFORM, "C0NEW")
    assert after is not None
    assert (after.id, after.product_id) == (before.id, product.id)


def test_what_was_said_under_the_new_id_first_does_not_lose_the_binding(office: Office) -> None:
    office.product(office.meet("chen"))
    before = _wuliu(office)
    early = office.directory.channel(
        office.workspace.id, office.slack.team.id, "C0NEW", name="wuliu"
    )
    office.tell(
        type="channel_id_changed", old_channel_id=before.external_id, new_channel_id="C0NEW"
    )
    with office.read() as uow:
        after = uow.channels.by_external(PLATFORM, "C0NEW")
        put_away = uow.channels.get(early.id)
    assert after is not None
    assert after.id == before.id
    assert put_away.kind == "archived"


def test_an_unknown_channel_that_goes_is_no_matter(office: Office) -> None:
    assert office.tell(type="channel_archive", channel="C0UNKNOWN", user="U1")


def test_slack_away_during_the_greeting_leaves_nothing_behind(office: Office) -> None:
    """The delivery fails, Slack repeats it, and then it is handled in full."""
    office.tokens.for_team(office.slack.team.id)
    office.slack.faults.drop("conversations.info")
    with pytest.raises(OutsideError):
        office.tell("Ev1", **_joined(office))
    assert office.tell("Ev1", **_joined(office))
    assert len(office.posted(_wuliu(office).id)) == 1


def test_a_channel_is_compared_with_what_slack_says_of_it(office: Office) -> None:
    owner = office.meet("chen")
    office.product(owner)
    channel = _wuliu(office)
    assert office.membership.refresh(office.workspace.id, channel) == channel
    office.slack.channel("wuliu").members.remove(office.slack.bot_user)
    assert office.membership.refresh(office.workspace.id, channel).kind == "archived"
    assert "已被移出" in office.told(owner)[0]
    office.slack.channel("wuliu").members.append(office.slack.bot_user)
    assert office.membership.refresh(office.workspace.id, channel).kind == "channel"
