"""A small company that is connected to DingTalk, with its outgoing mail in the test's hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.delivery import Delivery
from bot.dingtalk.api.budget import Budget
from bot.dingtalk.api.client import DingtalkClient
from bot.dingtalk.outbound.surface import DingtalkSurface
from bot.dingtalk.people.directory import Directory
from bot.dingtalk.people.homes import Homes
from bot.dingtalk.people.rooms import Heard
from bot.settings import load_settings
from domain.ids import new_id
from domain.people import Role, RoleGrant
from storage.dingtalk import PLATFORM, UNION, USER
from storage.messaging import OutboxStatus
from storage.platforms import Tenant
from tests.fakes.dingtalk import FakeDingtalk, Message, Room
from tests.harness import Team
from tests.idle import IdleEngine
from tests.outgoing import Outgoing


class MailRoom(Outgoing):
    """The company of ``tests.harness`` whose channel ``物流`` is a group of DingTalk.

    :param dingtalk: goes by the team's clock; has the team's people as ``po``, ``dev`` …
    """

    def __init__(self, folder: Path, dingtalk: FakeDingtalk, team: Team, **variables: str) -> None:
        self.dingtalk = dingtalk
        self.team = team
        self.room: Room = dingtalk.add_group("物流", "po", "dev")
        settings = load_settings(
            {
                **dingtalk.environment,
                "DUBAN_DATA_DIR": str(folder),
                "DUBAN_SECRET_KEYS": "one-key",
                "DUBAN_BASE_URL": "https://duban.example.com",
                **variables,
            }
        )
        self.settings = settings
        self._bind()
        self.budget = Budget(team.store, team.clock, settings.dingtalk.monthly_calls)
        self.client = DingtalkClient(settings.dingtalk, self.budget, team.clock)
        self.homes = Homes(team.store)
        self.directory = Directory(team.store, self.homes, self.client.read_user, team.clock)
        self.surface, self.delivery = self.again()

    def again(self) -> tuple[DingtalkSurface, Delivery]:
        """Another process over the same database: it remembers nothing."""
        self.surface = DingtalkSurface(
            self.team.store, self.client, self.directory, self.team.files, self.team.clock,
            self.settings.base_url, template=self.settings.dingtalk.card_template,
            ding=self.settings.dingtalk.ding,
        )  # fmt: skip
        self.delivery = Delivery(
            self.team.store, IdleEngine(), self.team.clock, {PLATFORM: self.surface}, {},
            {PLATFORM: self.directory.direct},
        )  # fmt: skip
        return self.surface, self.delivery

    def _bind(self) -> None:
        """The company's channel and people are DingTalk's; the administrator is one of them."""
        corp = self.dingtalk.world.corp
        with self.team.write() as uow:
            uow.tenants.bind(Tenant(PLATFORM, corp, "测试公司"))
            uow.channels.save(
                replace(self.team.channel, platform=PLATFORM, external_id=self.room.id)
            )
            for handle in ("po", "dev"):
                user = self.dingtalk.world.users[handle]
                for kind, known in ((USER, user.staff), (UNION, user.union)):
                    uow.people.link(new_id(), self.team.id(handle), PLATFORM, corp, kind, known)
            uow.people.grant(RoleGrant(self.team.id("po"), Role.ADMIN), new_id())

    def close(self) -> None:
        self.client.close()

    def hear(self) -> None:
        """Somebody has just spoken in the group: it can be answered for 90 minutes."""
        url, until = self.dingtalk.world.session(self.room)
        expires = datetime.fromtimestamp(until / 1000, UTC)
        robot, now = self.dingtalk.app.robot_code, self.team.clock.now()
        heard = Heard(self.room.id, self.room.title, False, robot, url, expires, now)
        speaker = self.team.people["po"]
        self.directory.conversation(self.team.workspace.id, heard, speaker)

    def states(self, *rows: str) -> list[OutboxStatus]:
        return [self.row(r).status for r in rows]

    @property
    def said(self) -> list[Message]:
        """What the robot said in the group and did not take back."""
        return self.room.said_by_robot()

    @property
    def texts(self) -> list[str]:
        return [m.text for m in self.said]

    def told(self, handle: str) -> list[Message]:
        """What the robot said to one person."""
        return self.dingtalk.direct(handle).said_by_robot()
