"""A tracker on the bench: what it can do, its states, and what may be done in each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.ports import Tracker
from domain.stories import ClosedReason, Stage, Status, Story, StoryDraft, Verdict


@dataclass(frozen=True, slots=True)
class Abilities:
    """Where trackers differ, because a server cannot do or must not be asked to do it.

    :param changes_unreviewed: a change without reviewers takes effect at once; else it is refused.
    :param makes_modules: any word is a module; else only those that are there.
    :param keeps_stage: opening a story again gives the stage before closing; else it is computed.
    :param resumes_reviews: opening a story again that was closed under review goes on with it;
        else it is a draft (or changing).
    :param rewrites: texts of a draft are edited in place; else they make a new version of it.
    :param logs_submission: the history says that a story was put under review.
    :param beside: actions that it logs beside what was asked for.
    """

    changes_unreviewed: bool = True
    makes_modules: bool = True
    keeps_stage: bool = True
    resumes_reviews: bool = False
    rewrites: bool = True
    logs_submission: bool = True
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lab:
    """A tracker to try, with what stands around it.

    :param people: ids of a PO and two reviewers.
    :param module: one that is there.
    """

    tracker: Tracker
    product_id: str
    plan_id: str
    people: tuple[str, str, str]
    abilities: Abilities = Abilities()
    module: str = "登录"

    @property
    def me(self) -> str:
        return self.people[0]

    def draft(self, title: str = "运单跟踪", reviewers: tuple[str, ...] = ()) -> Story:
        draft = StoryDraft(
            self.product_id, title, spec="v1 spec", verify="- 能查\n- 能导出", reviewers=reviewers
        )
        return self.tracker.create(draft, self.me)

    def change(self, story: Story, spec: str, reviewers: tuple[str, ...] = ()) -> Story:
        return self.tracker.change(
            story.number,
            title=story.title,
            spec=spec,
            verify=story.verify,
            reviewers=reviewers,
            comment="客户要求",
            actor=self.me,
        )

    def told(self, number: int) -> list[str]:
        """The acts in a story's history, without what the tracker adds of its own."""
        return [
            a.action for a in self.tracker.history(number) if a.action not in self.abilities.beside
        ]

    def expected(self, state: str) -> dict[str, tuple[Status, int]]:
        """What comes of each act in a state."""
        outcomes = dict(TABLE[state])
        if state == "active" and not self.abilities.changes_unreviewed:
            del outcomes["change"]
        return outcomes


def reviewing(lab: Lab) -> Story:
    """Under review at version 1."""
    return lab.draft(reviewers=lab.people[1:])


def active(lab: Lab) -> Story:
    """Agreed at version 1."""
    story = reviewing(lab)
    return lab.tracker.record_verdict(story.number, Verdict.PASS, "", lab.me)


def reviewing_2(lab: Lab) -> Story:
    """A change of it under review."""
    return lab.change(active(lab), "v2 spec", lab.people[1:])


def changing_2(lab: Lab) -> Story:
    """A change of it that is to be clarified."""
    story = reviewing_2(lab)
    return lab.tracker.record_verdict(story.number, Verdict.CLARIFY, "", lab.me)


def closed(lab: Lab) -> Story:
    """Agreed, done and closed."""
    return lab.tracker.close(active(lab).number, ClosedReason.DONE, "", lab.me)


STATES: dict[str, Callable[[Lab], Story]] = {
    "draft": lambda lab: lab.draft(),
    "reviewing": reviewing,
    "reviewing-2": reviewing_2,
    "active": active,
    "changing-2": changing_2,
    "closed": closed,
}

ACTS: dict[str, Callable[[Lab, Story], Story]] = {
    "submit": lambda lab, s: lab.tracker.submit_for_review(s.number, lab.people[1:], lab.me),
    "recall": lambda lab, s: lab.tracker.recall(s.number, lab.me),
    "pass": lambda lab, s: lab.tracker.record_verdict(s.number, Verdict.PASS, "", lab.me),
    "clarify": lambda lab, s: lab.tracker.record_verdict(s.number, Verdict.CLARIFY, "", lab.me),
    "reject": lambda lab, s: lab.tracker.record_verdict(s.number, Verdict.REJECT, "", lab.me),
    "revert": lambda lab, s: lab.tracker.record_verdict(s.number, Verdict.REVERT, "", lab.me),
    "change": lambda lab, s: lab.change(s, "another spec"),
    "change+review": lambda lab, s: lab.change(s, "another spec", lab.people[1:]),
    "close": lambda lab, s: lab.tracker.close(s.number, ClosedReason.DONE, "", lab.me),
    "activate": lambda lab, s: lab.tracker.activate(s.number, "", lab.me),
    "edit": lambda lab, s: lab.tracker.edit(s.number, {"priority": 1}, lab.me),
    "assign": lambda lab, s: lab.tracker.assign(s.number, lab.people[1], lab.me),
    "stage": lambda lab, s: lab.tracker.set_stage(s.number, Stage.TESTED, lab.me),
    "plan": lambda lab, s: lab.tracker.link_plan(s.number, lab.plan_id, lab.me),
}

# state → act → the status and version afterwards; an act that is not named is refused.
TABLE: dict[str, dict[str, tuple[Status, int]]] = {
    "draft": {
        "submit": (Status.REVIEWING, 1),
        "close": (Status.CLOSED, 1),
        **dict.fromkeys(("edit", "assign", "stage", "plan"), (Status.DRAFT, 1)),
    },
    "reviewing": {
        "recall": (Status.DRAFT, 1),
        "pass": (Status.ACTIVE, 1),
        "clarify": (Status.DRAFT, 1),
        "reject": (Status.CLOSED, 1),
        "close": (Status.CLOSED, 1),
        **dict.fromkeys(("edit", "assign", "stage", "plan"), (Status.REVIEWING, 1)),
    },
    "reviewing-2": {
        "recall": (Status.CHANGING, 2),
        "pass": (Status.ACTIVE, 2),
        "clarify": (Status.CHANGING, 2),
        "reject": (Status.CLOSED, 2),
        "revert": (Status.ACTIVE, 1),
        "close": (Status.CLOSED, 2),
        **dict.fromkeys(("edit", "assign", "stage", "plan"), (Status.REVIEWING, 2)),
    },
    "active": {
        "change": (Status.ACTIVE, 2),
        "change+review": (Status.REVIEWING, 2),
        "close": (Status.CLOSED, 1),
        **dict.fromkeys(("edit", "assign", "stage", "plan"), (Status.ACTIVE, 1)),
    },
    "changing-2": {
        "submit": (Status.REVIEWING, 2),
        "recall": (Status.ACTIVE, 1),
        "change": (Status.CHANGING, 3),
        "change+review": (Status.REVIEWING, 3),
        "close": (Status.CLOSED, 2),
        **dict.fromkeys(("edit", "assign", "stage", "plan"), (Status.CHANGING, 2)),
    },
    "closed": {"activate": (Status.ACTIVE, 1)},
}
