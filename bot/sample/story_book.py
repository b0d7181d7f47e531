"""What the sample product consists of: the outline that both languages share, and their words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import locales
from domain.people import Role


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the sample."""

    handle: str
    name: str
    roles: tuple[Role, ...]

    @property
    def external(self) -> bool:
        """Whether they are a guest of the company."""
        return Role.CUSTOMER in self.roles


@dataclass(frozen=True, slots=True)
class PhaseOutline:
    """A phase; its days are working days from today (negative: before it).

    :param after: (key of the predecessor, lag).
    """

    key: str
    name: str
    owner: str
    starts: int
    ends: int
    progress: int
    gate: str
    after: tuple[tuple[str, int], ...]
    deliverables: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MilestoneOutline:
    """A milestone; likewise.

    :param done: the day on which it was reached, or None.
    """

    name: str
    phase: str | None
    due: int
    done: int | None
    fixed: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody did.

    :param day: working days from today, always before it.
    :param time: ``HH:MM`` by the workspace's clock.
    :param line: the command as typed; ``{s3}`` stands for the third story, ``@po`` for a person.
    :param form: the values of a form; the line then names its command.
    :param shown: whether the channel shows it.
    """

    day: int
    time: str
    who: str
    line: str
    form: Mapping[str, str] | None = None
    shown: bool = False

    @property
    def order(self) -> tuple[int, str]:
        """Steps happen in this order; those of one minute as written."""
        return self.day, self.time


@dataclass(frozen=True, slots=True)
class StoryBook:
    """The sample in one language.

    :param channel: the name of its channel.
    """

    product: str
    key: str
    channel: str
    plan: str
    release: str
    people: tuple[Someone, ...]
    phases: tuple[PhaseOutline, ...]
    milestones: tuple[MilestoneOutline, ...]
    steps: tuple[Step, ...]


@cache
def story_book(locale: str) -> StoryBook:
    """The sample in a language; an unknown language gives the default one."""
    language = locale if locale in locales.LOCALES else locales.LOCALES[0]
    outline, words = _toml("outline"), _toml(language)
    steps = [*_births(outline, words), *_quiet(outline, words), *_shown(words)]
    return StoryBook(
        product=words["product"],
        key=outline["key"],
        channel=words["channel"],
        plan=words["plan"],
        release=outline["release"],
        people=tuple(
            Someone(handle, words["people"][handle], tuple(map(Role, roles)))
            for handle, roles in outline["people"].items()
        ),
        phases=tuple(_phase(each, words) for each in outline["phase"]),
        milestones=tuple(_milestone(each, words) for each in outline["milestone"]),
        steps=tuple(sorted(steps, key=lambda step: step.order)),
    )


def _toml(name: str) -> dict[str, Any]:
    text = files("bot.sample").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _phase(each: Mapping[str, Any], words: Mapping[str, Any]) -> PhaseOutline:
    named = words["phases"][each["key"]]
    return PhaseOutline(
        key=each["key"],
        name=named["name"],
        owner=each["owner"],
        starts=each["starts"],
        ends=each["ends"],
        progress=each["progress"],
        gate=named["gate"],
        after=tuple((key, lag) for key, lag in each.get("after", ())),
        deliverables=tuple(each["deliverables"]),
    )


def _milestone(each: Mapping[str, Any], words: Mapping[str, Any]) -> MilestoneOutline:
    return MilestoneOutline(
        name=words["milestones"][each["key"]],
        phase=each.get("phase"),
        due=each["due"],
        done=each.get("done"),
        fixed=each.get("fixed", False),
    )


def _births(outline: Mapping[str, Any], words: Mapping[str, Any]) -> Sequence[Step]:
    """The stories, each entered by the product owner with its acceptance points."""
    steps: list[Step] = []
    for number, (story, told) in enumerate(
        zip(outline["story"], words["stories"], strict=True), start=1
    ):
        form = {
            "title": told["title"],
            "spec": told["spec"],
            "verify": "\n".join(told["verify"]),
            "module": told["module"],
            "priority": str(story["priority"]),
            "estimate": str(story["estimate"]),
            "plan": "{plan}" if story.get("planned", True) else "",
            "reviewers": " ".join(f"@{h}" for h in story.get("reviewers", ())),
            "assignee": f"@{story['assignee']}" if "assignee" in story else "",
        }
        when = f"{9 + number // 4:02}:{number % 4 * 15:02}"
        steps.append(Step(story["day"], when, "po", "story new", form))
    return steps


def _quiet(outline: Mapping[str, Any], words: Mapping[str, Any]) -> Sequence[Step]:
    """What is done in the command's English form and not shown: votes and stages, many at once."""
    title = str(words["title_first"])
    steps: list[Step] = []
    for group in outline["do"]:
        for story in group.get("stories", ("",)):
            line = str(group["line"]).replace("{s}", "{" + story + "}")
            line = line.replace("{title_first}", title)
            steps.append(Step(group["day"], group["time"], group["who"], line))
    return steps


def _shown(words: Mapping[str, Any]) -> Sequence[Step]:
    """What is typed in the sample's language; what was said to Duban alone is not shown."""
    return [
        Step(each["day"], each["time"], each["who"], each["line"], shown=not each.get("alone"))
        for each in words["said"]
    ]
