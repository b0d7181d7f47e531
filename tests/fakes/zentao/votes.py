"""Reviews: submit, vote, recall (facts §6.4, §6.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.fakes.zentao.editing import hours, whole
from tests.fakes.zentao.log import difference, snapshot
from tests.fakes.zentao.markup import purify
from tests.fakes.zentao.rows import Row
from tests.fakes.zentao.stories import Stories, empty_field
from tests.fakes.zentao.web import Invalid
from tests.fakes.zentao.words import say

AGAINST: Final = ("clarify", "revert", "reject")
SYSTEM_ACTIONS: Final = {
    "pass": "reviewpassed",
    "clarify": "reviewclarified",
    "revert": "reviewreverted",
    "reject": "reviewrejected",
}


def outcome_of(results: Sequence[str], *, half: bool) -> str | None:
    """The verdict of a full set of votes: all pass, or the majority of those against."""
    passed = sum(result == "pass" for result in results)
    if passed == len(results) or (half and passed * 2 > len(results)):
        return "pass"
    against = Counter(result for result in results if result in AGAINST)
    if not against:
        return None
    most = max(against.values())
    return next(result for result in AGAINST if against[result] == most)


class Reviews:
    """Writes of the review, on top of the rules of stories."""

    def __init__(self, stories: Stories) -> None:
        self._stories = stories
        self._state = stories.state

    def submit(self, who: str, story: Row, fields: Mapping[str, Any], lang: str) -> None:
        """Ask reviewers; where none are needed and none given, it is active at once."""
        names = fields.get("reviewer")
        names = [str(name) for name in names] if isinstance(names, list) else []
        waived = fields.get("needNotReview") and not self._state.settings.review_required
        if not names and not waived:
            raise Invalid({"reviewer": empty_field("reviewers", lang)})
        if names:
            self._state.votes[story["id"], story["version"]] = dict.fromkeys(names, "")
            story["reviewedBy"] = ""
        story["status"] = "reviewing" if names else "active"
        self._stories.write_log(story, "submitreview", who)

    def recall(self, who: str, story: Row) -> None:
        """Take back the review, or withdraw a change; from any other status only a note."""
        was = story["status"]
        key = (story["id"], story["version"])
        if was == "reviewing":
            self._state.votes.pop(key, None)
            story["status"] = "changing" if story["changedBy"] else "draft"
            story["reviewedBy"] = ""
        elif was == "changing" and story["version"] > 1:
            self._drop_version(story)
            story["status"] = "active"
        withdrawn = was == "changing"
        self._stories.write_log(story, "recalledchange" if withdrawn else "recalled", who)

    def _drop_version(self, story: Row) -> None:
        key = (story["id"], story["version"])
        self._state.votes.pop(key, None)
        self._state.specs.pop(key, None)
        story["version"] -= 1

    def review(
        self, who: str, story: Row, fields: Mapping[str, Any], lang: str, *, v2: bool
    ) -> None:
        """One vote by the calling account, a reviewer or not."""
        result = str(fields.get("result") or "")
        reason = str(fields.get("closedReason") or "")
        duplicate = whole(fields.get("duplicateStory", 0)) if v2 else 0
        self._check(result, reason, duplicate, lang)
        before = snapshot(self._state, story)
        named = who in self._state.reviewers(story)
        if named:
            self._state.votes[story["id"], story["version"]][who] = result
        self._wipe(story, fields, v2=v2)
        seen = [name for name in story["reviewedBy"].split(",") if name]
        story["reviewedBy"] = "".join(f",{name}" for name in dict.fromkeys([*seen, who]))
        self._stories.touch(story, who)
        verdict = self._verdict(who, story, result, named=named)
        extra = f"Reject,{reason}" if result == "reject" else result.capitalize()
        comment = purify(str(fields.get("comment", "")))
        if verdict is None:
            if not self._state.version.old:
                story["status"] = str(fields.get("status") or "") if v2 else ""
            changes = difference(before, snapshot(self._state, story))
            self._stories.write_log(
                story, "reviewed", who, comment=comment, extra=extra, changes=changes
            )
            return
        self._apply(who, story, verdict, reason, duplicate)
        self._stories.write_log(story, "reviewed", who, comment=comment, extra=extra)
        changes = difference(before, snapshot(self._state, story))
        self._stories.write_log(
            story, SYSTEM_ACTIONS[verdict], "system", extra="draft", changes=changes
        )

    def _check(self, result: str, reason: str, duplicate: int, lang: str) -> None:
        if not result:
            raise Invalid({"result": [say("no_result", lang)]})
        if result == "reject" and not reason:
            raise Invalid([empty_field("reject_reason", lang)])
        needs = result == "reject" and reason == "duplicate" and not self._state.version.old
        if needs and not duplicate:
            raise Invalid([empty_field("duplicateStory", lang)])

    def _wipe(self, story: Row, fields: Mapping[str, Any], *, v2: bool) -> None:
        keeps = self._state.version.old
        if not keeps or "pri" in fields:
            story["pri"] = whole(fields.get("pri", 0))
        if not keeps or "estimate" in fields:
            story["estimate"] = hours(fields.get("estimate", 0))
        story["assignedTo"] = str(fields.get("assignedTo") or "") if v2 else ""
        if keeps:
            story["reviewedDate"] = self._state.now()[:10]
        elif fields.get("reviewedDate"):
            story["reviewedDate"] = str(fields["reviewedDate"])

    def _verdict(self, who: str, story: Row, result: str, *, named: bool) -> str | None:
        if who in self._state.settings.super_reviewers:
            return result if result in SYSTEM_ACTIONS else None
        votes = list(self._state.reviewers(story).values())
        if not named or not all(votes):
            return None
        return outcome_of(votes, half=self._state.settings.half_pass)

    def _apply(self, who: str, story: Row, verdict: str, reason: str, duplicate: int) -> None:
        if verdict == "pass":
            story["status"] = "active"
        elif verdict == "clarify":
            story["status"] = "changing" if story["changedBy"] else "draft"
            story["reviewedBy"] = ""
        elif verdict == "revert":
            # On version 1 this empties the story: version 0 has no text.
            self._drop_version(story)
            story["status"] = "active"
        else:
            self._state.before_close[story["id"]] = "active"
            self._stories.shut(who, story, reason, duplicate)
