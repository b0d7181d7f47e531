"""What can be called: the API of today, the old API, the webhooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.fakes.dingtalk import config
from tests.fakes.dingtalk.call import Call
from tests.fakes.dingtalk.methods import cards, hooks, people, robot, todos, tokens


class Side(StrEnum):
    """Which of the platform's doors a call comes through."""

    NEW = "new"  # a token in the header, errors with an HTTP status
    OLD = "old"  # a token in the address, errors as errcode
    HOOK = "hook"  # no token, errors as errcode
    OPEN = "open"  # no token, errors with an HTTP status


@dataclass(frozen=True, slots=True)
class Method:
    """One call.

    :param name: what tests and faults call it.
    :param scope: the permission that it needs.
    """

    name: str
    verb: str
    path: str
    answer: Callable[[Call], Any]
    side: Side = Side.NEW
    scope: str = ""


_ROBOT, _CARD = "/v1.0/robot", "/v1.0/card/instances"
_TODO = "/v1.0/todo/users/{unionId}"
_SEND, _MADE = config.SEND, config.CARD

METHODS = (
    Method("token", "POST", "/v1.0/oauth2/accessToken", tokens.give, Side.OPEN),
    Method("token.corp", "POST", "/v1.0/oauth2/{corpId}/token", tokens.give_corp, Side.OPEN),
    Method("old.token", "GET", "/gettoken", tokens.give_old, Side.HOOK),
    Method("group.send", "POST", f"{_ROBOT}/groupMessages/send", robot.group_send, scope=_SEND),
    Method("group.recall", "POST", f"{_ROBOT}/groupMessages/recall", robot.group_recall,
           scope=_SEND),
    Method("group.query", "POST", f"{_ROBOT}/groupMessages/query", robot.group_query, scope=_SEND),
    Method("oto.send", "POST", f"{_ROBOT}/oToMessages/batchSend", robot.oto_send, scope=_SEND),
    Method("oto.recall", "POST", f"{_ROBOT}/otoMessages/batchRecall", robot.oto_recall,
           scope=_SEND),
    Method("oto.read", "GET", f"{_ROBOT}/oToMessages/readStatus", robot.oto_read, scope=_SEND),
    Method("ding.send", "POST", f"{_ROBOT}/ding/send", robot.ding_send, scope=_SEND),
    Method("ding.recall", "POST", f"{_ROBOT}/ding/recall", robot.ding_recall, scope=_SEND),
    Method("emotion.reply", "POST", f"{_ROBOT}/emotion/reply", robot.emotion_reply, scope=_SEND),
    Method("file.download", "POST", f"{_ROBOT}/messageFiles/download", robot.file_download),
    Method("card.create_deliver", "POST", f"{_CARD}/createAndDeliver", cards.create_and_deliver,
           scope=_MADE),
    Method("card.create", "POST", _CARD, cards.create, scope=_MADE),
    Method("card.deliver", "POST", f"{_CARD}/deliver", cards.deliver, scope=_MADE),
    Method("card.update", "PUT", _CARD, cards.update, scope=_MADE),
    Method("card.register", "POST", "/v1.0/card/callbacks/register", cards.register),
    Method("todo.create", "POST", f"{_TODO}/tasks", todos.create, scope=config.TODO_WRITE),
    Method("todo.update", "PUT", f"{_TODO}/tasks/{{taskId}}", todos.update,
           scope=config.TODO_WRITE),
    Method("todo.status", "PUT", f"{_TODO}/tasks/{{taskId}}/executorStatus", todos.status,
           scope=config.TODO_WRITE),
    Method("todo.delete", "DELETE", f"{_TODO}/tasks/{{taskId}}", todos.delete,
           scope=config.TODO_WRITE),
    Method("todo.source", "GET", f"{_TODO}/tasks/sources/{{sourceId}}", todos.by_source,
           scope=config.TODO_READ),
    Method("todo.query", "POST", f"{_TODO}/org/tasks/query", todos.query, scope=config.TODO_READ),
    Method("contact.user", "GET", "/v1.0/contact/users/{unionId}", people.contact,
           scope=config.CONTACT),
    Method("user.get", "POST", "/topapi/v2/user/get", people.get, Side.OLD, config.MEMBER),
    Method("user.by_union", "POST", "/topapi/user/getbyunionid", people.by_union, Side.OLD,
           config.MEMBER),
    Method("user.by_mobile", "POST", "/topapi/v2/user/getbymobile", people.by_mobile, Side.OLD,
           config.MOBILE),
    Method("department.get", "POST", "/topapi/v2/department/get", people.department, Side.OLD,
           config.MEMBER),
    Method("media.upload", "POST", "/media/upload", hooks.upload, Side.OLD),
    Method("session.send", "POST", "/robot/sendBySession", hooks.session_send, Side.HOOK),
    Method("custom.send", "POST", "/robot/send", hooks.custom_send, Side.HOOK),
)  # fmt: skip
