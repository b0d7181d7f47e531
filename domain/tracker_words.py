"""What was done to a story in the tracker or is to be, in words for cards and digests."""

from __future__ import annotations

from collections.abc import Mapping

from domain.messages import Action, Bullet, Bullets, Card, Inline, Join, Para, T
from domain.stories import Story
from domain.story_fields import CATEGORIES
from domain.tracking import GONE, OPENED, News, TrackerWrite, WriteAct

_WORDS: Mapping[str, str] = {
    "status": "story.status",
    "stage": "story.stage",
    "category": "story.category",
    "closed_reason": "story.reason",
}
_WHOLE = frozenset({"spec", "verify", "plan_id", "assigned_to", "title"})
"""Fields of which it is said that they changed, not from what to what."""


def act_text(write: TrackerWrite) -> Inline:
    """What a write does, in a few words."""
    if write.act is WriteAct.STAGE:
        return T("tracker.act.stage_to", {"stage": T(f"story.stage.{write.args['stage']}")})
    if write.act is WriteAct.VERDICT:
        verdict = T(f"review.verdict.{write.args['verdict']}")
        return T("tracker.act.verdict_of", {"verdict": verdict})
    return T(f"tracker.act.{write.act.value}")


def news_line(news: News) -> Inline:
    """``S12 登录改版：阶段：测试中 → 测试完毕（李雷）`` in one line."""
    story = f"S{news.number} {news.title}"
    if news.action == GONE:
        return T("tracker.news.gone", {"story": story})
    params: dict[str, Inline | int] = {"story": story, "what": _what(news), "who": news.who}
    return T("tracker.news.line_by" if news.who else "tracker.news.line", params)


def _what(news: News) -> Inline:
    if news.action == OPENED:
        return T("tracker.news.made")
    return Join(tuple(changes(news)), ", ") if news.changes else T("tracker.news.commented")


def changes(news: News) -> list[Inline]:
    """Each difference: what it was and what it is."""
    out: list[Inline] = []
    for name, (old, new) in news.changes.items():
        label = T(f"tracker.field.{name}")
        if name in _WHOLE:
            out.append(T("tracker.news.rewritten", {"what": label}))
            continue
        params: dict[str, Inline | int] = {
            "what": label, "old": _value(name, old), "new": _value(name, new),
        }  # fmt: skip
        out.append(T("story.difference", params))
    return out


def news_card(news: News, story: Story) -> Card:
    """The quiet note in a thread."""
    show = Action(T("story.show_button"), f"story show {story.ref}")
    params = {"story": f"{story.ref} {story.title}", "who": news.who}
    if news.action == GONE:
        return Card(news_line(news))
    by = "_by" if news.who else ""
    title = T(f"tracker.news.note{by}", params)
    lines = tuple(Bullet(text) for text in changes(news))
    blocks = (Bullets(lines),) if lines else ()
    said = (Para(news.comment),) if news.comment else ()
    return Card(title, (*blocks, *said), (show,))


def _value(name: str, value: str) -> Inline:
    if not value:
        return T("story.none")
    if name == "category" and value not in CATEGORIES:
        return value  # a word of the tracker's own
    if name in _WORDS:
        return T(f"{_WORDS[name]}.{value}")
    return f"v{value}" if name == "version" else value
