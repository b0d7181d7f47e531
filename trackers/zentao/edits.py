"""Fields of a story: edit, assign, stage, plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.errors import UserError
from domain.stories import Stage, Status, Story
from domain.story_fields import TEXT_FIELDS, checked_fields
from domain.story_machine import Act
from trackers.zentao import guards, values
from trackers.zentao.client import V1
from trackers.zentao.modules import NO_MODULE, no_such_module
from trackers.zentao.remote import RemoteStory
from trackers.zentao.text import rewritten, same
from trackers.zentao.wire import record
from trackers.zentao.writing import Writing

UNAGREED = frozenset({Status.DRAFT, Status.CHANGING})
"""Statuses in which nobody has agreed to what the story says, and nobody is asked to."""

COMPUTED = frozenset({Stage.WAIT, Stage.PLANNED})
"""Stages that follow from being on a plan or not."""


class Edits(Writing):
    """Edit, assign, stage, plan."""

    def edit(self, number: int, fields: Mapping[str, Any], actor: str, comment: str = "") -> Story:
        """Edit in place; what is the same already is not sent.

        v1 edits no texts in place: on a draft a new version takes them, on a story that is agreed
        or under review this raises ``UserError``.
        """
        given = checked_fields(fields)

        def send(before: RemoteStory) -> None:
            wanted = {n: v for n, v in given.items() if not has_value(before, n, v)}
            if wanted:
                self._edit(before, wanted, self._comment(comment, actor))

        done = self._write(
            number,
            Act.EDIT,
            already=lambda now: all(has_value(now, n, v) for n, v in given.items()),
            done=lambda _, now: all(has_value(now, n, v) for n, v in given.items()),
            send=send,
        )
        return self._finish(done, comment, actor)

    def assign(self, number: int, person_id: str | None, actor: str, comment: str = "") -> Story:
        """Give it to somebody. ZenTao drops the comment when nothing changes; we do not."""
        account = guards.account_of(self._book, person_id) if person_id else ""

        def send(before: RemoteStory) -> None:
            if before.assignee != account:
                self._assign(before, account, self._comment(comment, actor))

        done = self._write(
            number,
            Act.ASSIGN,
            already=lambda now: now.assignee == account,
            done=lambda _, now: now.assignee == account,
            send=send,
        )
        return self._finish(done, comment, actor)

    def set_stage(self, number: int, stage: Stage, actor: str, comment: str = "") -> Story:
        """Set the stage by hand; from then on the server computes it no more."""

        def send(before: RemoteStory) -> None:
            if stage is Stage.CLOSED:
                raise UserError("story.stage_closed", ref=before.story.ref)
            if before.stage != stage:
                self._put(before, {"stage": stage.value}, self._comment(comment, actor))

        done = self._write(
            number,
            Act.STAGE,
            already=lambda now: now.stage == stage,
            done=lambda _, now: now.stage == stage,
            send=send,
        )
        return self._finish(done, comment, actor)

    def link_plan(self, number: int, plan_id: str | None, actor: str) -> Story:
        """Put it on a plan of its own product, or off every plan."""
        ref = self._plan_ref(plan_id)
        wanted = (ref,) if ref else ()

        def there(now: RemoteStory) -> bool:
            return values.refs(now.plan_ref) == wanted

        def send(before: RemoteStory) -> None:
            if there(before):
                return
            if ref:
                self._check_plan(ref, before)
            if self.facts().v2:
                self._put(before, {"plan": int(ref or 0)}, self._comment("", actor))
            else:
                self._relink(before, ref)
                self._restage(before)

        done = self._write(
            number, Act.PLAN, already=there, done=lambda _, now: there(now), send=send
        )
        return self._finish(done, "", actor)

    def _edit(self, before: RemoteStory, wanted: Mapping[str, Any], said: str) -> None:
        texts = wanted.keys() & {"spec", "verify"}
        if texts and not self.facts().v2:
            self._rewrite_v1(before, wanted, said)
            wanted = {n: v for n, v in wanted.items() if n not in TEXT_FIELDS}
            before = self.remote(before.story.number)
        if wanted:
            self._put(before, self._stored(before, wanted), said)

    def _rewrite_v1(self, before: RemoteStory, wanted: Mapping[str, Any], said: str) -> None:
        """New texts for a draft in v1: a change without review, which nobody has agreed to yet."""
        if before.story.status not in UNAGREED:
            raise UserError("zentao.no_rewrite", ref=before.story.ref, url=before.story.url or "")
        body: dict[str, Any] = {
            "title": str(wanted.get("title", before.title)),
            "spec": _html(before.spec_html, wanted.get("spec")),
            "verify": _html(before.verify_html, wanted.get("verify")),
            "reviewer": [],
            "comment": said,
        }
        path = f"{V1}/stories/{before.story.number}/change"
        self._call("POST", path, "story-change", body)

    def _stored(self, before: RemoteStory, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Our fields under ZenTao's names."""
        body: dict[str, Any] = {}
        for name, value in wanted.items():
            match name:
                case "spec":
                    body["spec"] = rewritten(before.spec_html, str(value))
                case "verify":
                    body["verify"] = rewritten(before.verify_html, str(value))
                case "priority":
                    body["pri"] = value
                case "module":
                    body["module"] = int(self._module_ref(before.product_ref, str(value)))
                case _:
                    body[name] = value
        return body

    def _module_ref(self, product_ref: str, name: str) -> str:
        """The module of that name; ``UserError`` naming those there are."""
        if not name:
            return NO_MODULE
        found = self._modules(product_ref).ref_of(name)
        if found is None:
            modules = self._modules(product_ref, fresh=True)
            found = modules.ref_of(name)
            if found is None:
                raise no_such_module(name, modules)
        return found

    def _plan_ref(self, plan_id: str | None) -> str:
        """The productplan of a plan; ``""`` for none."""
        if plan_id is None:
            return ""
        ref = self._book.plan_ref(plan_id)
        if ref is None:
            raise UserError("zentao.unbound_plan")
        return ref

    def _check_plan(self, ref: str, before: RemoteStory) -> None:
        """ZenTao links stories of other products to a plan as well; we do not."""
        answer = record(self._client.get(f"{V1}/productplans/{ref}", "productplan-view"))
        if str(answer.get("product")) != before.product_ref:
            raise UserError("zentao.foreign_plan", ref=before.story.ref)

    def _relink(self, before: RemoteStory, ref: str) -> None:
        """Move it in v1: linking moves it there, unlinking takes it off each."""
        body = {"stories": [before.story.number]}
        if ref:
            path = f"{V1}/productplans/{ref}/linkstories"
            self._call("POST", path, "productplan-linkStory", body)
            return
        for old in values.refs(before.plan_ref):
            path = f"{V1}/productplans/{old}/unlinkstories"
            self._call("POST", path, "productplan-linkStory", body)

    def _restage(self, before: RemoteStory) -> None:
        """Give a stage back that somebody set: v1 does not mark it so, and linking computes it."""
        after = self.remote(before.story.number)
        if before.stage not in COMPUTED and after.stage != before.stage:
            self._put(after, {"stage": before.stage}, "")


def has_value(now: RemoteStory, name: str, value: Any) -> bool:
    """Whether a field says what it should; a text may differ in white space."""
    if name in {"spec", "verify"}:
        return same(str(getattr(now.story, name)), str(value))
    if name == "title":
        return now.title.split() == str(value).split()
    if name == "estimate":
        return abs(now.estimate - float(value)) < 0.005
    return bool(getattr(now.story, name) == value)


def _html(stored: str, text: Any) -> str:
    return stored if text is None else rewritten(stored, str(text))
