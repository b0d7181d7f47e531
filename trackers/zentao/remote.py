"""What ZenTao says, before it is ours: a story with everything that a write must send back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.stories import Story, StoryAction


@dataclass(frozen=True, slots=True)
class RemoteStory:
    """A story as ZenTao has it, beside the story in our words.

    :param story: in our words; what we have no word for is its nearest neighbour there.
    :param title: decoded, exactly as ZenTao keeps it.
    :param product_ref: ZenTao's product. :param status: ZenTao's word, ``""`` occurs.
    :param spec_html: as stored; sent back untouched where we change nothing.
    :param plan_ref: ``""`` when it is in none. :param module_ref: ``"0"`` when it is in none.
    :param assignee: account, ``""`` for nobody, ``closed`` once closed.
    :param reviewers: accounts who are to vote on this version; ``open_votes``: who has not.
    :param edited: ``lastEditedDate`` in ZenTao's own form: its optimistic lock.
    :param edited_at: the same as an instant; None until the first edit.
    :param odd: our fields (``status``, ``stage``, ``closed_reason``) whose value ZenTao's story
        has but our enums lack: they are shown as the nearest and never written back.
    :param stands_in: the API account is among the reviewers, for people who voted in Duban.
    :param actions: its history, oldest first; empty for a row of a list.
    """

    story: Story
    title: str
    product_ref: str
    status: str
    stage: str
    closed_reason: str
    spec_html: str
    verify_html: str
    plan_ref: str
    module_ref: str
    assignee: str
    opened_by: str
    priority: int
    estimate: float
    reviewers: tuple[str, ...]
    open_votes: tuple[str, ...]
    edited: str
    edited_at: datetime | None
    deleted: bool = False
    odd: frozenset[str] = frozenset()
    stands_in: bool = False
    actions: tuple[RemoteAction, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoteAction:
    """One line of ZenTao's action log.

    :param kind: ``story``, ``productplan``, ``product`` …; ``object_ref`` its id.
    :param actor: account; a real name where ZenTao gives only that (v1), ``""`` for the server's
        own verdicts.
    :param product_refs: the products that it belongs to.
    :param ours: the API account did it. :param signed: the name that stands under it, if it did it
        for somebody; ``""`` without one.
    :param action: in our words; ``number`` is 0 when it is not about a story, and its ``actor`` is
        the person who stands in the comment when the API account acted for somebody.
    """

    id: int
    kind: str
    object_ref: str
    actor: str
    product_refs: tuple[str, ...]
    ours: bool
    signed: str
    action: StoryAction


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What happened after a cursor, oldest first.

    :param cursor: the id of the last action that is covered: ask from here the next time.
    :param cursor_at: its instant, None when nothing was ever logged.
    :param more: there is more to fetch at once.
    :param complete: False where the server has no action log to read (18.x): comments, recalls,
        links to plans and deletions are found by the sweep alone.
    """

    actions: tuple[RemoteAction, ...]
    cursor: int
    cursor_at: datetime | None
    more: bool = False
    complete: bool = True


@dataclass(frozen=True, slots=True)
class StoryPage:
    """One page of a product's stories, by number, without their texts.

    :param total: how many the product has in all.
    """

    stories: tuple[RemoteStory, ...]
    page: int
    total: int
    last: bool


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What a server is like.

    :param version: ``22.4`` without the edition's prefix; ``edition``: ``open``, ``biz`` …
    :param pretty: pages have addresses like ``story-view-8.html``.
    :param v2: its second API answers properly.
    :param zone: IANA name in which its times are meant.
    :param language: ``zh-cn``, ``en`` … in which it speaks when nobody asks for another.
    :param review_required: a story cannot be created or changed without reviewers.
    :param clock_skew: seconds by which its clock is ahead of ours.
    :param submits: it has a call to submit for review. Without one (18.x) a story whose reviewers
        have not voted is under review, whatever its status says.
    :param weak_password: v2 is closed to the account until it gets a stronger password.
    """

    version: str
    edition: str
    pretty: bool
    v2: bool
    zone: str
    language: str
    review_required: bool
    clock_skew: float
    submits: bool = True
    weak_password: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    """One privilege of the account.

    :param name: ``story-change``. :param granted: None where it cannot be tried without harm.
    :param by_hand: no shipped role has it: an administrator must grant it.
    :param optional: Duban works without.
    """

    name: str
    granted: bool | None
    by_hand: bool = False
    optional: bool = False
