"""Modals: filled in, wrong, refused, slow, one after another, with files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from domain.errors import StorageError
from storage.uow import UnitOfWork
from tests.fakes.slack import CannotDo
from tests.fakes.slack.person import Person
from tests.slack.inbound.lessons import Lessons
from tests.slack.inbound.stage import ROOM, Stage


@pytest.fixture
def po(both: Stage) -> Person:
    person = both.slack.person("po")
    person.command("/story", "add 登录改版", ROOM)
    person.command("/change", "", ROOM)
    both.settle()
    return person


@contextmanager
def full_disk() -> Iterator[None]:
    """No transaction commits."""
    finish = UnitOfWork.finish

    def failing(uow: UnitOfWork) -> None:
        raise StorageError("storage.full")

    UnitOfWork.finish = failing  # type: ignore[method-assign]
    try:
        yield
    finally:
        UnitOfWork.finish = finish  # type: ignore[method-assign]


def test_a_form_is_submitted_and_closes(both: Stage, po: Person) -> None:
    seen = po.submit({"需求": "S1 登录改版", "变更内容": "改用短信 <@U1> & <b>"})
    assert (seen.ok, seen.body, seen.error) == (True, None, "")
    with pytest.raises(CannotDo, match="no modal"):
        _ = po.modal
    assert "改用短信 <@U1> & <b>" in both.posts()[-1]


def test_a_wrong_value_is_shown_beside_its_field_and_put_right(both: Stage) -> None:
    person = both.slack.person("po")
    person.command("/change", "", ROOM)
    both.settle()
    for _ in range(2):  # the same wrong values twice are two submissions
        seen = person.submit({"需求": "什么", "变更内容": "改用短信"})
        assert (seen.body["response_action"], seen.error) == ("errors", "")
        assert list(seen.body["errors"]) == ["f:story"]
    person.command("/story", "add 登录改版", ROOM)
    assert person.submit({"需求": "S1", "变更内容": "改用短信"}).body is None
    assert "改用短信" in both.posts()[-1]


def test_nothing_typed_is_lost_when_saving_fails(both: Stage, po: Person) -> None:
    with full_disk():
        seen = po.submit({"需求": "S1 登录改版", "变更内容": "改用短信"})
    assert (seen.body["response_action"], seen.error) == ("update", "")
    blocks = {b["block_id"]: b for b in po.modal.body["blocks"] if b["type"] == "input"}
    assert blocks["f:what"]["element"]["initial_value"] == "改用短信"
    assert blocks["f:story"]["element"]["initial_option"]["value"] == "S1"
    assert "磁盘已满" in str(po.modal.body["blocks"][0])
    po.submit({})
    assert "改用短信" in both.posts()[-1]


def test_what_is_refused_says_why_and_keeps_what_was_typed(both: Stage, po: Person) -> None:
    with both.store.write(both.workspace.id) as uow:
        uow.people.save(replace(both.people["po"], active=False))
    po.submit({"需求": "S1 登录改版", "变更内容": "改用短信"})
    assert "停用" in str(po.modal.body["blocks"][0])
    assert both.seen("po") == []


def test_a_slow_form_says_one_moment_and_then_what_came_of_it(stage: Stage) -> None:
    lessons, person = Lessons.held(stage), stage.slack.person("po")
    person.command("/po", "try form", ROOM)
    stage.settle()
    seen = person.submit({"内容": "很久"})
    assert seen.ok
    assert "正在打开" in str(person.modal.body["blocks"])
    lessons.go_on.set()
    stage.until(lambda: "终于" in str(person.modal.body["blocks"]))


def test_one_form_after_another(stage: Stage) -> None:
    Lessons(stage)
    person = stage.slack.person("po")
    person.command("/po", "try first", ROOM)
    stage.settle()
    person.submit({"说明": "x"})
    assert person.modal.body["title"]["text"] == "第二步"
    assert person.submit({"接着": "好的"}).body is None
    stage.settle()
    assert "第二步：好的" in stage.seen("dev")[-1]


def test_a_file_in_a_form(both: Stage) -> None:
    Lessons(both)
    person = both.slack.person("po")
    person.command("/po", "try file", ROOM)
    both.settle()
    assert person.submit({"文件": [("需求.csv", "标题\n登录".encode())]}).body is None
    both.settle()
    assert "需求.csv: 13" in both.seen("po")[-1]


def test_a_file_that_is_not_taken_is_said_in_the_form(stage: Stage) -> None:
    Lessons(stage)
    person = stage.slack.person("po")
    person.command("/po", "try file", ROOM)
    stage.settle()
    person.submit({"文件": [("x.exe", b"MZ")]})
    assert "x.exe" in str(person.modal.body["blocks"][0])


def test_closing_a_form_is_acknowledged(stage: Stage) -> None:
    payload = {
        "type": "view_closed", **stage.slack.person("po").frame,
        "view": {"id": "V1", "callback_id": "duban_form"}, "is_cleared": False,
    }  # fmt: skip
    assert stage.slack.run(stage.slack.outbound.interaction(payload, "x")).ok
