"""Who is to agree to a change of a story that ZenTao has no reviewers for.

Without reviewers ZenTao either refuses a change or lets it take effect unseen. So whoever voted on
the story last is asked again, else whoever approved the change: as far as they have an account.
"""

from __future__ import annotations

from collections.abc import Iterable

from commands.context import Context
from commands.tracker.linking import is_remote
from commands.tracker.matching import ACCOUNT
from domain.changes.state import ChangeRequest
from domain.stories import Story
from domain.tracking import ZENTAO

_LOOKED_BACK = 20
"""So many reviews back somebody who voted on the story is looked for."""


def reviewers_of(ctx: Context, change: ChangeRequest, story: Story) -> tuple[str, ...]:
    """The story's reviewers; for one of ZenTao's without any, those who know it best."""
    if story.reviewers or not is_remote(ctx.product):
        return story.reviewers
    approvers = tuple(approval.by for approval in change.valid_approvals)
    return _with_account(ctx, _voters(ctx, story)) or _with_account(ctx, approvers)


def _voters(ctx: Context, story: Story) -> tuple[str, ...]:
    for review in ctx.uow.reviews.recent(story.product_id, _LOOKED_BACK):
        item = review.item(story.number)
        if item is not None and item.votes:
            return tuple(vote.person for vote in item.votes)
    return ()


def _with_account(ctx: Context, people: Iterable[str]) -> tuple[str, ...]:
    feed = ctx.uow.tracker_feed.get()
    if feed is None:
        return ()
    known = ctx.uow.people.linked(ZENTAO, feed.server, ACCOUNT)
    return tuple(person for person in dict.fromkeys(people) if person in known)
