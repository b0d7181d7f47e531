"""The calls of DingTalk that Duban makes (facts, sections 5 to 9), and how much each matters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Need(Enum):
    """How far into the company's monthly calls something may reach: a part of all.

    Answers and what waits for somebody must go; what a group is told may wait until somebody
    speaks there, since a reply to that costs nothing; the rest is pleasant.
    """

    MUST = 1.0
    SHOULD = 0.9
    NICE = 0.8


@dataclass(frozen=True, slots=True)
class Api:
    """One call.

    :param name: what its calls are counted under.
    :param path: with ``{name}`` where a value goes.
    :param again: it may be made twice without harm, so a lost answer leaves no doubt.
    :param old: of the old API: the token stands in the address, failures in ``errcode``.
    """

    name: str
    method: str
    path: str
    again: bool = False
    old: bool = False


GROUP_SEND = Api("group.send", "POST", "/v1.0/robot/groupMessages/send")
GROUP_RECALL = Api("group.recall", "POST", "/v1.0/robot/groupMessages/recall", again=True)
DIRECT_SEND = Api("direct.send", "POST", "/v1.0/robot/oToMessages/batchSend")
DIRECT_RECALL = Api("direct.recall", "POST", "/v1.0/robot/otoMessages/batchRecall", again=True)
FILE_DOWNLOAD = Api("file.download", "POST", "/v1.0/robot/messageFiles/download", again=True)
DING_SEND = Api("ding.send", "POST", "/v1.0/robot/ding/send")
CARD_SEND = Api("card.send", "POST", "/v1.0/card/instances/createAndDeliver")
CARD_UPDATE = Api("card.update", "PUT", "/v1.0/card/instances", again=True)
TODO_CREATE = Api("todo.create", "POST", "/v1.0/todo/users/{union}/tasks", again=True)
TODO_UPDATE = Api("todo.update", "PUT", "/v1.0/todo/users/{union}/tasks/{task}", again=True)
TODO_DELETE = Api("todo.delete", "DELETE", "/v1.0/todo/users/{union}/tasks/{task}", again=True)
TODO_QUERY = Api("todo.query", "POST", "/v1.0/todo/users/{union}/org/tasks/query", again=True)
TODO_SOURCE = Api(
    "todo.source", "GET", "/v1.0/todo/users/{union}/tasks/sources/{source}", again=True
)
USER_GET = Api("user.get", "POST", "/topapi/v2/user/get", again=True, old=True)
MEDIA_UPLOAD = Api("media.upload", "POST", "/media/upload", again=True, old=True)
