"""Action items and approvals are to-dos in DingTalk, too, and stay in step."""

from __future__ import annotations

import pytest

from bot.core import Core
from bot.delivery import Delivery
from bot.dingtalk.todos import ASK, PUT, Todos
from bot.intake import Intake
from domain.stories import StoryDraft, Verdict
from storage.dingtalk import PLATFORM
from tests.dingtalk.outbound.mailroom import MailRoom
from tests.fakes.dingtalk.todos import Todo
from tests.idle import IdleEngine


class Diary:
    """The to-dos of a company."""

    def __init__(self, mail: MailRoom) -> None:
        self.mail, team = mail, mail.team
        intake = Intake(team.store, team.dispatcher, team.clock)
        core = Core(
            mail.settings, team.clock, team.store, team.files, team.services, team.dispatcher,
            intake,
        )  # fmt: skip
        self.todos = Todos(core, mail.client, mail.directory)
        mail.delivery = Delivery(
            team.store, IdleEngine(), team.clock, {PLATFORM: mail.surface},
            {PUT: self.todos.put, ASK: self.todos.ask}, {PLATFORM: mail.directory.direct},
            outside=(PUT, ASK),
        )  # fmt: skip
        intake.close()

    def tick(self, seconds: float = 60) -> None:
        self.mail.later(seconds)
        self.todos.tick(self.mail.team.workspace.id, self.mail.team.clock.now())
        self.mail.delivery.drain()

    def does(self, handle: str, line: str) -> None:
        """Somebody types a command; what it told people is delivered later."""
        team = self.mail.team
        answer = team.dispatcher.dispatch(team.request(handle, line))
        assert not answer.failed, answer

    @property
    def there(self) -> list[Todo]:
        return list(self.mail.dingtalk.world.todos.values())

    def open_here(self) -> list[str]:
        with self.mail.team.read() as uow:
            return [i.ref for i in uow.actions.open_of(self.mail.team.product.id)]


@pytest.fixture
def diary(mail: MailRoom) -> Diary:
    return Diary(mail)


def test_an_action_item_is_a_todo_of_its_owner(diary: Diary):
    diary.does("po", "action add @dev 2026-11-27 更新原型")
    diary.tick()
    (todo,) = diary.there
    dev = diary.mail.dingtalk.world.users["dev"]
    assert todo.subject == "A-1 更新原型"
    assert todo.executors == {dev.union: False}
    assert todo.due == 1795773600000  # 27 November, 18:00 in Shanghai
    diary.tick()
    diary.tick()
    assert len(diary.there) == 1
    told = ("todo.create", "todo.update", "todo.status")
    assert [c.operation for c in diary.mail.dingtalk.calls if c.operation in told] == [told[0]]


def test_what_is_settled_here_is_done_there(diary: Diary):
    diary.does("po", "action add @dev 更新原型")
    diary.tick()
    diary.does("dev", "action done A-1")
    diary.tick()
    assert [t.done for t in diary.there] == [True]


def test_what_is_ticked_off_there_is_settled_here_as_that_person(diary: Diary):
    diary.does("po", "action add @dev 更新原型")
    diary.tick()
    diary.mail.dingtalk.person("dev").tick("更新原型")
    diary.tick(8 * 3600)
    assert diary.open_here() == []
    with diary.mail.team.read() as uow:
        item = uow.actions.by_number(diary.mail.team.product.id, 1)
    assert item is not None
    assert item.done_by == diary.mail.team.id("dev")
    diary.mail.delivery.drain()
    assert any("更新原型" in m.text for m in diary.mail.told("dev"))


def test_what_is_given_to_somebody_else_moves(diary: Diary):
    diary.does("po", "action add @dev 更新原型")
    diary.tick()
    diary.does("po", "action assign A-1 @po")
    diary.tick()
    po = diary.mail.dingtalk.world.users["po"]
    assert [list(t.executors) for t in diary.there] == [[po.union]]


def test_a_new_day_or_text_is_told(diary: Diary):
    diary.does("po", "action add @dev 更新原型")
    diary.tick()
    diary.does("po", "action due A-1 2026-11-30")
    diary.tick()
    assert [t.due for t in diary.there] == [1796032800000]


def test_who_deletes_a_todo_there_keeps_the_item_here(diary: Diary):
    diary.does("po", "action add @dev 更新原型")
    diary.tick()
    diary.mail.dingtalk.world.todos.clear()
    diary.tick(8 * 3600)
    diary.tick()
    assert diary.open_here() == ["A-1"]
    assert diary.there == []


def test_a_lost_answer_makes_no_second_todo(diary: Diary):
    diary.does("po", "action add @dev 更新原型")
    diary.mail.dingtalk.faults.gateway_timeout("todo.create")
    diary.tick()
    diary.tick(180)
    assert len(diary.there) == 1
    with diary.mail.team.read() as uow:
        assert [t.task for t in uow.dingtalk_sent.open_todos()] == [diary.there[0].id]


def test_people_without_dingtalk_have_no_todos(diary: Diary):
    diary.does("po", "action add @tester 回归测试")
    diary.tick()
    assert diary.there == []


def test_asking_takes_no_more_than_its_share_of_the_calls(diary: Diary):
    diary.does("po", "action add @dev 更新原型")
    for _ in range(24 * 4):
        diary.tick(900)
    assert len(diary.mail.dingtalk.calls_of("todo.query")) <= 10_000 * 0.2 / 30 + 2


def test_a_tick_decides_nothing(diary: Diary):
    team = diary.mail.team
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        people = (team.id("dev"),)
        draft = StoryDraft(team.product.id, "短信登录", "原描述", "可登录", reviewers=people)
        number = tracker.create(draft, team.id("po")).number
        tracker.record_verdict(number, Verdict.PASS, "", team.id("po"))
    diary.does("dev", "change S1 改用扫码登录 因为客户要求")
    diary.does("po", "change submit CR-1 人天=3 顺延=2")
    diary.tick()
    (todo,) = [t for t in diary.there if "CR-" in t.subject]
    diary.mail.dingtalk.person("po").tick("CR-")
    diary.tick(8 * 3600)
    diary.mail.delivery.drain()
    assert any("勾选不等于审批" in m.text for m in diary.mail.told("po"))
    assert todo.done
