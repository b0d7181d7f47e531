"""Where a story stands: submit, recall, close, activate; and comments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from domain.errors import UserError
from domain.messages import T
from domain.stories import ClosedReason, Status, Story, story_number
from domain.story_machine import Act
from trackers.zentao import guards
from trackers.zentao.client import V1, V2, ZentaoMissing
from trackers.zentao.edits import UNAGREED, Edits
from trackers.zentao.errors import ZentaoIgnored
from trackers.zentao.remote import RemoteStory
from trackers.zentao.text import same

_RECALLED = frozenset({"recalled", "recalledchange"})


class Moves(Edits):
    """Submit, recall, close, activate, comment."""

    def submit_for_review(self, number: int, reviewers: Sequence[str], actor: str) -> Story:
        """Draft or changing → reviewing by these people."""
        if not reviewers:
            raise UserError("story.needs_reviewers", ref=f"S{number}")
        names = guards.accounts_of(self._book, reviewers)
        done = self._write(
            number,
            Act.SUBMIT,
            already=lambda now: self._is_reviewed_by(now, names),
            done=lambda _, now: self._is_reviewed_by(now, names),
            send=lambda before: self._submit(before, names),
        )
        return self._sign(done, actor)

    def recall(self, number: int, actor: str) -> Story:
        """Reviewing → draft (or changing); changing → the version before, active."""

        def send(before: RemoteStory) -> None:
            number = before.story.number
            if self.facts().v2:
                path = f"{V2}/stories/{number}/recall"
                self._call("PUT", path, "story-recall", {}, {"confirm": "yes"})
            elif before.status == Status.DRAFT:
                # 18.x calls it a draft although its reviewers are asked: without them it is one.
                self._put(before, {"reviewer": []})
            else:
                self._call("DELETE", f"{V1}/stories/{number}/recall", "story-recall")

        done = self._write(number, Act.RECALL, already=_was_recalled, done=_moved_back, send=send)
        return self._sign(done, actor)

    def close(self, number: int, reason: ClosedReason, comment: str, actor: str) -> Story:
        """Close with a reason.

        A duplicate needs the story that stays: the first one that the comment names (``S12``).
        """
        body: dict[str, Any] = {"closedReason": reason.value}
        if reason is ClosedReason.DUPLICATE:
            body["duplicateStory"] = _named(comment, number)
        return self._close(number, body, comment, actor)

    def close_as_duplicate(self, number: int, of: int, comment: str, actor: str) -> Story:
        """Close as a duplicate of another story."""
        self.remote(of)
        body = {"closedReason": ClosedReason.DUPLICATE.value, "duplicateStory": of}
        return self._close(number, body, comment, actor)

    def activate(self, number: int, comment: str, actor: str) -> Story:
        """Reopen: back to the status before closing (reviewing → draft)."""

        def send(before: RemoteStory) -> None:
            said = self._comment(comment, actor)
            # Without an assignee it is nobody's; a body without anything is refused.
            body = {"comment": said} if said else {"assignedTo": ""}
            self._on_story("activate", "active", before, "story-activate", body)

        done = self._write(
            number,
            Act.ACTIVATE,
            already=_is_open,
            done=lambda _, now: _is_open(now),
            send=send,
        )
        return done.story

    def comment(self, number: int, text: str, actor: str) -> None:
        """Add a comment to the history; an empty one is none."""
        before = self._ours(number)
        if not text.strip() or (self._look_first and _said_lately(before, text)):
            return
        self._say(before, self._comment(text, actor))
        if not _said_lately(self.remote(number), text):
            raise ZentaoIgnored(before.story.ref, T("zentao.act.comment"))

    def _is_reviewed_by(self, now: RemoteStory, names: Collection[str]) -> bool:
        """Whether it is under review by exactly these accounts; v1 need not tell by whom."""
        known = set(now.reviewers)
        by_them = known == set(names) or not (known or self.facts().v2)
        return now.story.status is Status.REVIEWING and by_them

    def _submit(self, before: RemoteStory, names: list[str]) -> None:
        number = before.story.number
        if self.facts().v2:
            path = f"{V2}/stories/{number}/submitReview"
            self._call("PUT", path, "story-submitReview", {"reviewer": names})
            return
        try:
            path = f"{V1}/stories/{number}/submitreview"
            self._call("POST", path, "story-submitReview", {"reviewer": names})
        except ZentaoMissing:
            self._under_review_v1(before, names)

    def _under_review_v1(self, before: RemoteStory, names: Sequence[str]) -> None:
        """18.x has no call to submit: reviewers and status are set by an edit."""
        fields = {"reviewer": list(names), "status": Status.REVIEWING.value}
        path = f"{V1}/stories/{before.story.number}"
        self._call("PUT", path, "story-edit", {"title": before.title, **fields})

    def _close(self, number: int, body: Mapping[str, Any], comment: str, actor: str) -> Story:
        reason = str(body["closedReason"])

        def there(now: RemoteStory) -> bool:
            return now.story.status is Status.CLOSED and now.closed_reason == reason

        def send(before: RemoteStory) -> None:
            full = {**body, "comment": self._comment(comment, actor)}
            self._on_story("close", "close", before, "story-close", full)

        done = self._write(
            number, Act.CLOSE, already=there, done=lambda _, now: there(now), send=send
        )
        return done.story


def _was_recalled(now: RemoteStory) -> bool:
    return bool(now.actions) and now.actions[-1].action.action in _RECALLED


def _moved_back(before: RemoteStory, now: RemoteStory) -> bool:
    if before.story.status is Status.REVIEWING:
        return now.story.status in UNAGREED
    return now.story.status is Status.ACTIVE and now.story.version == before.story.version - 1


def _is_open(now: RemoteStory) -> bool:
    return now.story.status is not Status.CLOSED


def _said_lately(now: RemoteStory, text: str) -> bool:
    lately = [x.action for x in now.actions[-8:] if x.ours]
    return any(same(x.comment, text) for x in lately)


def _named(comment: str, number: int) -> int:
    """The story that a comment names; a duplicate is a duplicate of something."""
    words = comment.replace("，", " ").replace("。", " ").replace("：", " ").split()
    found = next((n for n in map(story_number, words) if n and n != number), None)
    if found is None:
        raise UserError("zentao.duplicate_of_what", ref=f"S{number}")
    return found
