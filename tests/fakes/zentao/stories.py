"""The rules of stories: create, edit, change, close, activate, assign (facts §6, §7).

Nothing here asks whether a step is allowed: neither does the server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.fakes.zentao.editing import (
    accounts_of,
    edit_columns,
    edit_stage,
    edit_text,
    hours,
    plan_of,
    whole,
)
from tests.fakes.zentao.log import Log, difference, snapshot
from tests.fakes.zentao.markup import escape_again, escape_title, purify
from tests.fakes.zentao.rows import Row
from tests.fakes.zentao.stages import computed_stage
from tests.fakes.zentao.state import Spec, State
from tests.fakes.zentao.web import Crash, Invalid
from tests.fakes.zentao.words import field_name, say

NO_PLAN: Final = frozenset({"", "0"})


def empty_field(name: str, lang: str) -> str:
    """『…』不能为空。"""
    return say("empty", lang, field_name(name, lang))


class Stories:
    """Writes to stories; ``who`` is an account."""

    def __init__(self, state: State, log: Log) -> None:
        self.state = state
        self.log = log

    # -- small steps that others share ---------------------------------------------------------

    def write_log(self, story: Row, action: str, actor: str, **details: Any) -> None:
        """An action of a story; one in a sprint names its sprint and project."""
        sprint = next((n for n, rows in self.state.linked.items() if story["id"] in rows), 0)
        if sprint and "execution" not in details:
            row = self.state.executions.get(sprint)
            details |= {"execution": sprint, "project": row["project"] if row else 0}
        self.log.write("story", story["id"], action, actor, product=story["product"], **details)

    def touch(self, story: Row, who: str) -> None:
        """Who edited it last; the optimistic lock compares this."""
        story["lastEditedBy"], story["lastEditedDate"] = who, self.state.now()

    def check_title(self, title: str, lang: str) -> None:
        """Not empty, at most 255 characters."""
        if title == "":
            raise Invalid({"title": [empty_field("title", lang)]}, blank=True)
        if len(title) > 255:
            raise Invalid({"title": [say("long", lang, field_name("title", lang))]})

    def set_reviewers(self, story: Row, names: Sequence[str]) -> None:
        """Who is asked about the current version; given votes of those who stay are kept."""
        key = (story["id"], story["version"])
        given = self.state.votes.get(key, {})
        self.state.votes[key] = {name: given.get(name, "") for name in names}

    def set_plan(self, story: Row, plan: str, who: str) -> None:
        """Another plan by editing: the plans log it, the story only its edit."""
        old = story["plan"]
        if plan == old:
            return
        story["plan"] = plan
        for number, action in ((old, "unlinkstory"), (plan, "linkstory")):
            if number in NO_PLAN:
                continue
            known = self.state.plans.get(whole(number))
            if known is not None:
                if action == "linkstory":
                    known.linked.append(story["id"])
                elif story["id"] in known.linked:
                    known.linked.remove(story["id"])
            self.log.write(
                "productplan", whole(number), action, who,
                product=story["product"], extra=str(story["id"]),
            )  # fmt: skip
        self.restage(story)

    def restage(self, story: Row) -> None:
        """Compute the stage, unless somebody set it by hand."""
        if not story["stagedBy"]:
            story["stage"] = computed_stage(self.state, story)

    # -- writes --------------------------------------------------------------------------------

    def create(
        self, who: str, product: int, fields: Mapping[str, Any], reviewers: Sequence[str], lang: str
    ) -> Row:
        """A new story; the caller has checked what its API checks first."""
        title = str(fields.get("title", ""))
        self.check_title(title, lang)
        now = self.state.now()
        draft = fields.get("status") == "draft" or not self.state.version.submits
        status = "draft" if draft else "reviewing" if reviewers else "active"
        plan = "" if self.state.version.old else plan_of(fields.get("plan") or 0)
        story = self.state.stories.add(
            product=product, status=status, openedBy=who, openedDate=now,
            pri=whole(fields.get("pri", 3)), category=str(fields.get("category") or "feature"),
            estimate=hours(fields.get("estimate", 0)), source=str(fields.get("source", "")),
            sourceNote=str(fields.get("sourceNote", "")), module=whole(fields.get("module", 0)),
            keywords=str(fields.get("keywords", "")), mailto=accounts_of(fields.get("mailto")),
            parent=whole(fields.get("parent", 0)), assignedTo=str(fields.get("assignedTo", "")),
            version=1, lastEditedBy="", lastEditedDate="",
        )  # fmt: skip
        if story["assignedTo"]:
            story["assignedDate"] = now
        number = story["id"]
        self.state.specs[number, 1] = Spec(
            escape_title(title), purify(str(fields.get("spec", ""))),
            purify(str(fields.get("verify", ""))),
        )  # fmt: skip
        self.state.votes[number, 1] = dict.fromkeys(reviewers, "")
        self.state.by_product.setdefault(product, []).append(number)
        if plan not in NO_PLAN:
            self.set_plan(story, plan, who)
        if story["parent"]:
            self._adopt(story)
        self.write_log(story, "opened", who)
        if status == "reviewing":
            self.write_log(story, "submitreview", who)
        return story

    def _adopt(self, story: Row) -> None:
        parent = self.state.stories.get(story["parent"])
        if parent is None:
            return
        parent["isParent"] = 1
        children = [row for row in self.state.stories if row["parent"] == parent["id"]]
        parent["estimate"] = sum(row["estimate"] for row in children)
        self.write_log(parent, "createchildrenstory", story["openedBy"], extra=str(story["id"]))

    def edit(
        self,
        who: str,
        story: Row,
        fields: Mapping[str, Any],
        lang: str,
        *,
        reviewers: Sequence[str] | None,
        v2: bool,
    ) -> None:
        """In place, whatever the status. ``reviewers`` None keeps them (v2 alone may)."""
        title = fields.get("title")
        if title is not None:
            self.check_title(str(title), lang)
        before = snapshot(self.state, story)
        was, asked = story["status"], self.state.reviewers(story)
        edit_text(self.state, story, fields, v2=v2)
        edit_columns(self.state, story, fields)
        edit_stage(self.state, story, fields, who if v2 else "")
        if v2 and "assignedTo" in fields and fields["assignedTo"] != story["assignedTo"]:
            story["assignedTo"] = str(fields["assignedTo"])
            story["assignedDate"] = self.state.now()
        if "plan" in fields:
            self.set_plan(story, plan_of(fields["plan"]), who)
        if reviewers is not None:
            self.set_reviewers(story, reviewers)
            starts = was == "active" or (was == "draft" and story["status"] == "active")
            if reviewers and starts and story["status"] == "active":
                story["status"] = "reviewing"
        self.touch(story, who)
        comment = purify(str(fields.get("comment", ""))) if v2 else ""
        changes = difference(before, snapshot(self.state, story))
        if changes:
            self.write_log(story, "edited", who, comment=comment, changes=changes)
        elif comment:
            self.write_log(story, "commented", who, comment=comment)
        if not v2 and asked and not reviewers and was not in {"draft", "changing"}:
            self.write_log(story, "reviewpassed", "system", extra=was)

    def change(
        self,
        who: str,
        story: Row,
        fields: Mapping[str, Any],
        lang: str,
        *,
        v2: bool,
    ) -> None:
        """A new version when text or reviewers differ; else a comment, if there is one."""
        sent = fields.get("title")
        if sent is not None:
            self.check_title(str(sent), lang)
        names = fields.get("reviewer") or []
        if not isinstance(names, list):
            raise Crash
        before, old = snapshot(self.state, story), self.state.spec(story)
        new = Spec(
            escape_again(old.title, v2=v2) if sent is None else escape_title(str(sent)),
            purify(str(fields["spec"])) if "spec" in fields else old.spec,
            purify(str(fields["verify"])) if "verify" in fields else old.verify,
        )
        comment = purify(str(fields.get("comment", "")))
        if new == old and set(names) == set(self.state.reviewers(story)):
            if comment:
                self.write_log(story, "commented", who, comment=comment)
            return
        story["version"] += 1
        self.state.specs[story["id"], story["version"]] = new
        self.state.votes[story["id"], story["version"]] = dict.fromkeys(names, "")
        story["changedBy"], story["changedDate"] = who, self.state.now()
        story["reviewedBy"], story["reviewedDate"] = "", ""
        story["status"] = self._changed_status(story, names, fields, v2=v2)
        self.touch(story, who)
        changes = difference(before, snapshot(self.state, story))
        shown = tuple(change for change in changes if change[0] != "reviewers")
        self.write_log(story, "changed", who, comment=comment, changes=shown)
        if story["status"] == "reviewing":
            self.write_log(story, "submitreview", who)

    def _changed_status(
        self, story: Row, names: Sequence[str], fields: Mapping[str, Any], *, v2: bool
    ) -> str:
        if v2:
            return str(fields.get("status") or story["status"]) if names else story["status"]
        return "reviewing" if names and self.state.version.submits else story["status"]

    def close(self, who: str, story: Row, fields: Mapping[str, Any], lang: str) -> None:
        """Close with a reason; closing again rewrites it."""
        reason = str(fields.get("closedReason") or "")
        if not reason:
            blank = "closedReason" in fields
            raise Invalid({"closedReason": [empty_field("closedReason", lang)]}, blank=blank)
        duplicate = whole(fields.get("duplicateStory", 0))
        if reason == "duplicate":
            self._check_duplicate(duplicate, lang)
        before = snapshot(self.state, story)
        if story["status"] != "closed":
            self.state.before_close[story["id"]] = story["status"]
        self.shut(who, story, reason, duplicate)
        self.touch(story, who)
        changes = difference(before, snapshot(self.state, story))
        extra = "duplicate" if reason == "duplicate" else reason.capitalize()
        comment = purify(str(fields.get("comment", "")))
        self.write_log(story, "closed", who, comment=comment, extra=extra, changes=changes)

    def _check_duplicate(self, duplicate: int, lang: str) -> None:
        if not duplicate:
            raise Invalid({"duplicateStory": empty_field("duplicateStory", lang)})
        known = self.state.stories.get(duplicate)
        if known is None or known["deleted"]:
            raise Invalid({"duplicateStory": say("no_story", lang, duplicate)})

    def shut(self, who: str, story: Row, reason: str, duplicate: int) -> None:
        """All columns of a closed story."""
        now = self.state.now()
        story.update(
            status="closed", stage="closed", closedBy=who, closedDate=now, closedReason=reason,
            assignedTo="closed", assignedDate=now, duplicateStory=duplicate,
        )  # fmt: skip

    def activate(self, who: str, story: Row, fields: Mapping[str, Any]) -> None:
        """Back to what it was before it was closed; reviewing becomes draft or changing."""
        before = snapshot(self.state, story)
        if story["status"] == "closed":
            was = self.state.before_close.pop(story["id"], "active")
            if was == "reviewing":
                was = "changing" if story["changedBy"] else "draft"
            story["status"] = was
        now = self.state.now()
        story.update(
            closedBy="", closedDate="", closedReason="", duplicateStory=0, stagedBy="",
            activatedDate=now, assignedTo=str(fields.get("assignedTo", "")), assignedDate=now,
        )  # fmt: skip
        self.restage(story)
        self.touch(story, who)
        comment = purify(str(fields.get("comment", "")))
        changes = difference(before, snapshot(self.state, story))
        self.write_log(story, "activated", who, comment=comment, changes=changes)

    def assign(self, who: str, story: Row, fields: Mapping[str, Any]) -> None:
        """Give it to an account (any text); the same one again loses the comment."""
        wanted = str(fields.get("assignedTo", ""))
        if wanted == story["assignedTo"]:
            return
        before = snapshot(self.state, story)
        story["assignedTo"], story["assignedDate"] = wanted, self.state.now()
        self.touch(story, who)
        changes = difference(before, snapshot(self.state, story))
        comment = purify(str(fields.get("comment", "")))
        self.write_log(story, "assigned", who, comment=comment, extra=wanted, changes=changes)

    def delete(self, who: str, story: Row) -> None:
        """Softly: v1 still reads it."""
        story["deleted"] = 1
        self.write_log(story, "deleted", who, extra="1")

    def comment(self, who: str, story: Row, text: str) -> None:
        """A note in the history, nothing else."""
        self.write_log(story, "commented", who, comment=purify(text))
