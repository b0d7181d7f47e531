"""The main job as one dialog in two languages: every line stands beside its translation."""

from __future__ import annotations

import io
from collections.abc import Mapping

from docx import Document

from tests.dingtalk.harness import ALONE, ROOM, DingtalkTeam

Pair = tuple[str, str]
"""The same in Chinese and in English."""


class Job:
    """People at work in a company that has just installed Duban, in the company's language.

    Everything that takes pairs takes what a Chinese and what an English speaker types or reads; of
    what is expected each must stand on the screen of the one who did it.
    """

    def __init__(self, company: DingtalkTeam) -> None:
        self.company = company
        self._at = ("zh", "en").index(company.locale)

    def words(self, pair: Pair | str) -> str:
        """What stands for it in this company; ``{po}`` is what the product owner is called."""
        text = pair if isinstance(pair, str) else pair[self._at]
        names = {handle: self.company.name(handle) for handle in self.company.dingtalk.world.users}
        return text.format(**names)

    def say(self, who: str, line: Pair | str, *expected: Pair | str) -> str:
        """Mention Duban in the group."""
        return self._seen(self.company.say(who, self.words(line)), expected)

    def alone(self, who: str, line: Pair | str, *expected: Pair | str) -> str:
        """Write to Duban alone."""
        return self._seen(self.company.alone(who, self.words(line)), expected)

    def follow(
        self, who: str, label: Pair, *expected: Pair | str, of: str = "", alone: bool = False
    ) -> str:
        """Type what stands behind an action."""
        if alone:
            told = self.company.follow(who, self.words(label), of=of, channel=ALONE)
        else:
            told = self.company.follow(who, self.words(label), of=of)
        return self._seen(told, expected)

    def press(
        self,
        who: str,
        label: Pair,
        *expected: Pair | str,
        alone: bool = False,
        **inputs: Pair | str,
    ) -> str:
        """Press a button of an interactive card, with what is filled in on it."""
        filled = {name: self.words(value) for name, value in inputs.items()}
        channel = ALONE if alone else ROOM
        return self._seen(
            self.company.press(who, self.words(label), channel=channel, **filled), expected
        )

    def fill_in(self, who: str, values: Mapping[str, Pair | str], *expected: Pair | str) -> str:
        """Answer the questions that Duban asks somebody alone."""
        answers = {name: self.words(value) for name, value in values.items()}
        return self._seen(self.company.submit(who, **answers), expected)

    def send_file(self, who: str, name: Pair, data: bytes) -> str:
        """Send a file to Duban alone."""
        return self.company.send_file(who, self.words(name), data)

    def remark(self, who: str, text: Pair) -> None:
        """Say something in the group that is not meant for Duban."""
        self.company.remark(who, self.words(text))

    def sees(self, who: str, *expected: Pair | str, alone: bool = False) -> None:
        """Somebody finds this in the group, or in their conversation with Duban."""
        screen = self.company.screen(who, ALONE) if alone else self.company.screen(who)
        self._seen(screen, expected)

    def later(self, **time: float) -> None:
        """Time passes, and Duban does what is due."""
        self.company.later(**time)

    def document(self, part: str) -> str:
        """The text of the latest Word file that has this in its name."""
        files = self.company.dingtalk.world.media.values()
        found = [m for m in files if m.name.endswith(".docx") and part in m.name]
        document = Document(io.BytesIO(found[-1].data))
        cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
        return "\n".join([p.text for p in document.paragraphs] + cells)

    def _seen(self, shown: str, expected: tuple[Pair | str, ...]) -> str:
        for each in expected:
            text = self.words(each)
            assert text in shown, f"{text!r} is not in\n{shown}"
        return shown
