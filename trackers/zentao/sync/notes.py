"""What somebody did in ZenTao itself, told quietly: in threads now, in the next digest to all."""

from __future__ import annotations

from datetime import datetime

from domain.message_json import to_json
from domain.messages import Card
from domain.stories import Story
from domain.tracker_words import news_card
from domain.tracking import GONE, News
from storage.uow import UnitOfWork
from trackers.zentao.sync.mirror import Taken, remember_news


def spread(uow: UnitOfWork, taken: Taken, now: datetime) -> None:
    """Remember what is new about a story, and say it in the threads where the story is at hand.

    Those are the threads under the story's card, under the cards of its changes, and of an open
    review that has it on its agenda. Where there is no such thread, only the digest tells.
    """
    news = remember_news(uow, taken, now)
    if news is not None:
        say(uow, taken.story, news_card(news, taken.story), now)


def say(uow: UnitOfWork, story: Story, card: Card, now: datetime) -> None:
    """Post a card into every thread where the story is at hand."""
    keys = [f"story:{story.number}"]
    keys += [f"change:{change.id}" for change in uow.changes.of_story(story.number)]
    for channel in uow.channels.of_product(story.product_id):
        review = uow.reviews.open_in(channel.id)
        about = [*keys]
        if review is not None and any(i.story == story.number for i in review.agenda):
            about.append(f"review:{review.id}")
        threads = dict.fromkeys(
            handle["thread"]
            for key in about
            if (handle := uow.cards.handle(key, f"channel:{channel.id}")) and handle.get("thread")
        )
        for thread in threads:
            payload = {"channel": channel.id, "thread": thread, "card": to_json(card)}
            uow.queue(f"channel:{channel.id}", "post", payload, now)


def gone_news(story: Story, now: datetime) -> News:
    """A story that was deleted, or moved where Duban does not see it."""
    return News(story.product_id, story.number, GONE, now, now, title=story.title)
