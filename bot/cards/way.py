"""How commands are typed where something is read.

Our texts and cards say ``/review undo``. A Slack app may have a prefix before its commands' names,
or lack a name that Slack keeps for itself; in DingTalk a command begins with a mention, and a
Chinese reader types Chinese words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_COMMAND = re.compile(r"(?<![\w/:.])/(?=[a-z])([a-z]+)")
_WHOLE = re.compile(
    r" ?(?<![\w/:.])/([a-z]+(?: (?:[!-~]+[^\s，。；：、）“”]*|周[一二三四五六日]))*) ?"
)
"""A command in a Chinese sentence, with the spaces around it: its name and what follows in Latin
letters, signs and placeholders."""

_WORD = r"(?<![a-zA-Z/{{=-])(?<!/setup ){}(?![a-rt-zA-Z}}=-])"
"""A word of ours, and not the name of a placeholder, a setting or a subcommand."""

Written = Callable[[str, str], str]
"""A line without its slash in the words of a language (``zh``); unchanged if it is no command."""


@dataclass(frozen=True, slots=True)
class Way:
    """What stands before a command's name, and in whose words it is typed.

    :param lead: before every name (``/``, ``/duban-``, ``@督办 ``).
    :param special: names that are typed differently, with what stands before them.
    :param written: the line in the reader's language; None where commands are in English.
    :param called: words of ours that people of this platform do not use, and what they say.
    """

    lead: str = "/"
    special: tuple[tuple[str, str], ...] = ()
    written: Written | None = None
    called: tuple[tuple[str, str], ...] = ()

    def typed(self, line: str, locale: str = "") -> str:
        """A line without its slash (``review undo``) as it is typed here.

        :param locale: who reads it.
        """
        name = line.partition(" ")[0]
        lead = next((lead for n, lead in self.special if n == name), self.lead)
        return lead + (self.written(line, locale) if self.written else line)

    def within(self, text: str, locale: str = "") -> str:
        """A text of ours with the commands that it names as they are typed here."""
        for ours, theirs in self.called:
            text = re.sub(_WORD.format(ours), theirs, text)
        if self == PLAIN or "/" not in text:
            return text
        if self.written is not None and locale == "zh":
            text = _WHOLE.sub(self._quoted, text)
        return _COMMAND.sub(lambda m: self.typed(m.group(1)), text)

    def _quoted(self, match: re.Match[str]) -> str:
        """A whole line in Chinese; quotes tell where it ends. What is no command stays."""
        line = match.group(1)
        typed = self.typed(line, "zh")
        return f"“{typed}”" if typed != self.typed(line) else match.group()


PLAIN = Way()
"""The web chat, the terminal, scripts."""
