"""The company of ``tests.harness``, living on DingTalk: the same dialogs through the real platform.

What people say goes as mentions, and as answers to questions where a form is meant; what a test
reads is what appears on the person's screen.
"""

from __future__ import annotations

import re

from bot.dingtalk.ways import DIRECT
from domain.messages import FileRef
from tests.dingtalk.harness import DingtalkTeam
from tests.on_platform import TeamOnPlatform

_COMMAND = re.compile(r"(?<![\w/:.])/[a-z]+(?: [!-~]+)*")
_HANDLE = re.compile(r"(?<![\w.])@([a-z]\w*)", re.ASCII)
_MENTION = re.compile(r"@(?:督办 )?")


class Shown(str):
    """What somebody reads; looking for a text in it takes no account of how a platform writes.

    Mentions stand as names, colons are Chinese, arrows are angles, commands are in Chinese.
    """

    __slots__ = ()

    def __contains__(self, text: object) -> bool:
        return _folded(_COMMAND.sub(_spelled, str(text))) in _folded(self)


def _spelled(match: re.Match[str]) -> str:
    return DIRECT.typed(match.group()[1:], "zh")


def _folded(text: str) -> str:
    plain = _MENTION.sub("", text).replace("： ", "：").replace(": ", "：").replace("→", "›")
    return re.sub(r"[“”\u2060]", "", plain)


class TeamOnDingtalk(TeamOnPlatform):
    """The same methods, by way of DingTalk."""

    def __init__(self, company: DingtalkTeam) -> None:
        super().__init__(company)
        self.company = company

    def say(
        self,
        handle: str,
        text: str,
        *,
        thread: str | None = None,
        files: tuple[FileRef, ...] = (),
        event_id: str | None = None,
    ) -> str:
        """Mention Duban in the group."""
        assert not files, "files are sent alone"
        assert event_id is None, "DingTalk numbers deliveries itself"
        del thread  # there are none
        return Shown(self.company.say(handle, self._named(text)))

    def _named(self, text: str) -> str:
        """With people by the names that DingTalk writes, and not by their handles."""
        return _HANDLE.sub(lambda m: self._name(m.group(1)), text)

    def _name(self, handle: str) -> str:
        known = handle in self.people
        return f"@{self.company.name(handle)}" if known else f"@{handle}"

    def submit(self, handle: str, command: str, **values: str) -> str:
        """Open the form by its command and answer its questions."""
        opened = self.company.say(handle, f"/{command}")
        assert self.company.asked(handle) is not None, opened
        return Shown(self.company.submit(handle, **values))

    def sent(self, handle: str | None = None) -> list[str]:
        """What Duban told one person alone, oldest first; or what it told anybody."""
        world = self.company.dingtalk.world
        rooms = [self.company.person(handle).room("app")] if handle else list(world.rooms.values())
        reader = self.company.person(handle or "po")
        return [Shown(reader.sees(m)) for room in rooms for m in room.said_by_robot()]
