"""People, roles, identities, absences, products and channels: each repository's promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from domain.errors import ConflictError, NotFoundError
from domain.ids import new_id
from domain.people import (
    ARCHIVED,
    Absence,
    Channel,
    Person,
    Product,
    QuietHours,
    Role,
    RoleGrant,
)
from storage.records import ApiToken
from tests.harness import MONDAY, Team


def test_a_person_comes_back_as_stored(team: Team) -> None:
    quiet = QuietHours(time(22), time(7, 30))
    anna = Person(
        new_id(), "Anna", "Anna 王", "en", "Europe/Berlin", "a@example.com", True, False, quiet
    )
    with team.write() as uow:
        uow.people.add(anna)
    with team.read() as uow:
        assert uow.people.get(anna.id) == replace(anna, handle="anna")
        assert uow.people.by_handle("ANNA") == replace(anna, handle="anna")
    with team.write() as uow:
        uow.people.save(replace(anna, quiet=None, email=None, active=True, external=False))
    with team.read() as uow:
        back = uow.people.get(anna.id)
    assert (back.quiet, back.email, back.active, back.external) == (None, None, True, False)


@pytest.mark.parametrize("handle", ["dev", "DEV", "Dev"])
def test_a_handle_is_one_persons(team: Team, handle: str) -> None:
    with pytest.raises(ConflictError), team.write() as uow:
        uow.people.add(Person(new_id(), handle, "另一位"))


def test_who_is_inactive_is_left_out_unless_asked_for(team: Team) -> None:
    with team.write() as uow:
        uow.people.save(replace(team.people["dev"], active=False))
    with team.read() as uow:
        assert "dev" not in [p.handle for p in uow.people.all()]
        everybody = [p.handle for p in uow.people.all(with_inactive=True)]
        assert "dev" in everybody
        assert everybody == sorted(everybody)
        assert "dev" not in [p.handle for p in uow.people.with_role(Role.DEVELOPER, None)]


def test_a_person_that_is_removed_takes_along_what_is_theirs_alone(team: Team) -> None:
    dev = team.id("dev")
    with team.write() as uow:
        uow.people.link(new_id(), dev, "slack", "T1", "user", "U1")
        uow.people.add_absence(Absence(new_id(), dev, date(2026, 12, 1), date(2026, 12, 2)))
    with team.write() as uow:
        uow.people.remove(dev)
    with team.read() as uow:
        assert uow.people.identify("slack", "T1", "user", "U1") is None
        assert uow.people.absences(date(2026, 1, 1)) == ()
        assert dev not in {g.person_id for g in uow.people.grants()}
        with pytest.raises(NotFoundError, match=r"team\.unknown_person"):
            uow.people.get(dev)


def test_a_role_counts_in_its_product_or_everywhere(team: Team) -> None:
    other, sales, here = Product(new_id(), "wms", "仓储"), team.id("sales"), team.product.id
    with team.write() as uow:
        uow.products.add(other)
        assert uow.people.grant(RoleGrant(sales, Role.TESTER, other.id), new_id())
        assert not uow.people.grant(RoleGrant(sales, Role.TESTER, other.id), new_id())
        assert uow.people.grant(RoleGrant(sales, Role.TESTER), new_id())
    with team.read() as uow:
        assert uow.people.roles(sales, here) == {Role.SALES, Role.TESTER}
        assert uow.people.roles(sales, other.id) == {Role.TESTER}
        assert uow.people.roles(sales, None) == {Role.TESTER}
        assert uow.people.roles_anywhere(sales) == {Role.SALES, Role.TESTER}
        assert [p.handle for p in uow.people.with_role(Role.TESTER, here)] == ["sales", "tester"]
        assert [p.handle for p in uow.people.with_role(Role.TESTER, other.id)] == ["sales"]
    with team.write() as uow:
        assert uow.people.revoke(RoleGrant(sales, Role.TESTER))
        assert not uow.people.revoke(RoleGrant(sales, Role.TESTER))
    with team.read() as uow:
        assert uow.people.roles(sales, here) == {Role.SALES}
        assert uow.people.roles(sales, other.id) == {Role.TESTER}


def test_a_platforms_id_is_one_persons(team: Team) -> None:
    dev, po = team.id("dev"), team.id("po")
    with team.write() as uow:
        uow.people.link("01a", dev, "slack", "T1", "user", "U1")
        uow.people.link("01b", dev, "slack", "T2", "user", "U1")  # another tenant's U1
        uow.people.link("01c", dev, "dingtalk", "T1", "staff", "U1")
    with team.read() as uow:
        assert uow.people.identify("slack", "T1", "user", "U1") == dev
        assert uow.people.identify("slack", "T1", "staff", "U1") is None
        assert uow.people.identify("slack", "T3", "user", "U1") is None
        assert uow.people.addresses(dev, "slack") == (("T1", "user", "U1"), ("T2", "user", "U1"))
        assert uow.people.addresses(po, "slack") == ()
    with pytest.raises(ConflictError), team.write() as uow:
        uow.people.link("01d", po, "slack", "T1", "user", "U1")


@pytest.mark.parametrize(
    ("since", "found"),
    [
        pytest.param("2026-12-01", ["a", "b"], id="before both"),
        pytest.param("2026-12-05", ["a", "b"], id="the last day of one"),
        pytest.param("2026-12-06", ["b"], id="one is over"),
        pytest.param("2027-01-01", [], id="both are over"),
    ],
)
def test_absences_until_their_last_day(team: Team, since: str, found: list[str]) -> None:
    dev = team.id("dev")
    away = {
        "b": Absence(new_id(), dev, date(2026, 12, 4), date(2026, 12, 31), "b"),
        "a": Absence(new_id(), dev, date(2026, 12, 1), date(2026, 12, 5), "a"),
    }
    with team.write() as uow:
        for each in away.values():
            uow.people.add_absence(each)
    with team.read() as uow:
        back = uow.people.absences(date.fromisoformat(since))
    assert back == tuple(away[name] for name in found)
    with team.write() as uow:
        assert uow.people.remove_absence(away["a"].id)
        assert not uow.people.remove_absence(away["a"].id)


def test_the_workspace_is_replaced_as_a_whole(team: Team) -> None:
    with team.write() as uow:
        known = uow.people.workspace()
        uow.people.save_workspace(replace(known, name="新名", country="DE"), {"a": "1"})
    with team.read() as uow:
        assert uow.people.workspace() == replace(known, name="新名", country="DE")
        assert uow.people.workspace_settings() == {"a": "1"}
    with (
        pytest.raises(NotFoundError, match=r"core\.no_workspace"),
        team.store.read("nowhere") as uow,
    ):
        uow.people.workspace()


# -- tokens


@pytest.mark.parametrize(
    ("expires", "revoked", "lives"),
    [
        pytest.param(None, None, True, id="for ever"),
        pytest.param(timedelta(seconds=1), None, True, id="not yet over"),
        pytest.param(timedelta(0), None, False, id="over this instant"),
        pytest.param(None, timedelta(days=-1), False, id="taken back"),
    ],
)
def test_a_token_lives_until_it_is_over_or_taken_back(
    team: Team, expires: timedelta | None, revoked: timedelta | None, lives: bool
) -> None:
    def at(delta: timedelta | None):
        return None if delta is None else MONDAY + delta

    token = ApiToken(new_id(), team.id("dev"), "ci", MONDAY, at(expires), at(revoked))
    with team.write() as uow:
        uow.tokens.add(token, "hash")
    with team.read() as uow:
        assert uow.tokens.by_hash("hash", MONDAY) == (token if lives else None)
        assert uow.tokens.by_hash("other", MONDAY) is None
    with team.store.read_by_token("hash", MONDAY) as found:
        assert (found is not None) is lives
        if found is not None:
            assert (found.person.handle, found.workspace) == ("dev", team.workspace)
    with team.write() as uow:
        assert uow.tokens.revoke(token.id, MONDAY)
        assert not uow.tokens.revoke("nobody's", MONDAY)
    with team.store.read_by_token("hash", MONDAY) as found:
        assert found is None


# -- products and channels


def test_a_product_is_found_by_key_or_name(team: Team) -> None:
    wms = Product(new_id(), "WMS", "仓储管理", settings=(("review_rule", "chair"),))
    with team.write() as uow:
        uow.products.add(wms, sample=True)
    with team.read() as uow:
        stored = uow.products.get(wms.id)
        assert stored == replace(wms, key="wms")
        for name in ("wms", "WMS", "仓储管理"):
            assert uow.products.by_key(name) == stored
        assert uow.products.by_key("仓储") is None
        assert [p.key for p in uow.products.all()] == ["tms", "wms"]
        assert uow.products.samples() == (stored,)
    with pytest.raises(ConflictError), team.write() as uow:
        uow.products.add(Product(new_id(), "wms", "另一个"))
    with team.write() as uow:
        uow.products.remove(wms.id)
    with team.read() as uow, pytest.raises(NotFoundError, match=r"setup\.unknown_product"):
        uow.products.get(wms.id)


def test_a_channel_comes_back_as_stored_and_is_found(team: Team) -> None:
    room = Channel(
        new_id(), "slack", "C1", "大厅", product_id=team.product.id, locale="en",
        zone="Europe/Berlin", digest_at=time(9, 5), standup_at=time(8, 50),
    )  # fmt: skip
    direct = Channel(new_id(), "slack", "D1", "dev", kind="direct", person_id=team.id("dev"))
    with team.write() as uow:
        uow.channels.add(room)
        uow.channels.add(direct)
    with team.read() as uow:
        assert uow.channels.get(room.id) == room
        assert uow.channels.by_external("slack", "C1") == room
        assert uow.channels.by_external("web", "C1") is None
        assert uow.channels.by_name("slack", "大厅") == room
        assert uow.channels.by_name("slack", "dev") is None
        assert uow.channels.direct("slack", team.id("dev")) == direct
        assert uow.channels.direct("web", team.id("dev")) is None
        assert set(uow.channels.all()) == {room, team.channel}
        assert uow.channels.all("direct") == (direct,)
        assert uow.channels.of_product(team.product.id) == (team.channel, room)
    with pytest.raises(ConflictError), team.write() as uow:
        uow.channels.add(replace(room, id=new_id()))


def test_a_channel_that_was_put_away_is_no_ones(team: Team) -> None:
    with team.write() as uow:
        uow.channels.save(replace(team.channel, kind=ARCHIVED))
    with team.read() as uow:
        assert uow.channels.of_product(team.product.id) == ()
        assert uow.channels.all() == ()
        assert uow.channels.by_name("web", team.channel.name) is None
        assert uow.channels.get(team.channel.id).kind == ARCHIVED


def test_of_two_channels_of_one_name_the_older_is_meant(team: Team) -> None:
    with team.write() as uow:
        uow.channels.add(Channel(new_id(), "web", "second", "物流"))
    with team.read() as uow:
        assert uow.channels.by_name("web", "物流") == team.channel


# -- company days, counters, files


def test_company_days_are_set_changed_and_taken_back(team: Team) -> None:
    day = date(2026, 12, 31)
    with team.write() as uow:
        uow.company_days.save(day, working=False, name="年会")
        uow.company_days.save(day, working=True, name="盘点")
    with team.read() as uow:
        assert uow.company_days.all() == {day: (True, "盘点")}
    with team.write() as uow:
        assert uow.company_days.remove(day)
        assert not uow.company_days.remove(day)


def test_numbers_follow_one_another_per_name(team: Team) -> None:
    with team.write() as uow:
        assert [uow.counters.next("a") for _ in range(3)] == [1, 2, 3]
        assert uow.counters.take("a", 10) == 4
        assert uow.counters.next("a") == 14
        assert uow.counters.take("b", 5) == 1
        assert uow.counters.next("b") == 6
    with pytest.raises(ZeroDivisionError), team.write() as uow:
        assert uow.counters.next("a") == 15
        raise ZeroDivisionError
    with team.write() as uow:
        assert uow.counters.next("a") == 15  # a number is never lost
