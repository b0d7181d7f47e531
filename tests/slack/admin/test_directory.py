"""Slack's people and conversations become ours at first contact, and stay true."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from domain.errors import NotFoundError, OutsideError
from domain.ids import new_id
from domain.people import Person, Role, RoleGrant
from storage.slack import PLATFORM, USER
from tests.slack.admin.office import Office


def _roles(office: Office, person: Person) -> frozenset[Role]:
    with office.read() as uow:
        return uow.people.roles_anywhere(person.id)


def test_somebody_is_met_once_and_asked_about_once(shared_office: Office) -> None:
    office = shared_office
    met = office.meet("chen")
    assert (met.name, met.handle, met.locale, met.zone) == ("陈敏", "chen", "zh", "Asia/Shanghai")
    assert (met.active, met.external) == (True, False)
    assert office.meet("chen") == met
    assert len(office.slack.calls_of("users.info")) == 1
    assert _roles(office, met) == frozenset(), "nobody gets a role for coming"
    assert office.directory.users(office.workspace.id)[met.id] == office.user("chen")
    with office.read() as uow:
        assert [e.action for e in uow.audit_log.of(f"person:{met.id}")] == ["team:person:added"]


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        pytest.param({"locale": "en-GB", "tz": "Europe/Berlin"},
                     {"locale": "en", "zone": "Europe/Berlin", "external": False}, id="abroad"),
        pytest.param({"is_restricted": True}, {"external": True}, id="a guest"),
        pytest.param({"is_ultra_restricted": True}, {"external": True}, id="a one-channel guest"),
        pytest.param({"home_team": "T0OTHER"}, {"external": True}, id="another company's person"),
        pytest.param({"is_bot": True}, {"external": True}, id="a bot"),
        pytest.param({"deleted": True}, {"active": False, "zone": None}, id="switched off"),
        pytest.param({"email": "wang@example.com"}, {"email": "wang@example.com"}, id="an e-mail"),
        pytest.param({"real_name": "@王  强\n", "display_name": "强哥"}, {"name": "王 强"},
                     id="a name with odd characters"),
        pytest.param({"real_name": "@ ", "display_name": "强哥"}, {"name": "强哥"},
                     id="only a display name"),
    ],
)  # fmt: skip
def test_what_slack_says_about_somebody(
    office: Office, account: dict[str, Any], expected: dict[str, Any]
) -> None:
    made = {"name": "wang", "real_name": "王强", **account}
    office.slack.add_user(made.pop("name"), made.pop("real_name"), **made)
    met = office.meet("wang")
    assert {name: getattr(met, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("account", "admin"),
    [
        pytest.param({"is_admin": True}, True, id="administers the team"),
        pytest.param({"is_owner": True}, True, id="owns the team"),
        pytest.param({}, False, id="a member"),
        pytest.param({"is_admin": True, "is_restricted": True}, False, id="a guest, whatever else"),
        pytest.param({"is_admin": True, "home_team": "T0X"}, False, id="another team's admin"),
    ],
)
def test_who_administers_the_slack_team_administers_duban(
    office: Office, account: dict[str, Any], admin: bool
) -> None:
    office.slack.add_user("boss", "吴管理", **account)
    assert (Role.ADMIN in _roles(office, office.meet("boss"))) is admin


def test_nobody_is_matched_by_name_or_e_mail(office: Office) -> None:
    with office.write() as uow:
        known = Person(new_id(), "chen", "陈敏", email="chen@example.com")
        uow.people.add(known)
        uow.people.grant(RoleGrant(known.id, Role.ADMIN), new_id())
    met = office.meet("chen")
    assert met.id != known.id
    assert met.handle == "chen-2", "the handle is another one"
    assert _roles(office, met) == frozenset()


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(lambda f: f.fail("users.info", status=500), id="Slack is away"),
        pytest.param(lambda f: f.drop("users.info"), id="no answer"),
        pytest.param(lambda f: f.storm("users.info", times=1), id="too many questions"),
        pytest.param(lambda f: f.refuse("users.info", "missing_scope"), id="not allowed to ask"),
    ],
)
def test_a_failing_question_makes_nobody(office: Office, fault: Any) -> None:
    office.tokens.for_team(office.slack.team.id)
    fault(office.slack.faults)
    with pytest.raises(OutsideError):
        office.meet("chen")
    with office.read() as uow:
        everybody = uow.people.all(with_inactive=True)
    assert [p.handle for p in everybody] == ["admin"]
    assert office.meet("chen").name == "陈敏", "and the next time it works"


def test_an_id_that_nobody_has(office: Office) -> None:
    with pytest.raises(NotFoundError):
        office.directory.person(office.workspace.id, office.slack.team.id, "U0NOBODY")


def test_two_deliveries_at_once_meet_one_person(shared_office: Office) -> None:
    office = shared_office
    office.tokens.for_team(office.slack.team.id)
    with ThreadPoolExecutor(4) as pool:
        met = list(pool.map(lambda _: office.meet("chen").id, range(4)))
    assert len(set(met)) == 1
    with office.read() as uow:
        assert len([p for p in uow.people.all() if p.name == "陈敏"]) == 1


def test_a_linked_account_is_the_person_it_was_linked_to(office: Office) -> None:
    team, user = office.slack.team.id, office.user("chen")
    office.tokens.for_team(team)
    with office.write() as uow:
        known = Person(new_id(), "cm", "陈敏")
        uow.people.add(known)
        uow.people.link(new_id(), known.id, PLATFORM, team, USER, user)
    assert office.meet("chen").id == known.id


# -- changes of a profile


def _change(office: Office, name: str, **changes: Any) -> None:
    user = office.slack.change_user(name, **changes)
    said = user.as_json(email=True, locale=True, now=office.clock.now().timestamp())
    assert office.tell(type="user_change", user=said)


def test_a_changed_profile_is_followed(office: Office) -> None:
    before = office.meet("li")
    _change(office, "li", tz="Europe/Berlin", real_name="李磊", locale="en-US")
    after = office.meet("li")
    assert (after.zone, after.name, after.locale) == ("Europe/Berlin", "李磊", "en")
    assert after.id == before.id


def test_what_people_set_here_survives_a_change_of_something_else(office: Office) -> None:
    met = office.meet("li")
    with office.write() as uow:
        uow.people.save(replace(met, name="老李", zone="Asia/Tokyo", locale="en"))
    _change(office, "li", display_name="在开会")
    kept = office.meet("li")
    assert (kept.name, kept.zone, kept.locale) == ("老李", "Asia/Tokyo", "en")
    _change(office, "li", tz="Europe/Berlin")
    moved = office.meet("li")
    assert (moved.name, moved.zone) == ("老李", "Europe/Berlin")


def test_an_account_switched_off_in_slack_is_off_here_and_on_again(office: Office) -> None:
    office.meet("li")
    _change(office, "li", deleted=True)
    gone = office.meet("li")
    assert not gone.active
    assert gone.zone == "Asia/Shanghai", "Slack says less about such accounts"
    _change(office, "li", deleted=False)
    assert office.meet("li").active


def test_who_becomes_a_guest_decides_nothing_any_more(office: Office) -> None:
    office.slack.add_user("boss", "吴管理", is_admin=True)
    boss = office.meet("boss")
    assert Role.ADMIN in _roles(office, boss)
    _change(office, "boss", is_admin=False, is_restricted=True)
    assert office.meet("boss").external
    assert _roles(office, boss) == frozenset()


def test_a_strangers_profile_is_nobodys_business(office: Office) -> None:
    user = office.slack.team.user("li")
    said = user.as_json(email=True, locale=True, now=0)
    office.tell(type="user_change", user=said)
    with office.read() as uow:
        assert [p.handle for p in uow.people.all()] == ["admin"]


# -- conversations


def _channel(office: Office, channel_id: str, **more: str) -> Any:
    team = office.slack.team.id
    return office.directory.channel(office.workspace.id, team, channel_id, **more)


def test_a_channel_is_made_at_first_contact_and_bound_to_nothing(shared_office: Office) -> None:
    office = shared_office
    room = office.slack.add_channel("wuliu", "chen")
    made = _channel(office, room.id)
    assert (made.name, made.kind, made.product_id) == ("wuliu", "channel", None)
    assert (made.locale, made.zone) == (office.workspace.locale, office.workspace.zone)
    assert _channel(office, room.id) == made
    assert len(office.slack.calls_of("conversations.info")) == 1


def test_a_name_that_the_delivery_brings_is_not_asked_for(office: Office) -> None:
    room = office.slack.channel("wuliu")
    assert _channel(office, room.id, name="wuliu").name == "wuliu"
    assert office.slack.calls_of("conversations.info") == []
    assert _channel(office, room.id, name="wuliu-2").name == "wuliu-2", "it was renamed meanwhile"
    assert _channel(office, room.id, name="privategroup").name == "wuliu-2", "this is no name"


def test_a_private_channel_that_slack_does_not_show_goes_by_its_id(office: Office) -> None:
    office.slack.add_channel("secret", "chen", private=True, bot=False)
    room = office.slack.channel("secret")
    assert _channel(office, room.id, name="privategroup").name == room.id


@pytest.mark.parametrize("hint", [{"kind": "im"}, {"name": "directmessage"}, {}], ids=str)
def test_a_direct_conversation_belongs_to_its_person(office: Office, hint: dict[str, str]) -> None:
    room = office.slack.direct("chen")
    made = _channel(office, room.id, user=office.user("chen"), **hint)
    assert (made.kind, made.person_id) == ("direct", office.meet("chen").id)
    assert (made.locale, made.zone) == ("zh", "Asia/Shanghai")


def test_whose_conversation_it_is_can_be_asked(office: Office) -> None:
    room = office.slack.direct("chen")
    assert _channel(office, room.id).person_id == office.meet("chen").id


def test_a_person_is_reached_before_slack_names_their_conversation(office: Office) -> None:
    met = office.meet("chen")
    with office.write() as uow:
        opened = office.directory.direct(uow, met)
        assert office.directory.direct(uow, met) == opened
    assert opened is not None
    assert (opened.external_id, opened.kind) == (office.user("chen"), "direct")
    room = office.slack.direct("chen")
    office.directory.adopt(office.workspace.id, opened, room.id)
    named = _channel(office, room.id, kind="im", user=office.user("chen"))
    assert (named.id, named.external_id) == (opened.id, room.id)


def test_a_message_of_theirs_names_it_too(office: Office) -> None:
    met = office.meet("chen")
    with office.write() as uow:
        opened = office.directory.direct(uow, met)
    assert opened is not None
    room = office.slack.direct("chen")
    assert _channel(office, room.id, kind="im", user=office.user("chen")).id == opened.id
    with office.read() as uow:
        assert len(uow.channels.all("direct")) == 1


def test_who_cannot_be_reached_in_slack(office: Office) -> None:
    met = office.meet("chen")
    with office.write() as uow:
        stranger = Person(new_id(), "web", "网页用户")
        uow.people.add(stranger)
        assert office.directory.direct(uow, stranger) is None, "no account there"
        assert office.directory.direct(uow, replace(met, active=False)) is None
        found = uow.slack.installation()
        assert found is not None
        assert uow.slack.end(office.clock.now(), found.installed_at)
        assert office.directory.direct(uow, met) is None, "the app is gone"
