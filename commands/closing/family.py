"""The two commands, and what their use cases share: a story's closure and what is around it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from commands.context import Context
from commands.registry import Arg, ArgKind, Command
from commands.stories.family import load
from domain.closures.events import WORDS, Body, Event
from domain.closures.evidence import Around, KnowsBugs, Missing, evidence, words_missing
from domain.closures.state import Closure, fold
from domain.errors import UserError
from domain.event_log import following
from domain.messages import T
from domain.people import Role
from domain.settings import SamePerson, rules_of
from domain.stories import Status, Story
from storage.closures import stream_of

CLOSE = Command("close", "关闭", T("close.help"), aliases=("closure",), needs_product=True)
VERIFY = Command("verify", "验证", T("verify.help"), aliases=("验收",), needs_product=True)

VERIFIERS = frozenset({Role.PO, Role.ADMIN})
AGREERS = frozenset({Role.PM})
DECIDERS = frozenset({Role.PO, Role.PM, Role.ADMIN})
"""Who may refuse, reopen and waive."""

STORY = Arg("story", "需求", ArgKind.STORY, T("story.arg.story"), required=True)
REASON = Arg("reason", "原因", ArgKind.TEXT, T("close.arg.reason"), required=True, multiline=True)


@dataclass(frozen=True, slots=True)
class Case:
    """A story, its closure, and what others know about it."""

    story: Story
    closure: Closure
    around: Around
    log: tuple[Event, ...]

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The evidence that is neither there nor waived."""
        return evidence(self.story, self.closure, self.around)


def load_case(ctx: Context, number: int | None) -> Case:
    """The closure of one of this product's stories."""
    return case_of(ctx, load(ctx, number))


def case_of(ctx: Context, story: Story) -> Case:
    """The closure of a story."""
    log = ctx.uow.closures.log(story.product_id, story.number)
    refs = tuple(c.ref for c in ctx.uow.changes.of_story(story.number))
    tracker = ctx.tracker
    bugs = tracker.open_bugs(story.number) if isinstance(tracker, KnowsBugs) else 0
    closure = fold(story.product_id, story.number, log)
    return Case(story, closure, Around(refs, bugs), log)


def record(ctx: Context, case: Case, body: Body) -> Case:
    """Append to the closure's log; the case as it stands then.

    ``ConflictError`` when somebody else appended in between, and the use case is tried again.
    """
    story = case.story
    new = following(case.closure.seq, (body,), actor=ctx.me.id, at=ctx.now)
    stream = stream_of(story.product_id, story.number)
    ctx.uow.events.extend(stream, WORDS, new, product_id=story.product_id)
    log = (*case.log, *new)
    closure = fold(story.product_id, story.number, log)
    ctx.uow.closures.save(closure, ctx.now)
    return replace(case, closure=closure, log=log)


def lacking(ctx: Context, case: Case) -> tuple[Role, ...]:
    """Whose word is still needed, by the product's rules."""
    rules = rules_of(ctx.product)
    same = rules.closure_same_person is SamePerson.YES
    return words_missing(case.story, case.closure, rules.closure_needs, same_person=same)


def check_open(story: Story) -> None:
    """Refuse what makes no sense for a closed story."""
    if story.status is Status.CLOSED:
        raise UserError("close.already_closed", ref=story.ref)
