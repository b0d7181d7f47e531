"""A change: a new version of a story, never past the review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.stories import Status, Story
from domain.story_fields import checked_fields
from domain.story_machine import Act
from trackers.zentao import guards
from trackers.zentao.client import V1, V2
from trackers.zentao.remote import RemoteStory
from trackers.zentao.text import rewritten, same
from trackers.zentao.verdicts import Verdicts


@dataclass(frozen=True, slots=True)
class _Words:
    """What the story is to say, and who is to agree."""

    title: str
    spec: str
    verify: str
    names: tuple[str, ...]

    def said_by(self, now: RemoteStory) -> bool:
        """Whether the story says so already; white space aside."""
        title = now.title.split() == self.title.split()
        return title and same(now.story.spec, self.spec) and same(now.story.verify, self.verify)


class Changing(Verdicts):
    """Changes."""

    def change(
        self,
        number: int,
        *,
        title: str,
        spec: str,
        verify: str,
        reviewers: Sequence[str],
        comment: str,
        actor: str,
    ) -> Story:
        """A new version. With reviewers it goes to review.

        Without, it takes effect at once; where ZenTao requires reviews that raises ``UserError``
        (``story.cannot.change_unreviewed``), because the server would skip the review silently.
        """
        given = checked_fields({"title": title, "spec": spec, "verify": verify})
        names = guards.accounts_of(self._book, reviewers)
        words = _Words(given["title"], given["spec"], given["verify"], tuple(names))

        def send(before: RemoteStory) -> None:
            self._change(before, words, comment, self._comment(comment, actor))

        done = self._write(
            number,
            Act.CHANGE,
            already=lambda now: self._changed_already(now, words),
            done=lambda before, now: self._changed(before, now, words),
            send=send,
        )
        return self._marked(done, words)

    def _change(self, before: RemoteStory, words: _Words, comment: str, said: str) -> None:
        if words.said_by(before):
            if words.names:
                self._put_under_review(before, words, said)
            elif comment.strip():
                self._say(before, said)
            return
        required = self.facts().review_required
        guards.reviewed_change(before, words.names, review_required=required)
        if self.facts().v2:
            self._change_v2(before, words, said)
        else:
            self._change_v1(before, words, said)

    def _change_v2(self, before: RemoteStory, words: _Words, said: str) -> None:
        """With the status that it is to have: without it, it would stay active, unvoted."""
        status = Status.REVIEWING if words.names else before.story.status
        names = list(words.names)
        if not names and self.facts().review_required:
            names = [self._client.account]
        body = self._body(before, words, said)
        body |= {"reviewer": names, "status": status.value}
        if before.edited:
            body["lastEditedDate"] = before.edited
        path = f"{V2}/stories/{before.story.number}/change"
        self._call("PUT", path, "story-change", body)

    def _change_v1(self, before: RemoteStory, words: _Words, said: str) -> None:
        body = {**self._body(before, words, said), "reviewer": list(words.names)}
        path = f"{V1}/stories/{before.story.number}/change"
        self._call("POST", path, "story-change", body)

    def _marked(self, changed: RemoteStory, words: _Words) -> Story:
        """18.x leaves a changed story active beside its open votes; where it can be told, it is."""
        told = self.facts().submits or changed.status == Status.REVIEWING
        if told or not words.names:
            return changed.story
        self._under_review_v1(changed, words.names)
        return self.story(changed.story.number)

    def _put_under_review(self, before: RemoteStory, words: _Words, said: str) -> None:
        """The same words with reviewers: a review of what stands there."""
        if before.story.status is Status.CHANGING:
            self._submit(before, list(words.names))
        elif self.facts().v2:
            fields = {"reviewer": list(words.names), "status": Status.REVIEWING.value}
            self._put(before, fields, said)
        else:
            self._under_review_v1(before, words.names)

    def _body(self, before: RemoteStory, words: _Words, said: str) -> dict[str, Any]:
        return {
            "title": words.title,
            "spec": rewritten(before.spec_html, words.spec),
            "verify": rewritten(before.verify_html, words.verify),
            "comment": said,
        }

    def _changed_already(self, now: RemoteStory, words: _Words) -> bool:
        if not words.said_by(now):
            return False
        if words.names:
            return self._is_reviewed_by(now, words.names)
        return now.story.version > 1

    def _changed(self, before: RemoteStory, now: RemoteStory, words: _Words) -> bool:
        if not words.said_by(now):
            return False
        if words.names and not self._is_reviewed_by(now, words.names):
            return False
        newer = 0 if words.said_by(before) else 1
        return now.story.version == before.story.version + newer
