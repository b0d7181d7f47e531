"""Designs in chat: noted with the story they are posted with, confirmed by a person, kept."""

from __future__ import annotations

import pytest

from storage.tables import metadata
from tests.harness import Team

PAGE = "https://lanhuapp.com/web/#/item/project"
IMAGE = f"{PAGE}/detailDetach?tid=t1&pid=p1&image_id=i1"
DOC = f"{PAGE}/product?pid=p1&docId=d1&versionId="


@pytest.fixture
def house(team: Team) -> Team:
    """Two stories, the first of them agreed."""
    team.say("po", "/story new 登录改版")
    team.say("po", "/story new 运单导出")
    return team


def _versions(team: Team, number: int) -> list[str]:
    with team.read() as uow:
        return [v.link.url for d in uow.designs.of_story(number) for v in d.versions]


def test_a_link_in_the_channel_is_noted_with_the_story_of_its_message(house: Team) -> None:
    assert house.remark("dev", f"S1 首页原型 {IMAGE} 密码:xGAE") == ""
    shown = house.say("po", "/lanhu list S1")
    assert "D-1" in shown
    assert "首页原型" in shown
    assert "S1 登录改版" in shown
    with house.read() as uow:
        (design,) = uow.designs.of_story(1)
    assert design.link.url == IMAGE
    assert design.note == "首页原型"
    assert "设计稿 D-1 · 首页原型" in house.say("po", "/story show S1")


def test_a_repeated_link_says_nothing_and_asks_nothing(house: Team) -> None:
    house.remark("dev", f"S1 {IMAGE}")
    house.remark("po", f"再看一下 {IMAGE}")
    assert house.sent() == []
    assert _versions(house, 1) == [IMAGE, IMAGE]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(f"S1 {IMAGE}", f"{IMAGE} 已更新", id="a person's word"),
        pytest.param(f"S1 {DOC}v1", f"请看 {DOC}v2", id="a later version"),
    ],
)
def test_what_looks_like_a_new_design_is_asked_in_the_thread(
    house: Team, first: str, second: str
) -> None:
    house.remark("dev", first)
    house.remark("dev", second, thread="t-9")
    (question,) = house.sent()
    assert "李雷 又发了设计稿 D-1，设计有变化吗？" in question
    assert "/lanhu changed D-1" in question
    with house.read() as uow:
        (item,) = uow.outbox.pending(house.clock.now())
    assert item.payload["thread"] == "t-9"


def test_a_confirmed_change_goes_into_the_only_open_change(house: Team) -> None:
    house.say("dev", f"/change S1 改用短信登录 因为客户要求 {IMAGE}")
    house.remark("dev", f"S1 {IMAGE} 已更新")
    said = house.say("po", "/lanhu changed D-1 登录按钮移到右上角")
    assert "陈敏 已确认设计稿 D-1 有变化，已记入 CR-1。" in said
    assert "标记：登录按钮移到右上角" in said
    shown = house.say("po", "/change show CR-1")
    assert "标记：登录按钮移到右上角" in shown
    assert "陈敏 确认有变" in shown
    with house.read() as uow:
        (change,) = uow.changes.of_story(1)
    assert [(d.link.url, d.changed) for d in change.designs] == [(IMAGE, False), (IMAGE, True)]


def test_with_several_open_changes_the_person_chooses(house: Team) -> None:
    house.remark("dev", f"S1 {IMAGE}")
    house.say("dev", "/change S1 改用短信登录")
    house.say("dev", "/change S1 增加扫码")
    house.remark("dev", f"{IMAGE} 改了")
    assert "/lanhu changed D-1 CR-2" in house.sent()[-1]
    house.say("po", "/lanhu changed D-1 CR-2 二维码放大")
    with house.read() as uow:
        one, two = uow.changes.of_story(1)
    assert one.designs == ()
    assert [(d.note, d.changed) for d in two.designs] == [("二维码放大", True)]


def test_without_a_change_the_next_step_is_to_log_one(house: Team) -> None:
    house.remark("dev", f"S1 S2 {IMAGE}")
    house.remark("dev", f"{IMAGE} 已更新")
    said = house.say("po", "/lanhu changed D-1")
    assert "登记 S1 的变更" in said
    assert "登记 S2 的变更" in said


def test_somebody_says_that_nothing_changed(house: Team) -> None:
    house.remark("dev", f"S1 {IMAGE}")
    house.remark("dev", f"{IMAGE} 已更新")
    assert "陈敏 确认设计稿 D-1 没有变化。" in house.say("po", "/蓝湖 没变 D-1")
    with house.read() as uow:
        (design,) = uow.designs.of_story(1)
    assert design.waiting is None
    assert design.last_change is None


def test_a_link_in_the_thread_of_a_review_is_of_its_only_story(house: Team) -> None:
    house.ask(house.request("po", "/review start 登录 S1", thread="t-1"))
    house.remark("dev", f"原型 {IMAGE}", thread="t-1")
    assert _versions(house, 1) == [IMAGE]
    with house.read() as uow:
        review = uow.reviews.open_in(house.channel.id)
    assert review is not None
    assert [e.text for e in review.entries] == [f"原型 {IMAGE}"], (
        "it is kept as minutes all the same"
    )


def test_the_password_is_stored_nowhere(house: Team) -> None:
    house.ask(house.request("po", "/review start 登录 S1", thread="t-1"))
    house.remark("dev", f"原型 {IMAGE} 密码:xGAE", thread="t-1")
    house.say("po", f"/lanhu add S1 {IMAGE} 提取码 qW12")
    house.say("dev", f"/change S1 改登录 {IMAGE} 密码：zZ99")
    house.submit("po", "story edit", story="S1", spec=f"见 {IMAGE}（密码：yY88）")
    with house.read() as uow:
        connection = uow._connection  # pyright: ignore[reportPrivateUsage] (the whole database)
        dump = "\n".join(
            str(tuple(row))
            for table in metadata.sorted_tables
            for row in connection.execute(table.select()).all()
        )
    assert IMAGE in dump
    assert not {word for word in ("xGAE", "qW12", "zZ99", "yY88") if word in dump}


def test_a_customer_and_a_channel_without_a_product_are_not_heard(house: Team) -> None:
    house.remark("customer", f"S1 {IMAGE}")
    assert _versions(house, 1) == []


def test_another_product_keeps_its_own_record_of_a_design(house: Team) -> None:
    house.remark("dev", f"S1 {IMAGE}")
    with house.write() as uow:
        assert [d.product_id for d in uow.designs.everywhere("lanhuapp.com/p1/i1")] == [
            house.product.id
        ]
    shown = house.say("dev", "/lanhu show D-9")
    assert "没有设计稿 D-9" in shown


def test_english_readers_get_the_same(english_team: Team) -> None:
    english_team.say("po", "/story new Login")
    english_team.remark("dev", f"S1 start page {IMAGE}")
    english_team.remark("dev", f"{IMAGE} was updated")
    assert "李雷 posted design D-1 again. Has it changed?" in english_team.sent()[0]
    assert "confirmed that design D-1 has changed" in english_team.say("po", "/lanhu changed D-1")
