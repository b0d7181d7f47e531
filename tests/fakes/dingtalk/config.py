"""The app in the developer console."""

from __future__ import annotations

from dataclasses import dataclass, field

SEND = "qyapi_robot_sendmsg"
CARD = "Card.Instance.Write"
TODO_WRITE, TODO_READ = "Todo.Todo.Write", "Todo.Todo.Read"
MEMBER, MOBILE = "qyapi_get_member", "qyapi_get_member_by_mobile"
CONTACT = "Contact.User.Read"
SCOPES = frozenset({SEND, CARD, TODO_WRITE, TODO_READ, MEMBER, MOBILE, CONTACT})


@dataclass(slots=True)
class AppConfig:
    """What the administrator set up.

    :param http: events and messages are posted to addresses; else they go through the stream.
    :param robot_url: where messages to the robot are posted.
    :param event_url: where events are posted, encrypted with ``aes_key``.
    :param routes: addresses of card callbacks, by route key.
    :param secrets: what the calls to them are signed with, by route key.
    """

    client_id: str = "dingtestclient0001"
    client_secret: str = "secret-of-the-tests-0001"
    robot_name: str = "督办"
    http: bool = False
    robot_url: str = ""
    event_url: str = ""
    event_token: str = "token-of-the-tests"
    aes_key: str = "Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7"
    scopes: frozenset[str] = SCOPES
    routes: dict[str, str] = field(default_factory=dict[str, str])
    secrets: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def robot_code(self) -> str:
        """The same as the client id for an app's own robot."""
        return self.client_id
