"""Putting what ZenTao says about a story into the mirror."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from domain.errors import NotFoundError
from domain.stories import Stage, Status, Story
from domain.story_store import StoryState, StoryText
from domain.tracking import OPENED, SHIFT, News, WriteState
from storage.tracker_mirror import MirrorRow
from storage.uow import UnitOfWork
from trackers.zentao.old_versions import text_of_version
from trackers.zentao.remote import RemoteAction, RemoteStory
from trackers.zentao.sync.replay import replayed

_LISTED = (
    "product_id", "title", "status", "stage", "version", "priority", "category", "module",
    "estimate", "plan_id", "assigned_to", "closed_reason",
)  # fmt: skip
"""What a list tells; a difference in them is seen by the sweep."""

_TOLD = (
    "title", "spec", "verify", "status", "stage", "version", "priority", "category", "module",
    "estimate", "plan_id", "assigned_to", "closed_reason",
)  # fmt: skip
"""What people are told of when somebody else changed it."""


READ_ALONE = "-"
"""The fingerprint of a story that was read by itself and in no list yet."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of taking a story in.

    :param before: the mirror before; None for a story that is new here.
    :param fresh: the lines of history that were new and not ours.
    :param changes: field → (old, new) as text, of what is different now and was not our doing.
    :param made: somebody else made it in ZenTao just now.
    :param stale: the mirror knows more than this answer, which was thrown away.
    """

    story: Story
    before: Story | None
    fresh: tuple[RemoteAction, ...] = ()
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    made: bool = False
    stale: bool = False

    @property
    def news(self) -> bool:
        """Whether anybody should hear of it."""
        return self.made or bool(self.changes) or any(a.action.comment for a in self.fresh)


def local_number(uow: UnitOfWork, number: int) -> int:
    """What ZenTao's story is called here: the same, unless another product's story is called so.

    It keeps the name that it got, also when the other story is removed.
    """
    known = uow.tracker_stories.called(number)
    if known is not None:
        return known
    return number if uow.stories.find(number) is None else number + SHIFT


def fingerprint(remote: RemoteStory) -> str:
    """The same for the same row of a list, whoever asks."""
    values = [str(getattr(remote.story, name)) for name in _LISTED]
    values += [remote.status, remote.stage, remote.plan_ref, remote.assignee]
    values.append(str(remote.edited_at))
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def take(
    uow: UnitOfWork,
    remote: RemoteStory,
    product_id: str,
    now: datetime,
    *,
    whole: bool,
    since: int | None = None,
) -> Taken:
    """Bring the mirror of one story up to date; what waits to be written is played on top of it.

    :param whole: the answer has texts and history; a row of a list has not.
    :param since: for a row of a list, the last action that was known when the list was asked for:
        a story of which more is known by now was read since, and the row is older than that.
    """
    number = local_number(uow, remote.story.number)
    known = uow.stories.find(number)
    if known is not None:  # from here on nobody else changes it, nor what is known about it
        known = uow.stories.state(number, to_write=True).story
    row = uow.tracker_stories.get(number) or MirrorRow(number, product_id)
    told = _last(remote) if whole else since
    if known is not None and told is not None and told < row.seen:
        return Taken(known, known, stale=True)
    story = replace(remote.story, number=number, product_id=product_id)
    state = _state(uow, remote, story, now) if known else _first_state(remote, story, now)
    if not whole and known is not None:
        state = replace(state, story=_with_texts(state.story, known))
    waiting = uow.tracker_writes.of_story(number, (WriteState.WAITING,))
    final = replayed(uow, state, waiting, now)
    read = whole or (row.read and known is not None and known.version == final.story.version)
    if known is None:
        uow.stories.insert([(final, ())], actor=None, at=now)
    elif final != uow.stories.state(number):
        uow.stories.update(final)
    if whole:
        _text_before(uow, remote, final.story)
    fresh = _history(uow, final.story, row, remote.actions, at_first=not row.read) if whole else ()
    seen = max(row.seen, _last(remote))
    listing = (row.listing or READ_ALONE) if whole else fingerprint(remote)
    uow.tracker_stories.save(MirrorRow(number, product_id, listing, read, seen))
    changes = _changes(known, final.story) if known is not None and row.read else {}
    if _only_ours(remote, row):
        changes = {}  # a text that ZenTao has tidied up after us is no news
    return Taken(final.story, known, fresh, changes)


def take_new(
    uow: UnitOfWork, remotes: Sequence[RemoteStory], product_id: str, now: datetime
) -> None:
    """Bring rows of a list into the mirror, with a handful of statements for those new here."""
    numbers = {r.story.number for r in remotes}
    found = {s.number for s in uow.stories.many({*numbers, *(n + SHIFT for n in numbers)})}
    taken = {n for n in numbers if n in found or n + SHIFT in found}
    fresh = [r for r in remotes if r.story.number not in taken]
    states = [_first_state(r, replace(r.story, product_id=product_id), now) for r in fresh]
    uow.stories.insert([(state, ()) for state in states], actor=None, at=now)
    rows = [MirrorRow(r.story.number, product_id, fingerprint(r)) for r in fresh]
    uow.tracker_stories.add(rows)
    for remote in remotes:
        if remote.story.number in taken:
            take(uow, remote, product_id, now, whole=False)


def _text_before(uow: UnitOfWork, remote: RemoteStory, story: Story) -> None:
    """Know what the version before said: a change that came from ZenTao may be taken back here."""
    before = remote.story.version - 1
    if before < 1 or story.version <= before:
        return
    try:
        uow.stories.text(story.number, before)
    except NotFoundError:
        try:
            texts = text_of_version(remote, before)
        except NotFoundError:
            return  # its history does not reach back so far
        uow.stories.keep_text(story.number, StoryText(before, **texts))


def remember_news(uow: UnitOfWork, taken: Taken, now: datetime) -> News | None:
    """Keep for the next digest what somebody did in ZenTao; None when there is nothing to tell."""
    if not taken.news:
        return None
    said = [a.action for a in taken.fresh]
    last = taken.fresh[-1] if taken.fresh else None
    news = News(
        product_id=taken.story.product_id,
        number=taken.story.number,
        action=OPENED if taken.made else last.action.action if last else "",
        at=last.action.at if last else now,
        seen_at=now,
        title=taken.story.title,
        who=_who(uow, last) if last else "",
        person=last.action.actor if last else None,
        comment="\n".join(a.comment for a in said if a.comment)[:1000],
        changes=taken.changes,
    )
    uow.tracker_news.add(news)
    return news


def _who(uow: UnitOfWork, remote: RemoteAction) -> str:
    """A name in any case: who is nobody here is called as ZenTao calls them."""
    action = remote.action
    if action.actor is not None:
        try:
            return uow.people.get(action.actor).name
        except NotFoundError:
            pass
    return action.actor_name or uow.tracker_catalogue.name_of(remote.actor) or remote.actor


def _only_ours(remote: RemoteStory, row: MirrorRow) -> bool:
    new = [a for a in remote.actions if a.id > row.seen]
    return bool(new) and all(a.ours for a in new)


def _last(remote: RemoteStory) -> int:
    return max((a.id for a in remote.actions), default=0)


def _first_state(remote: RemoteStory, story: Story, now: datetime) -> StoryState:
    """A story that is new in the mirror."""
    since = remote.edited_at or story.opened_at or now
    story = replace(story, changed_at=since, stage_at=since)
    return StoryState(story, stage_by_hand=_by_hand(story))


def _state(uow: UnitOfWork, remote: RemoteStory, story: Story, now: datetime) -> StoryState:
    """ZenTao's story with what the mirror remembers about it beside."""
    before = uow.stories.state(story.number)
    known = before.story
    story = replace(
        story,
        plan_id=_plan(uow, story, known),
        reviewers=_reviewers(remote, story, known),
        opened_by=story.opened_by or known.opened_by,
        changed_at=remote.edited_at or known.changed_at or now,
        # ZenTao does not tell when it computed a stage.
        stage_at=known.stage_at if known.stage is story.stage and known.stage_at else now,
    )
    if story.status is not Status.CLOSED:
        return StoryState(story, stage_by_hand=_by_hand(story))
    if known.status is Status.CLOSED:
        return replace(before, story=story)
    return StoryState(story, known.status, known.stage, before.stage_by_hand)


