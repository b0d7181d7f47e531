"""A ZenTao story in our words, with everything kept that we have no word for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.stories import ClosedReason, Stage, Status, Story
from trackers.zentao import values
from trackers.zentao.book import AccountBook
from trackers.zentao.remote import RemoteAction, RemoteStory
from trackers.zentao.text import decoded, to_text

OUTCOMES = frozenset({"reviewpassed", "reviewclarified", "reviewrejected", "reviewreverted"})
"""The server's own lines about what came of a review."""

_STATUSES = frozenset(x.value for x in Status)
_STAGES = frozenset(x.value for x in Stage)
_REASONS = frozenset(x.value for x in ClosedReason)


@dataclass(frozen=True, slots=True)
class Reading:
    """How this server's answers are read.

    :param zone: in which its times without zone are meant.
    :param bot: the API account; ``bot_name`` its real name, which is all that v1's history gives.
    :param url: a story's web page.
    :param modules: module id → name.
    :param submits: the server can submit for review; see :class:`ServerFacts`.
    """

    zone: ZoneInfo
    bot: str
    book: AccountBook
    url: Callable[[int], str]
    bot_name: str = ""
    modules: Mapping[str, str] = field(default_factory=dict[str, str])
    submits: bool = True


def remote_story(
    data: Mapping[str, Any],
    how: Reading,
    actions: Sequence[RemoteAction] = (),
    *,
    escaped: bool,
) -> RemoteStory:
    """A story from any of ZenTao's forms.

    :param escaped: its title came HTML-escaped (v2, answers of writes).
    """
    raw = str(data.get("title") or "")
    edited = str(data.get("lastEditedDate") or "")
    remote = RemoteStory(
        story=_PLACEHOLDER,
        title=decoded(raw) if escaped else raw,
        product_ref=str(data.get("product") or ""),
        status=str(data.get("status") or ""),
        stage=str(data.get("stage") or ""),
        closed_reason=str(data.get("closedReason") or ""),
        spec_html=str(data.get("spec") or ""),
        verify_html=str(data.get("verify") or ""),
        plan_ref=",".join(values.refs(data.get("plan"))),
        module_ref=str(data.get("module") or "0"),
        assignee=values.account(data.get("assignedTo")),
        opened_by=values.account(data.get("openedBy")),
        priority=values.number(data.get("pri")),
        estimate=values.hours(data.get("estimate")),
        reviewers=values.accounts(data.get("reviewer")),
        open_votes=values.accounts(data.get("notReview")),
        edited=edited,
        edited_at=values.instant(edited, how.zone),
        deleted=data.get("deleted") in {True, "1"},
        odd=_odd(data),
        stands_in=how.bot in values.accounts(data.get("reviewer")),
        actions=tuple(actions),
    )
    return replace(remote, story=_story(remote, data, how))


def _story(remote: RemoteStory, data: Mapping[str, Any], how: Reading) -> Story:
    book = how.book
    number = values.number(data.get("id"))
    opened_at = values.instant(data.get("openedDate"), how.zone)
    return Story(
        number=number,
        product_id=book.product_of(remote.product_ref) or "",
        title=remote.title,
        status=_status(remote, data, how),
        stage=stage_of(remote.stage),
        version=values.number(data.get("version")) or 1,
        spec=to_text(remote.spec_html),
        verify=to_text(remote.verify_html),
        priority=remote.priority,
        category=str(data.get("category") or ""),
        module=how.modules.get(remote.module_ref, ""),
        estimate=remote.estimate,
        plan_id=_plan(remote, book),
        assigned_to=_assignee(remote, book),
        opened_by=_opener(remote, book),
        reviewers=_reviewers(remote, how),
        closed_reason=reason_of(remote.closed_reason),
        opened_at=opened_at,
        changed_at=remote.edited_at or opened_at,
        stage_at=_stage_at(remote, data, how.zone),
        url=how.url(number),
    )


