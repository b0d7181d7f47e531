"""The digest's lines about what somebody did in the tracker elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.messages import Action, Block, Bullet, Bullets, Heading, T
from domain.tracker_words import news_line
from domain.tracking import GONE, News
from reminders.digest_sections import MOST


def news_blocks(news: Sequence[News]) -> Iterable[Block]:
    """What changed there, the latest first, and how much is not shown."""
    if not news:
        return
    latest = sorted(news, key=lambda each: each.seen_at, reverse=True)
    rows = [Bullet(news_line(each), _buttons(each)) for each in latest[:MOST]]
    if len(latest) > MOST:
        rows.append(Bullet(T("digest.more", {"n": len(latest) - MOST})))
    yield Heading(T("tracker.news.title"))
    yield Bullets(tuple(rows))


def _buttons(news: News) -> tuple[Action, ...]:
    if news.action == GONE:
        return ()
    return (Action(T("digest.do.show"), f"story show S{news.number}"),)