def _by_hand(story: Story) -> bool:
    """Whether linking to a plan leaves the stage alone."""
    return story.stage not in (Stage.WAIT, Stage.PLANNED)


def _reviewers(remote: RemoteStory, story: Story, known: Story) -> tuple[str, ...]:
    """Whoever voted in Duban stays a reviewer, though ZenTao has Duban's account in their place."""
    if not remote.stands_in or known.version > story.version:
        return story.reviewers
    return tuple(dict.fromkeys((*known.reviewers, *story.reviewers)))


def _plan(uow: UnitOfWork, story: Story, known: Story) -> str | None:
    """A plan that only we have stays, as long as ZenTao puts the story on none."""
    if story.plan_id is not None or known.plan_id is None:
        return story.plan_id
    plan = uow.plans.many((known.plan_id,)).get(known.plan_id)
    return known.plan_id if plan is not None and plan.tracker_ref is None else None


def _with_texts(story: Story, known: Story) -> Story:
    return replace(story, spec=known.spec, verify=known.verify, reviewers=known.reviewers)


def _history(
    uow: UnitOfWork,
    story: Story,
    row: MirrorRow,
    actions: Sequence[RemoteAction],
    *,
    at_first: bool,
) -> tuple[RemoteAction, ...]:
    """Append what is new. Our own acts stand there already, under the person who asked for them."""
    new = [a for a in actions if a.id > row.seen and (at_first or not a.ours)]
    for remote in new:
        action = remote.action
        uow.stories.add_action(
            story, action.action, actor=action.actor, at=action.at, comment=action.comment,
            extra=action.extra, changes=action.changes,
            actor_name="" if action.actor else _who(uow, remote),
        )  # fmt: skip
    return () if at_first else tuple(new)


def _changes(before: Story, after: Story) -> dict[str, tuple[str, str]]:
    pairs = {n: (as_text(getattr(before, n)), as_text(getattr(after, n))) for n in _TOLD}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def as_text(value: Any) -> str:
    """A field's value as it stands in a history."""
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)
