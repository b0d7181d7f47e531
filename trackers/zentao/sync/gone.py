"""A story that is no longer there: deleted in ZenTao, or moved where Duban does not see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.message_json import to_json
from domain.messages import Inline
from domain.stories import Story
from domain.tracker_words import news_card
from domain.tracking import UNSETTLED, TrackerWrite, WriteState
from storage.uow import UnitOfWork
from trackers.zentao.sync.cards import gone_card
from trackers.zentao.sync.notes import gone_news, say
from trackers.zentao.sync.settling import tell


def take_out(uow: UnitOfWork, story: Story, reason: Inline, now: datetime) -> None:
    """Take a story out of the mirror; who still wanted something of it is told, once each."""
    waiting = uow.tracker_writes.of_story(story.number, UNSETTLED)
    fallen: dict[str, list[TrackerWrite]] = {}
    for write in waiting:
        refused = replace(write, state=WriteState.REFUSED, problem=to_json(reason), settled_at=now)
        uow.tracker_writes.save(refused)
        fallen.setdefault(write.actor, []).append(write)
    for writes in fallen.values():
        tell(uow, writes[0], gone_card(uow, writes, reason), now)
    news = gone_news(story, now)
    uow.tracker_news.add(news)
    say(uow, story, news_card(news, story), now)
    uow.stories.remove(story.number)
    uow.tracker_stories.forget((story.number,))


def settle_gone(uow: UnitOfWork, write: TrackerWrite, reason: Inline, now: datetime) -> None:
    """A write of a story that is gone: told together with all others that wait for it."""
    story = uow.stories.find(write.number)
    if story is not None:
        take_out(uow, story, reason, now)
        return
    uow.tracker_writes.save(
        replace(write, state=WriteState.REFUSED, problem=to_json(reason), settled_at=now)
    )
    tell(uow, write, gone_card(uow, (write,), reason), now)
