"""ZenTao's products and productplans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.errors import NotFoundError, UserError
from domain.messages import T
from domain.tracking import RemotePlan, RemoteProduct
from trackers.zentao import values
from trackers.zentao.client import V1, Call, ZentaoMissing
from trackers.zentao.creating import Creating
from trackers.zentao.errors import ZentaoAway, ZentaoBroken, ZentaoIgnored, ZentaoRefused
from trackers.zentao.text import decoded
from trackers.zentao.wire import record, rows

_PAGE = 200


class Planning(Creating):
    """Products and plans."""

    def products(self) -> tuple[RemoteProduct, ...]:
        """The products that the account can see, by id."""
        found = (
            RemoteProduct(
                ref=str(x.get("id")),
                name=decoded(str(x.get("name") or "")),
                closed=x.get("status") == "closed",
            )
            for x in self._pages(f"{V1}/products", "products", "product-browse")
            if x.get("deleted") not in {True, "1"}
        )
        return tuple(sorted(found, key=lambda x: values.number(x.ref)))

    def plans(self, product_ref: str) -> tuple[RemotePlan, ...]:
        """The plans of a product, by id."""
        path = f"{V1}/products/{product_ref}/plans"
        try:
            found = list(self._pages(path, "plans", "productplan-browse", status="all"))
        except ZentaoBroken as error:
            # An unknown product ends in a plain HTTP 500 here.
            self._product_exists(product_ref)
            raise error from None
        ours = [_plan(x) for x in found if str(x.get("product")) == product_ref]
        return tuple(sorted(ours, key=lambda x: values.number(x.ref)))

    def plan(self, ref: str) -> RemotePlan:
        """One plan; ``NotFoundError`` if there is none."""
        data = self._plan_data(ref)
        if data.get("deleted") in {True, "1"}:
            raise NotFoundError("zentao.plan_gone")
        return _plan(data)

    def create_plan(
        self, product_ref: str, title: str, begins: date | None, ends: date | None
    ) -> RemotePlan:
        """Make a plan, once: after a lost answer it is looked for by its title."""
        self._product_exists(product_ref)
        name = _checked(title, begins, ends)
        known = {x.ref for x in self.plans(product_ref)}
        body = {
            "title": name,
            "begin": values.stored_day(begins if ends else None),
            "end": values.stored_day(ends if begins else None),
        }
        path = f"{V1}/products/{product_ref}/plans"
        try:
            answer = record(self._client.call(Call("POST", path, "productplan-create", body=body)))
            return self.plan(str(answer.get("id")))
        except (ZentaoAway, ZentaoBroken) as error:
            if error.doubtful:
                for found in self.plans(product_ref):
                    if found.ref not in known and found.title == name:
                        return found
            raise

    def edit_plan(
        self,
        ref: str,
        *,
        title: str | None = None,
        begins: date | None = None,
        ends: date | None = None,
    ) -> RemotePlan:
        """Change a plan's name or days, read back; None leaves it as it is."""
        before = self._plan_data(ref)
        now = _plan(before)
        wanted_begin, wanted_end = begins or now.begins, ends or now.ends
        name = _checked(now.title if title is None else title, wanted_begin, wanted_end)
        body = {
            "title": name,
            "begin": values.stored_day(wanted_begin),
            "end": values.stored_day(wanted_end),
            # The description as it is stored: it is not ours, and must not be lost.
            "desc": str(before.get("desc") or ""),
        }
        self._call("PUT", f"{V1}/productplans/{ref}", "productplan-edit", body)
        after = self.plan(ref)
        if (after.title, after.begins, after.ends) != (name, wanted_begin, wanted_end):
            raise ZentaoIgnored(after.title, T("zentao.act.edit_plan"))
        return after

    def _plan_data(self, ref: str) -> Mapping[str, Any]:
        try:
            data = record(self._client.get(f"{V1}/productplans/{ref}", "productplan-view"))
        except (ZentaoMissing, ZentaoRefused) as error:
            raise NotFoundError("zentao.plan_gone") from error
        if str(data.get("id")) != ref:
            raise ZentaoBroken("another plan", doubtful=False)
        return data

    def _pages(
        self, path: str, name: str, privilege: str, **query: str
    ) -> Iterator[Mapping[str, Any]]:
        """Every row of a paged list: a page past the end comes back as the last one."""
        page = 1
        while True:
            answer = record(self._client.get(path, privilege, limit=_PAGE, page=page, **query))
            given = rows(answer.get(name))
            if values.number(answer.get("page")) not in {0, page}:
                return
            yield from given
            size = values.number(answer.get("limit")) or _PAGE
            if not given or page * size >= values.number(answer.get("total")):
                return
            page += 1


def _plan(data: Mapping[str, Any]) -> RemotePlan:
    return RemotePlan(
        ref=str(data.get("id")),
        product_ref=str(data.get("product")),
        title=decoded(str(data.get("title") or "")),
        begins=values.day(data.get("begin")),
        ends=values.day(data.get("end")),
        status=str(data.get("status") or "wait"),
    )


def _checked(title: str, begins: date | None, ends: date | None) -> str:
    """What ZenTao refuses with an empty body, and so without saying why."""
    name = " ".join(title.split())
    if not name:
        raise UserError("zentao.plan_no_title")
    if begins and ends and ends < begins:
        raise UserError("zentao.plan_days", begins=begins.isoformat(), ends=ends.isoformat())
    return name
