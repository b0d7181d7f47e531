"""What a link to a story or a design shows when it is pasted into a channel."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from commands.designs.card import unfurled
from domain.messages import Action, Card, Fields, Inline, Join, Link, PersonRef, T, Tone
from domain.stories import Story, story_number
from storage.uow import UnitOfWork

_OPEN_CHANGES = 3
"""How many open changes of a story are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class LinkHosts:
    """Which hosts' links mean something.

    :param zentao: address of the ZenTao that stories live in (with its path), or None.
    :param lanhu: hosts of designs.
    """

    zentao: str | None
    lanhu: tuple[str, ...]


def unfurl(uow: UnitOfWork, url: str, hosts: LinkHosts) -> Card | None:
    """A short card of what the link leads to.

    None for a link that is not ours to explain, or to something that this workspace does not know.
    """
    if hosts.zentao is not None and _within(url, hosts.zentao):
        remote = story_number(url)
        story = _story_at(uow, remote) if remote is not None else None
        return _story_card(uow, story, url) if story is not None else None
    return unfurled(uow, url, hosts.lanhu)


def _within(url: str, base: str) -> bool:
    """Whether the address lies below the base: the same host and port, and its path."""
    try:
        asked, ours = urlsplit(url), urlsplit(base)
        same = (asked.hostname, asked.port) == (ours.hostname, ours.port)
    except ValueError:
        return False
    return same and asked.path.startswith(ours.path.rstrip("/") + "/")


def _story_card(uow: UnitOfWork, story: Story, url: str) -> Card:
    pairs: list[tuple[Inline, Inline]] = [(T("story.version"), f"v{story.version}")]
    plans = uow.plans.of_product(story.product_id) if story.plan_id else ()
    pairs += [(T("story.arg.plan"), p.name) for p in plans if p.id == story.plan_id]
    if story.assigned_to:
        person = uow.people.get(story.assigned_to)
        pairs.append((T("story.arg.assignee"), PersonRef(person.id, person.name)))
    changes = uow.changes.of_story(story.number)
    if changes:
        shown: list[Inline] = [
            Join((c.ref, T(f"change.status.{c.status.value}")), " ")
            for c in changes[:_OPEN_CHANGES]
        ]
        if len(changes) > _OPEN_CHANGES:
            shown.append(T("story.more_changes", {"n": len(changes) - _OPEN_CHANGES}))
        pairs.append((T("story.open_changes"), Join(tuple(shown), ", ")))
    status = (T(f"story.status.{story.status.value}"), T(f"story.stage.{story.stage.value}"))
    return Card(
        Link(f"{story.ref} {story.title}", url),
        (Fields(tuple(pairs)),),
        (Action(T("story.details"), f"story show {story.ref}"),),
        status=Join(status, " · "),
        tone=Tone.INFO,
    )


def _story_at(uow: UnitOfWork, remote: int) -> Story | None:
    """The story of that number in ZenTao; a story of ours that happens to have it is another."""
    if uow.tracker_feed.get() is None:
        return uow.stories.find(remote)
    number = uow.tracker_stories.called(remote)
    return uow.stories.find(number) if number is not None else None
