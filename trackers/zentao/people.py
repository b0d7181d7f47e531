"""ZenTao's accounts, with what may tell who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.tracking import RemoteAccount
from trackers.zentao import values
from trackers.zentao.client import V1, V2, ZentaoMissing
from trackers.zentao.errors import ZentaoBroken, ZentaoForbidden, ZentaoRefused
from trackers.zentao.planning import Planning
from trackers.zentao.text import decoded
from trackers.zentao.wire import record, rows

_PAGE = 1000
_ADDRESSES = ("email", "mobile", "dingding", "slack", "weixin")


class People(Planning):
    """Accounts."""

    def users(self) -> tuple[RemoteAccount, ...]:
        """All accounts. v2 gives their profiles; v1 the e-mail address alone."""
        if self.facts().v2:
            try:
                return self._users_v2()
            except (ZentaoForbidden, ZentaoBroken, ZentaoRefused):
                pass  # without the privilege company-browse v1 still gives names
        found = self._pages(f"{V1}/users", "users", "company-browse", full="1")
        return _sorted([_account(x) for x in found])

    def user(self, account: str) -> RemoteAccount | None:
        """One account with its profile, or None."""
        try:
            data = record(self._client.get(f"{V1}/users/{account}", "user-view"))
        except (ZentaoMissing, ZentaoRefused, ZentaoBroken):
            return None
        return _account(data) if str(data.get("account")) else None

    def reviewable_by(self, accounts: Sequence[str]) -> tuple[str, ...]:
        """Those of the accounts that exist."""
        known = {x.account for x in self.users()}
        return tuple(x for x in accounts if x in known)

    def _users_v2(self) -> tuple[RemoteAccount, ...]:
        found: dict[str, RemoteAccount] = {}
        page = 1
        while True:
            answer = record(
                self._client.get(f"{V2}/users", "company-browse", recPerPage=_PAGE, pageID=page)
            )
            pager = record(answer.get("pager"))
            if values.number(pager.get("pageID")) not in {0, page}:
                break
            given = rows(answer.get("users"))
            found |= {x.account: x for x in map(_account, given)}
            size = values.number(pager.get("recPerPage")) or _PAGE
            if not given or page * size >= values.number(pager.get("recTotal")):
                break
            page += 1
        return _sorted(list(found.values()))


def _account(data: Mapping[str, Any]) -> RemoteAccount:
    role = data.get("role")
    code = record(role).get("code") if isinstance(role, Mapping) else role
    addresses = {name: str(data.get(name) or "").strip() for name in _ADDRESSES}
    return RemoteAccount(
        account=str(data.get("account") or ""),
        name=decoded(str(data.get("realname") or "")),
        role=str(code or ""),
        addresses={name: value for name, value in addresses.items() if value},
    )


def _sorted(found: list[RemoteAccount]) -> tuple[RemoteAccount, ...]:
    return tuple(sorted((x for x in found if x.account), key=lambda x: x.account))
