"""The rules of plans: create, edit, steps, links (facts §9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.fakes.zentao.editing import whole
from tests.fakes.zentao.markup import purify
from tests.fakes.zentao.state import Plan, State
from tests.fakes.zentao.stories import NO_PLAN, Stories, empty_field
from tests.fakes.zentao.web import Invalid
from tests.fakes.zentao.words import field_name, say

UNDATED: Final = "2030-01-01"
STEPS: Final = {
    "start": ("doing", "started"),
    "finish": ("done", "finished"),
    "close": ("closed", "closed"),
    "activate": ("doing", "activated"),
}


class Plans:
    """Writes to plans; ``who`` is an account."""

    def __init__(self, state: State, stories: Stories) -> None:
        self._state = state
        self._stories = stories

    def create(self, who: str, product: int, fields: Mapping[str, Any], lang: str) -> Plan:
        """A new plan; begin and end are days, ``2030-01-01`` for both means undated."""
        title = str(fields.get("title") or "")
        if not title:
            blank = "title" in fields
            raise Invalid({"title": [empty_field("plan_title", lang)]}, blank=blank)
        begin, end = str(fields.get("begin") or ""), str(fields.get("end") or "")
        self._check_days(begin, end, lang)
        number = self._state.next_plan
        self._state.next_plan += 1
        plan = Plan(
            number, product, title, begin, end, desc=purify(str(fields.get("desc", ""))),
            created_by=who, created=self._state.now(), parent=whole(fields.get("parent", 0)),
        )  # fmt: skip
        self._state.plans[number] = plan
        self._write(plan, "opened", who)
        return plan

    def edit(self, who: str, plan: Plan, fields: Mapping[str, Any], lang: str) -> None:
        """Title, days, description; a status is ignored."""
        title = fields.get("title")
        if title == "":
            raise Invalid({"title": [empty_field("plan_title", lang)]}, blank=True)
        begin = str(fields.get("begin", plan.begin))
        end = str(fields.get("end", plan.end))
        self._check_days(begin, end, lang)
        before = (plan.title, plan.begin, plan.end, plan.desc)
        plan.title = str(title) if title is not None else plan.title
        plan.begin, plan.end = begin, end
        if "desc" in fields:
            plan.desc = purify(str(fields["desc"]))
        after = (plan.title, plan.begin, plan.end, plan.desc)
        names = ("title", "begin", "end", "desc")
        rows = zip(names, before, after, strict=True)
        changes = tuple((name, old, new) for name, old, new in rows if old != new)
        if changes:
            self._write(plan, "edited", who, changes=changes)

    def _check_days(self, begin: str, end: str, lang: str) -> None:
        missing = {
            name: empty_field(name, lang)
            for name, day in (("begin", begin), ("end", end))
            if not day
        }
        if missing:
            raise Invalid(missing)
        if end < begin:
            raise Invalid({"end": [say("not_before", lang, field_name("end", lang), begin)]})

    def step(self, who: str, plan: Plan, step: str, fields: Mapping[str, Any]) -> None:
        """Start, finish, close, activate."""
        plan.status, action = STEPS[step]
        now = self._state.now()
        plan.finished = now if step == "finish" else plan.finished
        plan.closed = now if step == "close" else ""
        plan.closed_reason = str(fields.get("closedReason", "")) if step == "close" else ""
        self._write(plan, action, who, comment=purify(str(fields.get("comment", ""))))

    def delete(self, who: str, plan: Plan) -> None:
        """Softly."""
        plan.deleted = True
        self._write(plan, "deleted", who)

    def link(self, who: str, number: int, wanted: Sequence[Any]) -> None:
        """Put stories on a plan (0: on none), whatever their product; unknown ids are skipped."""
        plan = self._state.plans.get(number)
        linked: list[int] = []
        for story_id in (whole(value) for value in wanted):
            story = self._state.stories.get(story_id)
            if story is None:
                continue
            linked.append(story_id)
            if story["plan"] != str(number):
                self._move(who, story_id, plan, number)
        if plan is not None and linked:
            self._write(plan, "linkstory", who, extra=",".join(map(str, linked)))

    def _move(self, who: str, story_id: int, plan: Plan | None, number: int) -> None:
        story = self._state.stories.get(story_id)
        assert story is not None
        old = story["plan"]
        story["plan"] = str(number)
        if plan is not None:
            plan.linked.append(story_id)
            self._stories.write_log(story, "linked2plan", who, extra=str(number))
        left = None if old in NO_PLAN else self._state.plans.get(whole(old))
        if left is not None:
            if story_id in left.linked:
                left.linked.remove(story_id)
            self._write(left, "autounlinkstory", who, extra=plan.title if plan else "")
        self._stories.restage(story)

    def unlink(self, who: str, plan: Plan, wanted: Sequence[Any]) -> None:
        """Take stories off a plan."""
        gone: list[int] = []
        for story_id in (whole(value) for value in wanted):
            story = self._state.stories.get(story_id)
            if story is None or story["plan"] != str(plan.id):
                continue
            story["plan"] = "0"
            if story_id in plan.linked:
                plan.linked.remove(story_id)
            self._stories.write_log(story, "unlinkedfromplan", who, extra=str(plan.id))
            self._stories.restage(story)
            gone.append(story_id)
        if gone:
            self._write(plan, "unlinkstory", who, extra=",".join(map(str, gone)))

    def _write(self, plan: Plan, action: str, who: str, **details: Any) -> None:
        self._stories.log.write(
            "productplan", plan.id, action, who, product=plan.product, **details
        )
