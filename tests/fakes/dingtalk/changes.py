"""What changes in groups and in the company; the app is told of it."""

from __future__ import annotations

from typing import Any

from tests.fakes.dingtalk.people import User
from tests.fakes.dingtalk.rooms import Room
from tests.fakes.dingtalk.world import Event, World


class Changes:
    """What people and administrators do to groups and accounts."""

    world: World

    def join(self, room: Room, *handles: str, by: str) -> None:
        """Add people to a group (``chat_add_member``)."""
        room.members += handles
        self._tell("chat_add_member", self._about(room, by) | self._who(handles))

    def remove(self, room: Room, *handles: str, by: str) -> None:
        """Put people out of a group (``chat_remove_member``)."""
        for handle in handles:
            room.members.remove(handle)
        self._tell("chat_remove_member", self._about(room, by) | self._who(handles))

    def quit(self, room: Room, who: str) -> None:
        """Somebody leaves a group (``chat_quit``)."""
        room.members.remove(who)
        self._tell("chat_quit", self._about(room, who))

    def retitle(self, room: Room, title: str, by: str) -> None:
        """Give a group another name (``chat_update_title``)."""
        room.title = title
        self._tell("chat_update_title", self._about(room, by) | {"title": title})

    def disband(self, room: Room, by: str) -> None:
        """End a group (``chat_disband``)."""
        room.members.clear()
        room.robot = False
        self._tell("chat_disband", self._about(room, by))

    def install(self, room: Room, by: str) -> None:
        """Add the robot to a group (``im_cool_app_install``)."""
        room.robot = True
        self._tell("im_cool_app_install", self._app(room, by))

    def uninstall(self, room: Room, by: str) -> None:
        """Take the robot out of a group (``im_cool_app_uninstall``)."""
        room.robot = False
        self._tell("im_cool_app_uninstall", self._app(room, by))

    def leave_company(self, who: str) -> None:
        """Somebody is not with the company any more (``user_leave_org``)."""
        user = self._user(who)
        user.active = False
        for room in self.world.rooms.values():
            if who in room.members:
                room.members.remove(who)
        self._tell("user_leave_org", self._staff(user))

    def rename(self, who: str, name: str) -> None:
        """Somebody has another name (``user_modify_org``)."""
        user = self._user(who)
        user.name = name
        self._tell("user_modify_org", self._staff(user))

    def tell(self, kind: str, **data: Any) -> None:
        """Any other event."""
        self._tell(kind, data)

    def _tell(self, kind: str, data: dict[str, Any]) -> None:
        self.world.send(Event(kind, data))

    def _user(self, handle: str) -> User:
        return self.world.users[handle]

    def _about(self, room: Room, by: str) -> dict[str, Any]:
        operator = self._user(by)
        return {
            "timeStamp": self.world.millis, "chatId": f"chat{room.id[3:9]}",
            "corpId": self.world.corp, "openConversationId": room.id,
            "operator": operator.staff, "operatorUnionId": operator.union,
        }  # fmt: skip

    def _app(self, room: Room, by: str) -> dict[str, Any]:
        return {
            "coolAppCode": "COOLAPP-1-of-the-tests", "operateTime": str(self.world.millis),
            "openConversationCorpId": self.world.corp, "robotCode": self.world.app.robot_code,
            "openConversationId": room.id, "operator": self._user(by).staff,
        }  # fmt: skip

    def _who(self, handles: tuple[str, ...]) -> dict[str, Any]:
        users = [self._user(h) for h in handles]
        return {"userId": [u.staff for u in users], "unionId": [u.union for u in users]}

    def _staff(self, user: User) -> dict[str, Any]:
        return {"timeStamp": self.world.millis, "userId": [user.staff], "optStaffId": ""}
