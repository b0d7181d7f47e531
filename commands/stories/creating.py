"""What happens once a story is there: its record, and a word to whoever it concerns.

In the built-in tracker that is the command itself; a tracker elsewhere gives the number later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from commands.context import Context
from commands.stories.cards import story_card
from commands.stories.family import named
from commands.stories.working import tell_reviewers
from domain.messages import Action, Card, Para, T, Tone
from domain.pool import PoolStatus
from domain.stories import Story


def created(ctx: Context, story: Story) -> Card:
    """Record a new story, tell its reviewers and its assignee; the answer is its card."""
    ctx.audit(
        "story:story:created",
        f"story:{story.number}",
        new={"title": story.title, "status": story.status.value},
    )
    tell_reviewers(ctx, (story,))
    if story.assigned_to:
        title = T("story.yours", {"who": ctx.person(ctx.me.id), "story": named(story)})
        show = Action(T("story.show_button"), f"story show {story.ref}")
        ctx.tell(story.assigned_to, Card(title, actions=(show,)))
    return story_card(ctx, story)


def sheet_created(ctx: Context, stories: Sequence[Story]) -> None:
    """Record the stories of a sheet, and tell each reviewer once of all of theirs."""
    ctx.audit(
        "story:stories:imported",
        f"product:{ctx.product.id}",
        new={"numbers": [s.number for s in stories]},
    )
    tell_reviewers(ctx, tuple(stories))


def pending_card(ctx: Context, story: Story) -> Card:
    """It is on its way to the tracker elsewhere; the card with its number follows."""
    title = T("tracker.creating", {"title": story.title})
    return Card(title, (Para(T("tracker.creating_hint"), muted=True),), tone=Tone.INFO)


def number_wish(ctx: Context, story: Story) -> None:
    """Write the number into the wish that the story was made of, where it waits for it."""
    for item in ctx.uow.pool.of_product(story.product_id, (PoolStatus.PLANNED,)):
        mine = item.story is None and item.settled_by == ctx.me.id and item.title == story.title
        if mine:
            ctx.uow.pool.save(replace(item, story=story.number))
            return
