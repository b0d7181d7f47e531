"""What people see in their conversations, written down so that it can be read and compared."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import datetime
from difflib import unified_diff
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.dingtalk.harness import ALONE, ROOM, DingtalkTeam
from tests.fakes.dingtalk.reading import Screen
from tests.fakes.dingtalk.rooms import Message

FOLDER = Path(__file__).parent / "transcripts"
RENEW = "RENEW_TRANSCRIPTS"
"""With ``1`` in this variable the files are written anew, to be read in the difference."""
ZONE = ZoneInfo("Asia/Shanghai")
MOST = 200
"""Lines of a difference that are told."""
_CHANGING = (
    (re.compile(r"\d+(\.\d+)? (KB|MB)"), "… KB"),
    (re.compile(r"\b[0-9a-f]{12,}\b"), "0123456789ab"),
    (re.compile(r"((?:提醒|reminders) [^ ]+) [0-9a-z]{6}\b"), r"\1 k3f9x2"),
)
"""What is another at each run: sizes of files, checksums over ids, ids of reminders."""
_HEADS = {
    "zh": ("从安装到需求关闭", "群“{room}”（{who}看到的）", "{who}与{robot}单聊"),
    "en": (
        "From the installation to a closed story",
        "The group “{room}”, as {who} sees it",
        "{who} and {robot} alone",
    ),
}


def transcripts(company: DingtalkTeam, reader: str, alone: Sequence[str]) -> str:
    """The group as ``reader`` sees it, then what each of ``alone`` has with Duban, as one text."""
    title, _, single = _HEADS[company.locale]
    robot = company.dingtalk.app.robot_name
    parts = [f"# {title}\n", group(company, reader)]
    for who in alone:
        said = conversation(company, who, ALONE)
        parts += [f"## {single.format(who=company.name(who), robot=robot)}\n", said]
    return "\n".join(parts)


def group(company: DingtalkTeam, reader: str) -> str:
    """The group as ``reader`` sees it, under its heading."""
    heading = _HEADS[company.locale][1].format(room=company.room.title, who=company.name(reader))
    return f"## {heading}\n\n{conversation(company, reader, ROOM)}"


def conversation(company: DingtalkTeam, who: str, channel: str) -> str:
    """A conversation as somebody sees it: who said what at which minute."""
    room = company.person(who).room(ALONE) if channel == ALONE else company.room
    screen = Screen(company.dingtalk.world, who)
    said = [_said(company, screen, message) for message in room.seen_by(who)]
    return "\n\n".join(said) + "\n" if said else ""


def _said(company: DingtalkTeam, screen: Screen, message: Message) -> str:
    world = company.dingtalk.world
    author = world.users[message.author].name if message.author else world.app.robot_name
    at = datetime.fromtimestamp(message.at, ZONE)
    text = screen.message(message)
    for pattern, shown in _CHANGING:
        text = pattern.sub(shown, text)
    lines = "\n".join(f"    {line}".rstrip() for line in text.splitlines())
    return f"**{author}** {at:%m-%d %H:%M}\n\n{lines}"


def approve(company: DingtalkTeam, shown: str) -> None:
    """Compare what was seen with the transcript that somebody read and found good.

    Renewed with ``RENEW_TRANSCRIPTS=1``; see ``transcripts/README.md``.
    """
    file = _file(company)
    if os.environ.get(RENEW) == "1":
        file.write_text(shown, encoding="utf-8")
    known = approved(company).splitlines()
    other = list(unified_diff(known, shown.splitlines(), file.name, "shown now", lineterm=""))
    assert not other, "\n".join(other[:MOST])


def approved(company: DingtalkTeam) -> str:
    """The transcript that somebody read and found good."""
    return _file(company).read_text(encoding="utf-8")


def _file(company: DingtalkTeam) -> Path:
    return FOLDER / f"{company.locale}.md"
