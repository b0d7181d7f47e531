"""New stories, each once: ZenTao takes the same title twice and stories of products it lacks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.errors import DubanError
from domain.stories import Status, Story, StoryDraft
from domain.story_fields import EDITABLE, checked_fields
from trackers.zentao import guards, values
from trackers.zentao.changing import Changing
from trackers.zentao.client import V1
from trackers.zentao.errors import ZentaoAway, ZentaoBroken, ZentaoForeign, ZentaoRefused
from trackers.zentao.modules import NO_MODULE
from trackers.zentao.remote import RemoteStory
from trackers.zentao.text import rewritten, same
from trackers.zentao.wire import record

_MARGIN = timedelta(minutes=2)
"""How far the server's clock and ours may drift apart since its difference was measured."""

_PAGE = 50


@dataclass(frozen=True, slots=True)
class _Plan:
    """A draft with everything looked up that it needs in ZenTao."""

    draft: StoryDraft
    fields: dict[str, Any]
    product_ref: str
    plan_ref: str
    module_ref: str
    assignee: str
    reviewers: tuple[str, ...]


class Creating(Changing):
    """Creating stories."""

    def create(self, draft: StoryDraft, actor: str) -> Story:
        """Create it: reviewing when it has reviewers, else draft."""
        return self._create(self._prepared(draft), actor)

    def create_all(self, drafts: Sequence[StoryDraft], actor: str) -> tuple[Story, ...]:
        """Create many, in this order.

        Everything that can be known beforehand is checked before the first. When one is refused
        all the same, those before it are deleted again.
        """
        prepared = [self._prepared(x) for x in drafts]
        made: list[Story] = []
        try:
            for one in prepared:
                made.append(self._create(one, actor))  # noqa: PERF401 (what was made is needed)
        except ZentaoRefused:
            for story in made:
                self._call("DELETE", f"{V1}/stories/{story.number}", "story-delete")
            raise
        return tuple(made)

    def created_already(
        self, draft: StoryDraft, since: datetime, known: Collection[int] = (), actor: str = ""
    ) -> Story | None:
        """The story that an earlier try with this draft made since then, if it did.

        What that try left undone (its plan, its review, the name beside it) is done.

        :param known: numbers that other drafts have made: the same title may be wanted twice.
        :param actor: in whose name; "" leaves it to whoever opened it.
        """
        plan = self._prepared(draft)
        earliest = since + timedelta(seconds=self.facts().clock_skew) - _MARGIN

        def young(row: RemoteStory) -> bool:
            return row.story.opened_at is None or row.story.opened_at >= earliest

        found = self._search(plan, young, known)
        return None if found is None else self._completed(found, plan, actor)

    def _create(self, plan: _Plan, actor: str) -> Story:
        newest = self._newest(plan)
        try:
            answer = record(self._call("POST", f"{V1}/stories", "story-create", self._form(plan)))
            number = values.number(answer.get("id"))
            made = self.remote(number) if number else None
        except (ZentaoAway, ZentaoBroken) as error:
            if not error.doubtful:
                raise
            made = self._looked_up(plan, newest, error)
        if made is None:
            raise ZentaoBroken("no number", doubtful=True)
        if made.product_ref != plan.product_ref:
            raise ZentaoForeign(made.story.ref, made.product_ref)
        return self._completed(made, plan, actor)

    def _newest(self, plan: _Plan) -> int:
        """The newest story of the product before ours: what we make has a higher number."""
        page = self._list(plan.product_ref, 1, 1, "id_desc")
        return max((x.story.number for x in page.stories), default=0)

    def _looked_up(self, plan: _Plan, newest: int, error: DubanError) -> RemoteStory:
        """What the lost answer was about; the error itself if nothing is there (yet)."""
        try:
            found = self._search(plan, lambda row: row.story.number > newest)
        except (ZentaoAway, ZentaoBroken):
            raise error from None
        if found is None:
            raise error
        return found

    def _search(
        self, plan: _Plan, since: Callable[[RemoteStory], bool], known: Collection[int] = ()
    ) -> RemoteStory | None:
        """Our own story of that title and text among the newest of the product.

        :param since: whether a story may be it by its age; the first that may not ends the search.
        """
        page = 1
        while True:
            found = self._list(plan.product_ref, page, _PAGE, "id_desc")
            for row in found.stories:
                if not since(row):
                    return None
                if row.story.number not in known and self._is_it(row, plan):
                    return self.remote(row.story.number)
            if found.last:
                return None
            page += 1

    def _is_it(self, row: RemoteStory, plan: _Plan) -> bool:
        if row.opened_by != self._client.account:
            return False
        if row.title.split() != str(plan.fields["title"]).split():
            return False
        return same(self.remote(row.story.number).story.spec, str(plan.fields["spec"]))

    def _completed(self, made: RemoteStory, plan: _Plan, actor: str) -> Story:
        """Sign it and set what the call that creates does not take; each step only if needed.

        18.x makes every story a draft without a plan, and v1 knows no assignee.
        """
        number = made.story.number
        story = self._sign(made, actor) if actor else made.story
        who = actor or story.opened_by or ""
        if plan.plan_ref and plan.plan_ref not in values.refs(made.plan_ref):
            story = self.link_plan(number, plan.draft.plan_id, who)
        if plan.assignee and made.assignee != plan.assignee:
            story = self.assign(number, plan.draft.assigned_to, who)
        if plan.reviewers and made.status == Status.DRAFT:
            story = self._put_to_reviewers(made, plan, who)
        return story

    def _put_to_reviewers(self, made: RemoteStory, plan: _Plan, actor: str) -> Story:
        """18.x keeps the reviewers of a new story and calls it a draft; it may take the status."""
        if made.story.status is not Status.REVIEWING:
            return self.submit_for_review(made.story.number, plan.draft.reviewers, actor)
        self._under_review_v1(made, plan.reviewers)
        return self._sign(self.remote(made.story.number), actor)

    def _prepared(self, draft: StoryDraft) -> _Plan:
        """Everything looked up and checked, so that little can be refused later."""
        fields = checked_fields({name: getattr(draft, name) for name in EDITABLE})
        product_ref = self._product(draft.product_id)
        self._product_exists(product_ref)
        module = str(fields["module"])
        return _Plan(
            draft=draft,
            fields=fields,
            product_ref=product_ref,
            plan_ref=self._plan_ref(draft.plan_id),
            module_ref=self._module_ref(product_ref, module) if module else NO_MODULE,
            assignee=guards.account_of(self._book, draft.assigned_to) if draft.assigned_to else "",
            reviewers=tuple(guards.accounts_of(self._book, draft.reviewers)),
        )

    def _form(self, plan: _Plan) -> dict[str, Any]:
        """What v1 asks for. ``reviewer`` is always a list; a draft says that it is one.

        Where reviews are required even a draft must name a reviewer: the API account stands in.
        """
        fields = plan.fields
        reviewers = list(plan.reviewers)
        form: dict[str, Any] = {
            "product": int(plan.product_ref),
            "title": fields["title"],
            "spec": rewritten("", fields["spec"]) or "<p>&nbsp;</p>",
            "verify": rewritten("", fields["verify"]),
            "pri": fields["priority"],
            "category": fields["category"],
            "estimate": fields["estimate"],
            "module": int(plan.module_ref),
            "reviewer": reviewers,
        }
        if plan.plan_ref:
            form["plan"] = int(plan.plan_ref)
        if not reviewers:
            required = self.facts().review_required
            form["status"] = Status.DRAFT.value
            form["reviewer"] = [self._client.account] if required else []
        return form
