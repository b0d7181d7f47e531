"""What is on the agenda: stories at their versions, and open questions of earlier reviews."""

from __future__ import annotations

from collections.abc import Iterable

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind, Choice
from commands.reviews.card import answer
from commands.reviews.family import COMMAND, as_typed, current, record
from domain.actions import ItemKind
from domain.errors import UserError
from domain.messages import Code, Reply, T
from domain.reviews.events import AgendaAdded, AgendaRemoved, Body, Removed, TopicAdded
from domain.reviews.state import Review, Topic
from domain.stories import Status, Story

MOST = 40
"""More stories than this are not put on an agenda by themselves."""

_REVIEWABLE = frozenset({Status.REVIEWING, Status.DRAFT, Status.CHANGING})


def waiting_stories(ctx: Context, with_drafts: bool) -> tuple[Story, ...]:
    """The product's stories that wait for review: those on a plan when there are any, by number.

    :param with_drafts: the drafts on a plan as well.
    """
    stories = ctx.tracker.stories(ctx.product.id)
    waiting = [s for s in stories if s.status is Status.REVIEWING]
    if with_drafts:
        waiting += [s for s in stories if s.plan_id and s.status in (Status.DRAFT, Status.CHANGING)]
    planned = [s for s in waiting if s.plan_id]
    return tuple(sorted(planned or waiting, key=lambda s: s.number)[:MOST])


def items_for(
    stories: Iterable[Story], reviewers: tuple[str, ...] = (), note: str = ""
) -> list[Body]:
    """The events that put stories on the agenda at their present version.

    :param reviewers: who votes on those that name nobody themselves.
    """
    return [
        AgendaAdded(s.number, s.version, s.title, s.reviewers or reviewers, note) for s in stories
    ]


def first_agenda(ctx: Context, stories: Iterable[Story]) -> list[Body]:
    """The agenda of a new review.

    :param stories: named or waiting; after them comes what the last review left undecided and can
        still be decided, and its open questions. Whatever was left over says from where.
    """
    last = ctx.uow.reviews.last_ended(ctx.product.id)
    if last is None:
        return items_for(stories)
    left = {o.story for o in last.endings[-1].outcomes if o.verdict is None}
    chosen = list(stories)
    rest = left - {s.number for s in chosen}
    chosen += [s for s in ctx.uow.stories.many(rest) if s.status in _REVIEWABLE]
    items = [
        body for s in chosen for body in items_for((s,), note=last.ref if s.number in left else "")
    ]
    questions = [
        TopicAdded(f"{item.ref} {item.text}", last.ref)
        for item in ctx.uow.actions.of_source(f"review:{last.id}")
        if item.kind is ItemKind.QUESTION and item.open
    ]
    return [*items, *questions]


_ACTS = (
    Choice("add", ("add", "添加", "加", "+"), T("review.agenda.add")),
    Choice("remove", ("remove", "移除", "删除", "去掉", "-"), T("review.agenda.remove")),
)


@COMMAND.sub(
    "agenda",
    "议程",
    args=(
        Arg("act", "操作", ArgKind.CHOICE, T("review.arg.act"), required=True, choices=_ACTS),
        Arg("stories", "需求", ArgKind.STORIES, T("review.arg.stories")),
        Arg("reviewers", "评审人", ArgKind.PEOPLE, T("review.arg.reviewers")),
        Arg("topic", "议题", ArgKind.TEXT, T("review.arg.topic")),
    ),
    examples=(
        ("评审 议程 添加 S14 @李雷", "review agenda add S14 @lilei"),
        ("评审 议程 移除 S14", "review agenda remove S14"),
    ),
)
def agenda(ctx: Context, args: Args) -> Reply:
    """Put stories or a topic on the agenda, or take them off."""
    review = current(ctx)
    numbers, topic = args.stories("stories"), as_typed(ctx, args.text("topic"))
    if not numbers and not topic:
        raise UserError("review.agenda_what", line=Code("/review agenda add S12"))
    if args.text("act") == "add":
        return _add(ctx, review, numbers, topic, args.people("reviewers"))
    return _remove(ctx, review, numbers, topic)


def _add(
    ctx: Context,
    review: Review,
    numbers: tuple[int, ...],
    topic: str,
    reviewers: tuple[str, ...],
) -> Reply:
    stories = tuple(map(ctx.tracker.story, numbers))
    new = [s for s in stories if not _stands(review, s, reviewers)]
    bodies = items_for(new, reviewers) + ([TopicAdded(topic)] if topic else [])
    if not bodies:
        raise UserError("review.agenda_has", stories=_refs(numbers))
    review = record(ctx, review, "agenda:added", *bodies)
    what = " ".join((*(s.ref for s in new), topic)).strip()
    return answer(ctx, review, T("review.agenda_added", {"what": what}))


def _stands(review: Review, story: Story, reviewers: tuple[str, ...]) -> bool:
    """Whether the story is on the agenda exactly like this."""
    item = review.item(story.number)
    if item is None or item.version != story.version:
        return False
    return not reviewers or item.reviewers == (story.reviewers or reviewers)


def _remove(ctx: Context, review: Review, numbers: tuple[int, ...], topic: str) -> Reply:
    missing = tuple(n for n in numbers if review.item(n) is None)
    if missing:
        raise UserError("review.not_on_agenda", stories=_refs(missing))
    bodies: list[Body] = [AgendaRemoved(n) for n in numbers]
    if topic:
        bodies.append(Removed(_topic(review, topic).seq))
    review = record(ctx, review, "agenda:removed", *bodies)
    what = " ".join((*(f"S{n}" for n in numbers), topic)).strip()
    return answer(ctx, review, T("review.agenda_removed", {"what": what}))


def _topic(review: Review, text: str) -> Topic:
    """The topic that begins with these words."""
    folded = text.casefold()
    for topic in review.topics:
        if topic.text.casefold().startswith(folded):
            return topic
    raise UserError("review.not_on_agenda", stories=text[:80])


def _refs(numbers: tuple[int, ...]) -> str:
    return " ".join(f"S{n}" for n in numbers)
