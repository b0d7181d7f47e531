"""Accounts on several platforms become one person by a code, and are parted again."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import timedelta

from domain.ids import new_id
from domain.people import Channel, Person
from domain.requests import Request
from tests.harness import Team


def _newcomer(team: Team, *, external: bool = False) -> Person:
    """Somebody who is known on Slack only."""
    person = Person(new_id(), "lilei", "Li Lei", zone="Europe/Berlin", external=external)
    with team.write() as uow:
        uow.people.add(person)
        uow.people.link(new_id(), person.id, "slack", "T1", "user", "U1")
        direct = Channel(new_id(), "slack", "D1", "Li Lei", kind="direct", person_id=person.id)
        uow.channels.add(direct)
    team.people["lilei"] = person
    return person


def _on_slack(team: Team, handle: str, text: str) -> str:
    request: Request = replace(team.request(handle, text, channel=None), platform="slack")
    return team.shown(handle, team.ask(request))


def _code(shown: str) -> str:
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", shown)
    assert found is not None, shown
    return found.group()


def test_the_older_account_keeps_what_both_had(team: Team) -> None:
    younger = _newcomer(team)
    team.say("po", "/team role @lilei tester")
    team.say("po", "/action add @lilei 周五 更新原型")
    team.say("po", "/story new 登录改版")
    team.say("po", "/story assign S1 @lilei")
    code = _code(team.say("dev", "/team link"))
    said = _on_slack(team, "lilei", f"/team link {code.lower()} yes")
    assert "两个账号已绑定，之后都是 @李雷" in said
    with team.read() as uow:
        assert uow.people.identify("slack", "T1", "user", "U1") == team.id("dev")
        assert not uow.people.get(younger.id).active
        assert uow.people.get(team.id("dev")).zone == "Europe/Berlin"
        direct = uow.channels.direct("slack", team.id("dev"))
        assert direct is not None
        assert direct.external_id == "D1"
        roles = {r.value for r in uow.people.roles(team.id("dev"), team.product.id)}
        assert roles == {"developer", "tester"}
        assert [i.text for i in uow.actions.open_for(team.id("dev"))] == ["更新原型"]
        assert uow.stories.state(1).story.assigned_to == team.id("dev")


def test_it_does_not_matter_which_side_shows_the_code(team: Team) -> None:
    younger = _newcomer(team)
    code = _code(_on_slack(team, "lilei", "/team link"))
    assert "已绑定" in team.say("dev", f"/team link {code} yes")
    with team.read() as uow:
        assert uow.people.identify("slack", "T1", "user", "U1") == team.id("dev")
        assert not uow.people.get(younger.id).active


def test_a_code_is_good_once_and_for_ten_minutes(team: Team) -> None:
    _newcomer(team)
    code = _code(team.say("dev", "/team link"))
    assert "不对，或已过期" in _on_slack(team, "lilei", "/team link ABCD-EFGH")
    assert "同一个账号" in team.say("dev", f"/team link {code} yes")
    team.clock.advance(timedelta(minutes=11))
    assert "不对，或已过期" in _on_slack(team, "lilei", f"/team link {code} yes")
    code = _code(team.say("dev", "/team link"))
    assert "已绑定" in _on_slack(team, "lilei", f"/team link {code} yes")
    assert "不对，或已过期" in team.say("tester", f"/team link {code} yes")


def test_everybody_of_the_company_may_do_what_needs_no_role(team: Team) -> None:
    _newcomer(team)
    assert "/review 评审" in team.say("lilei", "/help")
    assert "需要角色" in team.say("lilei", "/team role @lilei po")
    assert "需要角色" in team.say("customer", "/plan show")


def test_a_guest_never_becomes_a_member_so(team: Team) -> None:
    _newcomer(team, external=True)
    code = _code(team.say("dev", "/team link"))
    with team.write() as uow:
        uow.people.save(replace(uow.people.get(team.id("lilei")), external=True))
    said = _on_slack(team, "lilei", f"/team link {code} yes")
    assert "已绑定" not in said
    with team.read() as uow:
        assert uow.people.identify("slack", "T1", "user", "U1") == team.id("lilei")


def test_accounts_are_parted_again(team: Team) -> None:
    _newcomer(team)
    with team.write() as uow:
        uow.people.link(new_id(), team.id("dev"), "dingtalk", "corp", "user", "staff1")
    _on_slack(team, "lilei", f"/team link {_code(team.say('dev', '/team link'))} yes")
    assert "现在是 @dev-slack" in _on_slack(team, "dev", "/team unlink")
    with team.read() as uow:
        apart = uow.people.by_handle("dev-slack")
        assert apart is not None
        assert uow.people.identify("slack", "T1", "user", "U1") == apart.id
        assert uow.people.identify("dingtalk", "corp", "user", "staff1") == team.id("dev")
        assert uow.people.roles(apart.id, team.product.id) == frozenset()


def test_what_is_not_linked_is_not_parted(english_team: Team) -> None:
    assert "not linked" in english_team.say("dev", "/team unlink")


def test_the_code_of_somebody_who_was_removed_since_is_worth_nothing(team: Team) -> None:
    younger = _newcomer(team)
    code = _code(team.say("dev", "/team link"))
    with team.write() as uow:
        uow.people.save(replace(uow.people.get(team.id("dev")), active=False))
    assert "不对，或已过期" in _on_slack(team, "lilei", f"/team link {code} yes")
    with team.read() as uow:
        assert uow.people.get(younger.id).active
        assert uow.people.identify("slack", "T1", "user", "U1") == younger.id


def test_a_code_that_two_people_type_at_once_is_good_for_one(team: Team) -> None:
    with team.write() as uow:
        uow.link_codes.add(team.id("dev"), "hash", team.clock.now() + timedelta(minutes=1))
    second: list[str | None] = []

    def take() -> None:
        with team.write() as uow:
            second.append(uow.link_codes.take("hash", team.clock.now()))

    other = threading.Thread(target=take)
    with team.write() as uow:
        first = uow.link_codes.take("hash", team.clock.now())
        other.start()
        other.join(0.5)  # it waits for us, on either database
        assert other.is_alive()
    other.join(90)
    assert (first, second) == (team.id("dev"), [None])


def test_it_is_asked_first_whose_account_it_is(team: Team) -> None:
    younger = _newcomer(team)
    code = _code(_on_slack(team, "lilei", "/team link"))
    asked = team.say("dev", f"/team link {code}")
    assert "把 @Li Lei（@lilei）和您绑定为同一个人？" in asked
    assert f"/team link {code} yes" in asked
    with team.read() as uow:
        assert uow.people.get(younger.id).active
        assert uow.people.identify("slack", "T1", "user", "U1") == younger.id


def test_two_accounts_on_one_platform_are_two_people(team: Team) -> None:
    _newcomer(team)
    with team.write() as uow:
        uow.people.link(new_id(), team.id("dev"), "slack", "T1", "user", "U2")
    code = _code(_on_slack(team, "lilei", "/team link"))
    assert "同一个平台" in _on_slack(team, "dev", f"/team link {code} yes")
