"""Reading stories: one with its history, a version of it, pages of a product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from domain.errors import NotFoundError
from domain.stories import Status, Story, StoryAction
from trackers.zentao import values
from trackers.zentao.actions import story_actions, told
from trackers.zentao.base import Base
from trackers.zentao.client import V1, V2, ZentaoMissing
from trackers.zentao.errors import ZentaoBroken, ZentaoGone, ZentaoRefused
from trackers.zentao.mapping import remote_story
from trackers.zentao.modules import NO_MODULE
from trackers.zentao.old_versions import text_of_version
from trackers.zentao.remote import RemoteStory, StoryPage
from trackers.zentao.text import decoded, to_text
from trackers.zentao.wire import record, rows

PAGE = 500


class Reads(Base):
    """The reading half of the gateway."""

    def remote(self, number: int) -> RemoteStory:
        """The story with its history; ``ZentaoGone`` if there is none to see."""
        v2 = self.facts().v2
        data, actions = self._fetched(number)
        how = self._reading(self._module_of(data))
        found = remote_story(data, how, story_actions(actions, how), escaped=v2)
        if found.deleted:
            raise self._gone(number)
        return found

    def story(self, number: int) -> Story:
        """The story at its current version."""
        return self.remote(number).story

    def version(self, number: int, version: int) -> Story:
        """Title, spec and verify as of a version; everything else as it is now."""
        now = self.remote(number)
        if not 1 <= version <= now.story.version:
            raise NotFoundError("story.unknown_version", ref=now.story.ref, version=version)
        if version == now.story.version:
            return now.story
        if not self.facts().v2:
            return replace(now.story, version=version, **text_of_version(now, version))
        data, _ = self._fetched(number, version)
        return replace(
            now.story,
            version=version,
            title=decoded(str(data.get("title") or "")),
            spec=to_text(str(data.get("spec") or "")),
            verify=to_text(str(data.get("verify") or "")),
        )

    def history(self, number: int) -> tuple[StoryAction, ...]:
        """What happened to it, oldest first."""
        return told(self.remote(number).actions)

    def stories(
        self, product_id: str, *, plan_id: str | None = None, include_closed: bool = False
    ) -> tuple[Story, ...]:
        """Stories of a product by number, as the list gives them: without their texts."""
        ref = self._product(product_id)
        plan = self._book.plan_ref(plan_id) if plan_id else None
        if plan_id and plan is None:
            return ()
        found = (
            x.story
            for x in self._all_rows(ref)
            if (include_closed or x.story.status is not Status.CLOSED)
            and (plan is None or plan in values.refs(x.plan_ref))
        )
        return tuple(sorted(found, key=lambda x: x.number))

    def page(self, product_ref: str, page: int, *, size: int = PAGE) -> StoryPage:
        """One page (from 1) of all stories of a product, the closed ones too."""
        return self._list(product_ref, page, size, "id_asc")

    def _list(self, product_ref: str, page: int, size: int, order: str) -> StoryPage:
        """One page of a product's list.

        A page past the end comes back as the last one, and a product that is unknown or hidden as
        another product's: neither is believed.
        """
        answer = record(
            self._client.get(
                f"{V1}/products/{product_ref}/stories",
                "product-browse",
                status="allstory",
                type="story",
                order=order,
                limit=size,
                page=page,
            )
        )
        if "stories" not in answer:
            raise ZentaoBroken("no list of stories", doubtful=False)
        total = values.number(answer.get("total"))
        size = values.number(answer.get("limit")) or size  # a server may allow less than was asked
        given = rows(answer["stories"])
        if values.number(answer.get("page")) not in {0, page}:
            return StoryPage((), page, total, last=True)
        ours = [x for x in _flat(given) if str(x.get("product")) == product_ref]
        if given and not ours:
            raise NotFoundError("zentao.product_gone", product=product_ref)
        how = self._reading(self._module_table(product_ref, ours))
        found = tuple(remote_story(x, how, escaped=False) for x in ours)
        return StoryPage(found, page, total, last=page * size >= total or not given)

    def _all_rows(self, product_ref: str, order: str = "id_asc") -> Iterator[RemoteStory]:
        """Every story of a product, page after page."""
        page = 1
        while True:
            found = self._list(product_ref, page, PAGE, order)
            yield from found.stories
            if found.last:
                return
            page += 1

    def _fetched(self, number: int, version: int | None = None) -> tuple[Mapping[str, Any], Any]:
        """A story's fields and its actions."""
        try:
            if self.facts().v2:
                query = {"version": version} if version else {}
                answer = record(self._client.get(f"{V2}/stories/{number}", "story-view", **query))
                data = record(answer.get("story"))
                actions = answer.get("actions")
            else:
                data = record(self._client.get(f"{V1}/stories/{number}", "story-view"))
                actions = data.get("actions")
        except (ZentaoRefused, ZentaoMissing) as error:
            raise self._gone(number) from error
        if values.number(data.get("id")) != number:
            raise ZentaoBroken("another story", doubtful=False)
        if not _is_story(data):
            raise self._gone(number)
        return data, actions

    def _gone(self, number: int) -> ZentaoGone:
        return ZentaoGone(f"S{number}", self._client.account)

    def _module_of(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        return self._module_table(str(data.get("product") or ""), [data])

    def _module_table(self, product_ref: str, found: list[Mapping[str, Any]]) -> Mapping[str, str]:
        """Names of the modules that the rows are in; asked for only if one is in any."""
        refs = {str(x.get("module") or NO_MODULE) for x in found} - {NO_MODULE}
        if not refs:
            return {}
        known = self._modules(product_ref)
        if refs - known.names.keys():
            known = self._modules(product_ref, fresh=True)
        return known.names

    def _product(self, product_id: str) -> str:
        """The ZenTao product of one of ours."""
        ref = self._book.product_ref(product_id)
        if ref is None:
            raise NotFoundError("zentao.unbound")
        return ref

    def _product_exists(self, product_ref: str) -> None:
        """A product that is unknown or hidden: stories and plans of it go astray."""
        try:
            self._client.get(f"{V1}/products/{product_ref}", "product-view")
        except (ZentaoMissing, ZentaoRefused) as error:
            raise NotFoundError("zentao.product_gone", product=product_ref) from error


def _is_story(data: Mapping[str, Any]) -> bool:
    """User and business requirements have numbers of the same row, and are none of ours."""
    return str(data.get("type") or "story") == "story"


def _flat(given: tuple[Mapping[str, Any], ...]) -> Iterator[Mapping[str, Any]]:
    """The stories of a list, each once; older servers put children into their parents' rows.

    Children that are told of in passing, without a status, come in rows of their own.
    """
    seen: set[int] = set()
    left = list(reversed(given))
    while left:
        row = left.pop()
        number = values.number(row.get("id"))
        if number in seen or "status" not in row:
            continue
        seen.add(number)
        if _is_story(row):
            yield row
        left += reversed(rows(row.get("children")))
