"""How commands are typed where something is read.

Our texts and cards say ``/review undo``. A Slack app may have a prefix before its commands' names,
or lack a name that Slack keeps for itself; in DingTalk a command begins with a mention.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_COMMAND = re.compile(r"(?<![\w/:.])/(?=[a-z])([a-z]+)")


@dataclass(frozen=True, slots=True)
class Way:
    """What stands before a command's name.

    :param lead: before every name (``/``, ``/duban-``, ``@督办 ``).
    :param special: names that are typed differently, with what stands before them.
    """

    lead: str = "/"
    special: tuple[tuple[str, str], ...] = ()

    def typed(self, line: str) -> str:
        """A line without its slash (``review undo``) as it is typed here."""
        name = line.partition(" ")[0]
        return next((lead for n, lead in self.special if n == name), self.lead) + line

    def within(self, text: str) -> str:
        """A text of ours with the commands that it names as they are typed here."""
        if self == PLAIN or "/" not in text:
            return text
        return _COMMAND.sub(lambda m: self.typed(m.group(1)), text)


PLAIN = Way()
"""The web chat, the terminal, scripts."""
