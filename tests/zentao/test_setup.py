"""``duban zentao setup`` and ``duban zentao token``: the whole walk, as it is typed and read."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.cards.words import Reader, words
from bot.core import Core
from bot.vault import Vault
from bot.zentao.cli import give_token, run_setup
from bot.zentao.link import server_of
from domain.errors import DubanError
from domain.ids import new_id
from domain.messages import Inline
from domain.people import Person, Product, Role, RoleGrant
from domain.tracking import ZENTAO
from tests.fakes.zentao import BOT, BOT_PASSWORD, FakeZentao
from tests.zentao.conftest import Connect
from trackers.zentao.errors import ZentaoLogin
from trackers.zentao.own import OwnToken


@dataclass
class Script:
    """What is typed, in order; and everything that was shown."""

    typed: list[str]
    locale: str = "zh"
    shown: list[str] = field(default_factory=list[str])

    def say(self, text: Inline) -> None:
        self.shown.append(words(text, Reader(self.locale, "UTC")))

    def ask(self, text: Inline, default: str = "") -> str:
        self.say(text)
        return self.typed.pop(0) or default

    def secret(self, text: Inline) -> str:
        self.say(text)
        return self.typed.pop(0)

    @property
    def text(self) -> str:
        return "\n".join(self.shown)


def furnish(core: Core) -> Person:
    """A product with its owner."""
    po, product = Person(new_id(), "po", "陈敏"), Product(new_id(), "tms", "物流")
    with core.store.write(core.store.workspaces()[0].id) as uow:
        uow.people.add(po)
        uow.products.add(product)
        uow.people.grant(RoleGrant(po.id, Role.PO, product.id), new_id())
    return po


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_an_administrator_is_led_from_the_address_to_the_plan(
    connect: Connect, fake: FakeZentao, locale: str
) -> None:
    core = connect(known=False)
    furnish(core)
    there = fake.add_product("物流运输管理系统")
    plan = fake.add_plan(there, "V1.0", "2026-12-01", "2026-12-25")
    typed = [fake.url, BOT, BOT_PASSWORD, "", str(there), str(plan)]
    talk = Script(typed, locale)
    assert run_setup(core, talk, locale)
    assert talk.typed == []
    with core.store.read(core.store.workspaces()[0].id) as uow:
        product = uow.products.by_key("tms")
        assert product is not None
        bound = uow.plans.active(product.id)
    assert (product.tracker, product.tracker_ref) == (ZENTAO, str(there))
    assert bound is not None
    assert bound.tracker_ref == str(plan)
    for line in (f"ZENTAO_URL={fake.url}", f"ZENTAO_ACCOUNT={BOT}", "ZENTAO_VOTES=ledger"):
        assert line in talk.text
    assert "/hooks/zentao/" in talk.text
    assert BOT_PASSWORD not in talk.text, "nothing secret is shown"


def test_nothing_secret_is_stored(connect: Connect, fake: FakeZentao) -> None:
    core = connect(known=False)
    furnish(core)
    there = fake.add_product("物流")
    run_setup(core, Script([fake.url, BOT, BOT_PASSWORD, "", str(there)]), "zh")
    data = core.settings.data_dir
    files = [p for p in (*data.rglob("*"), *data.parent.glob("*.sqlite*")) if p.is_file()]
    assert files
    assert not [p for p in files if BOT_PASSWORD.encode() in p.read_bytes()]


def test_a_wrong_password_may_be_tried_again(connect: Connect, fake: FakeZentao) -> None:
    core = connect(known=False)
    talk = Script([fake.url, BOT, "wrong", "", fake.url, BOT, BOT_PASSWORD, ""])
    assert run_setup(core, talk, "zh")
    assert "没有成功，请再试一次。" in talk.text


def test_missing_privileges_are_named_and_asked_about(connect: Connect, fake: FakeZentao) -> None:
    fake.revoke(BOT, "story-submitReview")
    talk = Script([fake.url, BOT, BOT_PASSWORD, "", "n"] * 3)
    assert not run_setup(connect(known=False), talk, "zh")
    assert "缺少权限 story-submitReview" in talk.text
    assert "手工勾选“研发需求”的 submitReview" in talk.text


@pytest.mark.parametrize(
    ("typed", "words_"),
    [
        pytest.param(["", BOT, "x", ""], "ZENTAO_URL", id="no address"),
        pytest.param(["ftp://x", BOT, "x", ""], "ftp://x", id="no web address"),
        pytest.param(["http://127.0.0.1:9", BOT, "x", ""], "连不上禅道", id="nobody there"),
        pytest.param(["http://x", BOT, "x", "democracy"], "democracy", id="another way to vote"),
    ],
)
def test_what_cannot_be_says_so(connect: Connect, typed: list[str], words_: str) -> None:
    talk = Script(typed * 3)
    assert not run_setup(connect(known=False), talk, "zh")
    assert words_ in talk.text


def test_a_product_may_be_left_alone(connect: Connect, fake: FakeZentao) -> None:
    core = connect(known=False)
    furnish(core)
    fake.add_product("物流")
    talk = Script([fake.url, BOT, BOT_PASSWORD, "", "77"])
    assert run_setup(core, talk, "zh")
    assert "没有编号 77" in talk.text


# -- tokens


def sealed(core: Core, person: Person, fake: FakeZentao) -> OwnToken | None:
    with core.store.read(core.store.workspaces()[0].id) as uow:
        found = uow.tracker_tokens.of(server_of(fake.url), person.id)
    if found is None:
        return None
    assert "Secret-2026!" not in found
    return OwnToken.from_text(Vault(core.settings.secret_keys).open(found))


@pytest.mark.parametrize(
    ("keep", "password"),
    [pytest.param("n", "", id="the token alone"), pytest.param("y", "Secret-2026!", id="both")],
)
def test_a_reviewer_gives_a_token_that_is_sealed_at_once(
    core: Core, fake: FakeZentao, keep: str, password: str
) -> None:
    fake.add_user("chenmin", realname="陈敏")
    person = furnish(core)
    talk = Script(["chenmin", "Secret-2026!", keep])
    give_token(core, talk, "po", forget=False)
    own = sealed(core, person, fake)
    assert own is not None
    assert own.account == "chenmin"
    assert len(own.token) == 26
    assert own.password == password
    assert "Secret-2026!" not in talk.text + repr(own)
    assert own.token not in talk.text + repr(own)
    with core.store.read(core.store.workspaces()[0].id) as uow:
        linked = uow.people.linked(ZENTAO, server_of(fake.url), "account")
    assert linked == {person.id: "chenmin"}, "whoever knows the password has the account"


def test_a_token_can_be_taken_back(core: Core, fake: FakeZentao) -> None:
    fake.add_user("chenmin", realname="陈敏")
    person = furnish(core)
    give_token(core, Script(["chenmin", "Secret-2026!", "n"]), "po", forget=False)
    talk = Script([])
    give_token(core, talk, "@po", forget=True)
    give_token(core, talk, "po", forget=True)
    assert talk.shown == ["已删除 陈敏 的令牌。", "陈敏 没有保存过令牌。"]
    assert sealed(core, person, fake) is None


def test_nobody_gives_the_token_of_somebody_else(core: Core, fake: FakeZentao) -> None:
    fake.add_user("lilei", realname="李雷")
    person = furnish(core)
    with core.store.write(core.store.workspaces()[0].id) as uow:
        uow.people.link(new_id(), person.id, ZENTAO, server_of(fake.url), "account", "chenmin")
    with pytest.raises(DubanError) as refused:
        give_token(core, Script(["lilei"]), "po", forget=False)
    assert refused.value.key == "connect.token.other"


def test_an_account_that_is_somebody_elses_is_not_taken(core: Core, fake: FakeZentao) -> None:
    fake.add_user("lilei", realname="李雷")
    furnish(core)
    other = Person(new_id(), "dev", "李雷")
    with core.store.write(core.store.workspaces()[0].id) as uow:
        uow.people.add(other)
        uow.people.link(new_id(), other.id, ZENTAO, server_of(fake.url), "account", "lilei")
    with pytest.raises(DubanError) as refused:
        give_token(core, Script(["lilei", "Secret-2026!", "n"]), "po", forget=False)
    assert refused.value.key == "connect.token.taken"


def test_a_wrong_password_stores_nothing(core: Core, fake: FakeZentao) -> None:
    fake.add_user("chenmin", realname="陈敏")
    person = furnish(core)
    with pytest.raises(ZentaoLogin):
        give_token(core, Script(["chenmin", "wrong"]), "po", forget=False)
    assert sealed(core, person, fake) is None


def test_without_a_connection_there_is_nothing_to_give(connect: Connect) -> None:
    core = connect(known=False)
    furnish(core)
    with pytest.raises(DubanError) as refused:
        give_token(core, Script([]), "po", forget=False)
    assert refused.value.key == "connect.token.not_connected"
