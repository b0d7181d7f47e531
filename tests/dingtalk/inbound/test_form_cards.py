"""Forms on interactive cards: filled in, corrected, refused, given up; in words without a card."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from storage.dingtalk import Dialog
from tests.dingtalk.card_template import TEMPLATE_ID, card_template
from tests.dingtalk.inbound.office import Office
from tests.fakes.dingtalk import Card, Message, Offer, Room
from tests.fakes.dingtalk.outbound import Seen
from tests.fakes.dingtalk.refusal import CannotDo
from tests.fakes.dingtalk.saying import ALONE


class Clerk:
    """Opens the form of a change request, as ``po`` does, and looks at what becomes of it."""

    def __init__(self, office: Office, room: str | Room) -> None:
        self.office = office
        self.room = office.dingtalk.person("po").room(room)
        self.track = ""

    def ask(self, typed: str = "变更 登记", who: str = "po") -> None:
        """Ask for the form; the card that came is the one that is looked at."""
        text = typed if self.room.group is False else f"@督办 {typed}"
        self.office.dingtalk.person(who).say(self.room, text)
        self.office.settle()
        self.track = [m.card for m in self.room.said_by_robot() if m.card][-1]

    @property
    def card(self) -> Card:
        return self.office.dingtalk.card(self.track)

    @property
    def message(self) -> Message:
        return next(m for m in self.room.said_by_robot() if m.card == self.track)

    def text(self, who: str = "po") -> str:
        """What somebody reads on the card."""
        return self.card.seen_by(who).text

    def offers(self, who: str = "po") -> list[str]:
        return [o.label for o in self.card.seen_by(who).offers]

    def offer(self, label: str = "提交") -> Offer:
        return next(o for o in self.card.seen_by("po").offers if o.label == label)

    def submit(self, who: str = "po", offer: Offer | None = None, **inputs: str) -> Seen:
        """Fill in and submit; everything that follows has happened then."""
        person = self.office.dingtalk.person(who)
        seen = person.act(self.card, offer or self.offer(), self.room, inputs)
        self.office.settle()
        assert seen.ok, seen
        return seen

    def changes(self) -> list[str]:
        """What the recorded change requests say."""
        with self.office.store.read(self.office.workspace.id) as uow:
            (product,) = uow.products.all()
            return [c.content.what for c in uow.changes.recent(product.id, 1000)]

    def dialog(self) -> Dialog | None:
        """What is asked in words."""
        staff = self.office.dingtalk.world.users["po"].staff
        with self.office.store.read(self.office.workspace.id) as uow:
            known = uow.channels.by_external("dingtalk", staff)
            return uow.dingtalk.dialog(known.id, self.office.person("po")) if known else None


@pytest.fixture(scope="module")
def office(new_office: Callable[..., Office]) -> Office:
    made = new_office(DINGTALK_CARD_TEMPLATE=TEMPLATE_ID)
    made.dingtalk.add_template(card_template())
    made.furnish()
    made.say("po", "需求 新建 找回密码")
    made.alone("po", "菜单")  # so that there is a way to answer that costs no call
    return made


@pytest.fixture(params=["group", "alone"])
def clerk(office: Office, request: pytest.FixtureRequest) -> Iterator[Clerk]:
    made = Clerk(office, office.group if request.param == "group" else ALONE)
    made.ask()
    yield made
    office.dingtalk.faults.calm()


@pytest.fixture
def grouped(office: Office) -> Clerk:
    made = Clerk(office, office.group)
    made.ask()
    return made


def test_a_form_is_filled_in_on_its_card(clerk: Clerk) -> None:
    before = len(clerk.changes())
    assert "登记变更" in clerk.text()
    assert clerk.offers() == ["提交", "不填了"]
    clerk.submit(story="S2 找回密码", what=f"支持扫码{before}", reason="客户要")
    assert clerk.changes()[0] == f"支持扫码{before}"
    assert len(clerk.changes()) == before + 1
    assert "已提交" in clerk.text()
    assert clerk.offers() == []
    assert f"支持扫码{before}" in clerk.office.dingtalk.person("po").screen(clerk.room)


def test_only_who_asked_sees_it_in_the_group(grouped: Clerk) -> None:
    assert grouped.message.only == ("po",)
    assert grouped.message not in grouped.room.seen_by("dev")
    (call,) = [
        c for c in grouped.office.dingtalk.calls_of("card.create_deliver")
        if c.body["outTrackId"] == grouped.track
    ]  # fmt: skip
    staff = grouped.office.dingtalk.world.users["po"].staff
    assert call.body["imGroupOpenDeliverModel"]["recipients"] == [staff]
    assert call.body["imGroupOpenSpaceModel"]["supportForward"] is False


def test_only_who_asked_can_submit_it(grouped: Clerk) -> None:
    before = grouped.changes()
    grouped.submit("dev", story="S1", what="偷改")
    assert grouped.changes() == before
    assert "给别人填的" in grouped.text("dev")
    assert grouped.offers() == ["提交", "不填了"]


def test_errors_are_shown_on_the_card_and_nothing_typed_is_lost(clerk: Clerk) -> None:
    clerk.ask("需求 编辑 S1")
    old = clerk.offer()
    clerk.submit(title="登录大改", estimate="-5", spec="一\n二")
    text = clerk.text()
    assert "“-5.0”不是工时" in text
    assert "⚠ 预计工时（小时）: -5" in text
    assert "标题*: 登录大改" in text
    assert "需求描述: 一\n二" in text
    assert clerk.offers() == ["提交", "不填了"]
    clerk.submit(offer=old, title="登录大改", estimate="-5")  # delivered again
    assert "⚠ 预计工时（小时）: -5" in clerk.text()
    hours = 7 if clerk.room.group else 8
    clerk.submit(estimate=str(hours))
    assert "已提交" in clerk.text()
    with clerk.office.store.read(clerk.office.workspace.id) as uow:
        (product,) = uow.products.all()
        story = next(s for s in uow.stories.of_product(product.id) if s.number == 1)
    assert (story.title, story.estimate) == ("登录大改", hours)


def test_what_is_in_the_way_is_said_on_the_card_which_stays_open(grouped: Clerk) -> None:
    grouped.ask("设置 频道")
    grouped.submit(what="恢复", name="没有的频道")
    assert "请在这个聊天平台上建好群" in grouped.text()
    assert "群名称*: 没有的频道" in grouped.text()
    assert grouped.offers() == ["提交", "不填了"]


def test_a_form_opened_by_a_button_is_a_card_of_its_own(grouped: Clerk) -> None:
    po = grouped.office.dingtalk.person("po")
    po.say(grouped.room, "@督办 需求 查看 S2")
    grouped.office.settle()
    po.press(grouped.room, "编辑")
    grouped.office.settle()
    latest = [m.card for m in grouped.room.said_by_robot() if m.card][-1]
    shown = grouped.office.dingtalk.card(latest).seen_by("po").text
    assert shown.startswith("编辑需求")
    assert "标题*: 找回密码" in shown


def test_the_same_submission_twice_is_one(clerk: Clerk) -> None:
    before, offer = len(clerk.changes()), clerk.offer()
    inputs = {"story": "S1", "what": "同一份"}
    clerk.submit(offer=offer, **inputs)
    clerk.submit(offer=offer, **inputs)
    assert len(clerk.changes()) == before + 1
    assert "已提交" in clerk.text()


def test_what_is_required_the_client_asks_for(clerk: Clerk) -> None:
    with pytest.raises(CannotDo, match="请填写“变更内容”"):
        clerk.submit(story="S1")


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({}, id="without the form"),
        pytest.param({"form": {}}, id="an empty form"),
        pytest.param({"form": {"story": "", "what": "  "}}, id="empty fields"),
    ],
)
@pytest.mark.parametrize(
    ("language", "says"),
    [
        pytest.param(
            "中文",
            ("有几项要改，填过的内容都在", "- **需求** 此项必填", "- **变更内容** 此项必填"),
            id="zh",
        ),
        pytest.param(
            "英文",
            ("Some answers need a change", "- **Story** This is required", "- **What changes** "),
            id="en",
        ),
    ],
)
def test_what_the_client_let_pass_empty_is_asked_for(
    office: Office, sent: Mapping[str, object], language: str, says: tuple[str, ...]
) -> None:
    office.alone("po", f"团队 语言 {language}")
    try:
        clerk = Clerk(office, ALONE)
        clerk.ask()
        before, offer = clerk.changes(), clerk.card.seen_by("po").offers[0]
        clerk.submit(offer=replace(offer, form=None, params={**offer.params, **sent}))  # type: ignore[arg-type]
        assert [line for line in says if line not in clerk.text()] == []
        assert len(clerk.offers()) == 2
        assert clerk.changes() == before
    finally:
        office.alone("po", "团队 语言 中文")


def test_a_form_that_nobody_touched_keeps_what_stood_in_it(office: Office) -> None:
    clerk = Clerk(office, ALONE)
    clerk.ask("需求 编辑 S2")
    offer = clerk.offer()
    clerk.submit(offer=replace(offer, form=None))
    assert "没有任何改动" in clerk.text()
    assert "标题*: 找回密码" in clerk.text()


def test_a_form_can_be_given_up(clerk: Clerk) -> None:
    before, offer = clerk.changes(), clerk.offer()
    clerk.submit(offer=clerk.offer("不填了"))
    assert "什么都没保存" in clerk.text()
    assert clerk.offers() == []
    clerk.submit(offer=offer, story="S1", what="太晚了")
    assert clerk.changes() == before
    assert "刚有更新" in clerk.text()


@pytest.mark.parametrize("fault", ["undelivered", "no template", "no calls left"])
def test_without_a_card_the_same_is_asked_in_words(office: Office, fault: str) -> None:
    world = office.dingtalk.world
    template = dict(world.templates)
    if fault == "undelivered":
        world.trouble.undelivered = 1
    elif fault == "no template":
        world.templates.clear()
    else:
        office.platform.client.budget._monthly = 1
    try:
        before = office.dingtalk.person("po").screen(ALONE)
        shown = office.say("po", "变更 登记")
        office.settle()
        shown += office.dingtalk.person("po").screen(office.group)[-100:]
        assert "单聊里问您" in shown
        clerk = Clerk(office, ALONE)
        assert clerk.dialog() is not None
        asked = office.dingtalk.person("po").screen(ALONE)[len(before) :]
        assert "登记变更（1/" in asked
        office.alone("po", "S1")
        office.alone("po", "用文字说的")
        office.alone("po", "完成")
        assert clerk.changes()[0] == "用文字说的"
    finally:
        world.templates.update(template)
        office.platform.client.budget._monthly = 10_000
