"""One write: look, guard, send, read back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from domain.errors import DubanError
from domain.messages import T
from domain.stories import Status, Story
from domain.story_machine import Act
from trackers.zentao import guards, voice
from trackers.zentao.actions import awaits_name
from trackers.zentao.client import V1, V2, Call
from trackers.zentao.errors import (
    ZentaoAway,
    ZentaoBroken,
    ZentaoConflict,
    ZentaoIgnored,
    ZentaoRefused,
)
from trackers.zentao.reading import Reads
from trackers.zentao.remote import RemoteStory
from trackers.zentao.text import same, to_html

_log = logging.getLogger("duban.zentao")

Done = Callable[[RemoteStory, RemoteStory], bool]
"""Whether the story (second) is as wanted, given what it was before (first)."""

Already = Callable[[RemoteStory], bool]
"""Whether an earlier try has brought the story to where it is wanted."""

Send = Callable[[RemoteStory], None]


class Writing(Reads):
    """How every write of a story goes."""

    def _write(
        self, number: int, act: Act, *, already: Already, done: Done, send: Send
    ) -> RemoteStory:
        """Look at the story, refuse what must not be, send, and believe only what is read back.

        When the answer is lost, what is read back decides; if that cannot be had either, the error
        says that it is doubtful, and :meth:`looking_first` finds out later.
        """
        before = self._ours(number)
        if self._look_first and already(before):
            return before
        guards.allowed(act, before)
        try:
            send(before)
        except (ZentaoAway, ZentaoBroken) as error:
            return self._after_doubt(before, done, error)
        except ZentaoRefused as error:
            if self._moved(before):
                raise ZentaoConflict(before.story.ref) from error
            raise
        after = self.remote(number)
        if not done(before, after):
            raise ZentaoIgnored(after.story.ref, T(f"zentao.act.{act.value}"))
        return after

    def _ours(self, number: int) -> RemoteStory:
        """A story that may be written to."""
        found = self.remote(number)
        guards.ours(found, self._book)
        return found

    def _after_doubt(
        self, before: RemoteStory, done: Done, error: ZentaoAway | ZentaoBroken
    ) -> RemoteStory:
        if not error.doubtful:
            raise error
        try:
            after = self.remote(before.story.number)
        except (ZentaoAway, ZentaoBroken):
            raise error from None
        if done(before, after):
            return after
        raise error

    def _moved(self, before: RemoteStory) -> bool:
        """Whether somebody edited the story since: then its lock refused us, whatever it says."""
        return self.remote(before.story.number).edited != before.edited

    def _put(self, before: RemoteStory, fields: Mapping[str, Any], comment: str = "") -> None:
        """Edit in place.

        The decoded title always goes along (the server would put back its escaped one and escape it
        once more), and in v1 the reviewers (it would remove them). v2 keeps the rest and refuses
        when somebody edited the story after we read it.

        :param comment: as HTML, signed; v1 has no place for it, see :meth:`_finish`.
        """
        path = f"stories/{before.story.number}"
        body: dict[str, Any] = {"title": before.title, **fields}
        if self.facts().v2:
            if before.edited:
                body["lastEditedDate"] = before.edited
            if comment:
                body["comment"] = comment
            self._call("PUT", f"{V2}/{path}", "story-edit", body)
            return
        body.setdefault("reviewer", self._kept_reviewers(before))
        self._call("PUT", f"{V1}/{path}", "story-edit", body)

    def _kept_reviewers(self, before: RemoteStory) -> list[str]:
        """Reviewers to send along in v1: on an agreed story they would start a new review."""
        if before.story.status in {Status.ACTIVE, Status.CLOSED}:
            return []
        return list(before.reviewers)

    def _say(self, remote: RemoteStory, comment: str) -> None:
        """A line of its own in the story's history.

        v1 has no call for it. A change that changes nothing leaves its comment and nothing else,
        as long as everything is sent back exactly as it is.
        """
        number = remote.story.number
        if self.facts().v2:
            body: dict[str, Any] = {"actioncomment": comment}
            query = {"objectType": "story", "objectID": number}
            self._call("POST", f"{V2}/actions/comment", "action-comment", body, query)
            return
        if remote.story.status is Status.CLOSED:
            raise ZentaoRefused("", key="zentao.no_comment_closed", ref=remote.story.ref)
        body = {
            "title": remote.title,
            "spec": remote.spec_html,
            "verify": remote.verify_html,
            "reviewer": list(remote.reviewers),
            "comment": comment,
        }
        self._call("POST", f"{V1}/stories/{number}/change", "story-change", body)

    def _finish(self, remote: RemoteStory, comment: str, actor: str) -> Story:
        """Put down what the call had no place for: the comment, or at least who was behind it."""
        if not comment.strip():
            return self._sign(remote, actor)
        last = remote.actions[-1] if remote.actions else None
        if last and last.ours and same(last.action.comment, comment):
            return remote.story
        self._say(remote, self._comment(comment, actor))
        return self.story(remote.story.number)

    def _sign(self, remote: RemoteStory, actor: str) -> Story:
        """Name the person behind a call that takes no comment, in a line of its own."""
        if not remote.actions or not awaits_name(remote.actions[-1]):
            return remote.story
        signature = self._comment("", actor)
        if not signature:
            return remote.story
        try:
            self._say(remote, signature)
            return self.story(remote.story.number)
        except ZentaoAway:
            raise  # whoever tries again later looks first, and only the line is added then
        except DubanError as error:
            # What was asked for is done and read back; only the name beside it is missing.
            _log.warning("zentao.unsigned story=%s reason=%s", remote.story.number, error.key)
            return remote.story

    def _comment(self, text: str, actor: str) -> str:
        """A comment as HTML, signed with the person who acted."""
        name = self._book.name_of(actor)
        account = self._book.account_of(actor)
        if account and account.casefold() == self._client.account.casefold():
            return to_html(text.strip())  # it stands under their own name
        return voice.spoken(text, name, account, voice.locale_of(self.facts().language))

    def _call(
        self,
        method: str,
        path: str,
        privilege: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str | int] | None = None,
    ) -> Any:
        return self._client.call(Call(method, path, privilege, query, body))

    def _assign(self, before: RemoteStory, account: str, comment: str) -> None:
        """Give it to an account, or with ``""`` to nobody.

        v2 looks for the account and is not known to take an empty one; v1 takes it.
        """
        body = {"assignedTo": account, "comment": comment}
        if account:
            self._on_story("assignTo", "assign", before, "story-assignTo", body)
        else:
            path = f"{V1}/stories/{before.story.number}/assign"
            self._call("POST", path, "story-assignTo", body)

    def _on_story(
        self,
        v2_word: str,
        v1_word: str,
        before: RemoteStory,
        privilege: str,
        body: Mapping[str, Any],
    ) -> None:
        """Call a method of a story that both versions have, by its name there."""
        number = before.story.number
        if self.facts().v2:
            self._call("PUT", f"{V2}/stories/{number}/{v2_word}", privilege, body)
        else:
            self._call("POST", f"{V1}/stories/{number}/{v1_word}", privilege, body)
