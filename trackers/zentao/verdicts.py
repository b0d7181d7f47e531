"""Reviews: a vote, and the outcome of a review that was held in Duban.

In ZenTao a vote counts for the account that casts it, and the outcome falls with the last named
reviewer's vote. So where the votes are Duban's, the API account takes the place of those who have
not voted there and votes what was decided; votes that people cast in ZenTao itself and that say the
same are kept. Names stand in the comment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from domain.messages import T
from domain.settings import Votes
from domain.stories import Ballot, ClosedReason, Status, Story, Verdict
from domain.story_machine import Act
from trackers.zentao import guards, voice
from trackers.zentao.errors import ZentaoIgnored
from trackers.zentao.moves import Moves
from trackers.zentao.remote import RemoteStory

_LOGGED = {
    Verdict.PASS: "reviewpassed",
    Verdict.CLARIFY: "reviewclarified",
    Verdict.REJECT: "reviewrejected",
    Verdict.REVERT: "reviewreverted",
}
_BEGINS_A_ROUND = frozenset({"opened", "submitreview", "changed", "recalled", "recalledchange"})


class Verdicts(Moves):
    """Votes and outcomes."""

    def record_verdict(
        self,
        number: int,
        verdict: Verdict,
        comment: str,
        actor: str,
        *,
        ballots: Sequence[Ballot] = (),
    ) -> Story:
        """Apply the outcome of a review, as the whole of it, not as one vote more."""
        del ballots  # this account has one vote (``trackers.zentao.sync.voting`` casts the others)
        return self._decide(number, verdict, ClosedReason.WILLNOTDO, comment, actor)

    def close_rejected(self, number: int, reason: ClosedReason, comment: str, actor: str) -> Story:
        """The outcome “rejected”, closed with this reason (any but a duplicate)."""
        return self._decide(number, Verdict.REJECT, reason, comment, actor)

    def vote(self, number: int, verdict: Verdict, comment: str, actor: str) -> Story:
        """The calling account's own vote as a reviewer; the last one decides."""
        account = self._client.account

        def send(before: RemoteStory) -> None:
            guards.revertible(before, verdict)
            guards.voter(before, account)
            said = self._comment(comment, actor)
            self._cast(before, verdict, ClosedReason.WILLNOTDO, said)

        done = self._write(
            number,
            Act.VERDICT,
            already=lambda now: account in now.reviewers and account not in now.open_votes,
            done=lambda _, now: account not in now.open_votes and bool(now.status),
            send=send,
        )
        return done.story

    def _decide(
        self, number: int, verdict: Verdict, reason: ClosedReason, comment: str, actor: str
    ) -> Story:
        def send(before: RemoteStory) -> None:
            guards.revertible(before, verdict)
            ready = before if self._votes is Votes.SUPER else self._alone(before, verdict, actor)
            self._cast(ready, verdict, reason, self._comment(comment, actor))
            self._repair(ready, actor)

        done = self._write(
            number,
            Act.VERDICT,
            already=lambda now: _just_decided(now, verdict),
            done=_DONE[verdict],
            send=send,
        )
        return done.story

    def _alone(self, before: RemoteStory, verdict: Verdict, actor: str) -> RemoteStory:
        """The story with the API account's vote as the only open one."""
        bot = self._client.account
        # An edit keeps votes of a story under review alone; of any other it opens them all again.
        agreed = _agreeing(before, verdict) if before.status in {"", Status.REVIEWING} else []
        kept = [x for x in agreed if x != bot]
        wanted = [*kept, bot]
        if set(before.open_votes) == {bot} and set(before.reviewers) == set(wanted):
            return before
        fields: dict[str, Any] = {"reviewer": wanted}
        if not before.status:
            fields["status"] = Status.REVIEWING.value
        self._put(before, fields, self._comment(self._stands_in(before), actor))
        after = self.remote(before.story.number)
        if not self._is_reviewed_by(after, wanted):
            raise ZentaoIgnored(before.story.ref, T("zentao.act.reviewers"))
        return after

    def _stands_in(self, before: RemoteStory) -> str:
        """Why the reviewers change, with the names of those who are to review."""
        people = [(x, self._book.person_of(x)) for x in before.reviewers]
        names = [self._book.name_of(p) if p else x for x, p in people if x != self._client.account]
        return voice.stands_in(names, voice.locale_of(self.facts().language)) if names else ""

    def _cast(
        self, before: RemoteStory, verdict: Verdict, reason: ClosedReason, comment: str
    ) -> None:
        """Vote with every field that ZenTao would wipe if it were not sent."""
        body: dict[str, Any] = {
            "result": verdict.value,
            "comment": comment,
            "pri": before.priority,
            "estimate": before.estimate,
        }
        if verdict is Verdict.REJECT:
            body["closedReason"] = reason.value
        if self.facts().v2:
            body["status"] = Status.REVIEWING.value
            if before.assignee:
                body["assignedTo"] = before.assignee
        self._on_story("review", "review", before, "story-review", body)

    def _repair(self, before: RemoteStory, actor: str) -> None:
        """v1 cannot send the assignee along with a vote and drops it: give it back."""
        if self.facts().v2 or not before.assignee:
            return
        after = self.remote(before.story.number)
        if after.story.status is Status.CLOSED or after.assignee == before.assignee:
            return
        self._assign(after, before.assignee, self._comment("", actor))


def _agreeing(now: RemoteStory, verdict: Verdict) -> list[str]:
    """Reviewers who have voted in ZenTao itself, in this round, and said the same."""
    votes: dict[str, str] = {}
    for item in now.actions:
        if item.action.action in _BEGINS_A_ROUND:
            votes.clear()
        elif item.action.action == "reviewed":
            votes[item.actor] = item.action.extra.split(",")[0].strip().lower()
    voted = [x for x in now.reviewers if x not in now.open_votes]
    return [x for x in voted if votes.get(x) == verdict.value]


def _just_decided(now: RemoteStory, verdict: Verdict) -> bool:
    """Whether the newest outcome in its history is this one."""
    for item in reversed(now.actions):
        word = item.action.action
        if word in _LOGGED.values():
            return word == _LOGGED[verdict] and now.story.status is not Status.REVIEWING
        if word in _BEGINS_A_ROUND:
            return False
    return False


def _passed(before: RemoteStory, now: RemoteStory) -> bool:
    return now.story.status is Status.ACTIVE and now.story.version == before.story.version


def _clarified(before: RemoteStory, now: RemoteStory) -> bool:
    same_version = now.story.version == before.story.version
    return now.story.status in {Status.DRAFT, Status.CHANGING} and same_version


def _rejected(_: RemoteStory, now: RemoteStory) -> bool:
    return now.story.status is Status.CLOSED


def _reverted(before: RemoteStory, now: RemoteStory) -> bool:
    return now.story.status is Status.ACTIVE and now.story.version == before.story.version - 1


_DONE: dict[Verdict, Callable[[RemoteStory, RemoteStory], bool]] = {
    Verdict.PASS: _passed,
    Verdict.CLARIFY: _clarified,
    Verdict.REJECT: _rejected,
    Verdict.REVERT: _reverted,
}