def _status(remote: RemoteStory, data: Mapping[str, Any], how: Reading) -> Status:
    """The status; without a call to submit, 18.x leaves stories with open votes as they were."""
    status = status_of(remote.status, closed=_looks_closed(data))
    if how.submits or not remote.open_votes:
        return status
    unagreed = status in {Status.DRAFT, Status.CHANGING}
    waits = unagreed or (status is Status.ACTIVE and _changed_since_agreed(remote))
    return Status.REVIEWING if waits else status


def _changed_since_agreed(remote: RemoteStory) -> bool:
    """Whether the newest version has no outcome yet.

    Votes may stay open on an agreed story as well: a super reviewer decides alone.
    """
    for item in reversed(remote.actions):
        if item.action.action in OUTCOMES:
            return False
        if item.action.action == "changed":
            return True
    return False


def status_of(word: str, *, closed: bool) -> Status:
    """Our status for ZenTao's word.

    ``""`` is what a vote that was not the last leaves behind (§6.4 of the recorded behaviour): the
    review goes on. A word of a paid edition or of an administrator is active, or closed.
    """
    if not word:
        return Status.REVIEWING
    if word in _STATUSES:
        return Status(word)
    return Status.CLOSED if closed else Status.ACTIVE


def stage_of(word: str) -> Stage:
    """Our stage for ZenTao's word; one that we do not know has not begun."""
    return Stage(word) if word in _STAGES else Stage.WAIT


def reason_of(word: str) -> ClosedReason | None:
    """Our reason for ZenTao's word; None for none and for one that we do not know."""
    return ClosedReason(word) if word in _REASONS else None


def _odd(data: Mapping[str, Any]) -> frozenset[str]:
    words = {
        "status": (str(data.get("status") or ""), _STATUSES),
        "stage": (str(data.get("stage") or ""), _STAGES),
        "closed_reason": (str(data.get("closedReason") or ""), _REASONS),
    }
    return frozenset(name for name, (word, known) in words.items() if word and word not in known)


def _looks_closed(data: Mapping[str, Any]) -> bool:
    return data.get("stage") == Stage.CLOSED or bool(data.get("closedDate"))


def _plan(remote: RemoteStory, book: AccountBook) -> str | None:
    found = (book.plan_of(ref) for ref in values.refs(remote.plan_ref))
    return next((plan for plan in found if plan), None)


def _assignee(remote: RemoteStory, book: AccountBook) -> str | None:
    """ZenTao assigns a closed story to the account “closed”, which is nobody."""
    if not remote.assignee or remote.assignee == Status.CLOSED:
        return None
    return book.person_of(remote.assignee)


def _opener(remote: RemoteStory, book: AccountBook) -> str | None:
    """Who created it: for the API account the person who signed."""
    signed = next((a.action.actor for a in remote.actions if a.action.action == "opened"), None)
    return signed or book.person_of(remote.opened_by)


def _reviewers(remote: RemoteStory, how: Reading) -> tuple[str, ...]:
    """The people among the reviewers.

    A draft must name a reviewer where reviews are required; the API account then stands in for
    nobody.
    """
    names = remote.reviewers
    if names == (how.bot,) and remote.status in {Status.DRAFT, Status.CHANGING}:
        return ()
    found = (how.book.person_of(name) for name in names)
    return tuple(dict.fromkeys(person for person in found if person))


def _stage_at(remote: RemoteStory, data: Mapping[str, Any], zone: ZoneInfo) -> datetime | None:
    """When the stage last changed, as far as ZenTao tells.

    A stage that it computed itself leaves no trace: None then, and whoever compares knows best.
    """
    if remote.stage == Stage.CLOSED:
        return values.instant(data.get("closedDate"), zone)
    by_hand = (
        x.action.at for x in remote.actions if x.action.changes and "stage" in x.action.changes
    )
    last = max(by_hand, default=None)
    if remote.stage == Stage.VERIFIED:
        return last or values.instant(data.get("verifiedDate"), zone)
    return last


_PLACEHOLDER = Story(0, "", "", Status.DRAFT, Stage.WAIT, 1)
