"""Which company in DingTalk is which workspace."""

from __future__ import annotations

import logging
import threading

from domain.errors import ConflictError
from storage.dingtalk import PLATFORM
from storage.platforms import Tenant
from storage.uow import Store

log = logging.getLogger("duban.dingtalk")


class Homes:
    """The settings' application belongs to one company, which is tied to the first workspace.

    A first workspace that has another company keeps that one: then what comes is not taken, and
    the log and ``duban doctor`` say why.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._workspaces: dict[str, str] = {}
        self._corps: dict[str, str] = {}

    def workspace(self, corp: str) -> str | None:
        """The id of the company's workspace, tied to it at first sight; None for another's."""
        known = self._workspaces.get(corp)
        if known is not None or not corp:
            return known
        with self._lock:
            found = self._bound(corp) or self._bind(corp)
            if found is None:
                log.error("dingtalk.other_company", extra={"corp": corp})
            else:
                self._workspaces[corp] = found
            return found

    def corp(self, workspace_id: str) -> str:
        """The workspace's company; empty as long as nothing came from DingTalk."""
        known = self._corps.get(workspace_id)
        if known is None:
            with self._store.read(workspace_id) as uow:
                home = uow.tenants.of(PLATFORM)
            if home is None:
                return ""
            known = self._corps[workspace_id] = home.tenant
        return known

    def _bound(self, corp: str) -> str | None:
        found = self._store.workspace_of(PLATFORM, corp)
        return found.id if found else None

    def _bind(self, corp: str) -> str | None:
        workspaces = self._store.workspaces()
        if not workspaces:
            return None
        try:
            with self._store.write(workspaces[0].id) as uow:
                if uow.tenants.of(PLATFORM) is not None:
                    return self._bound(corp)
                uow.tenants.bind(Tenant(PLATFORM, corp, workspaces[0].name))
        except ConflictError:
            return self._bound(corp)
        return workspaces[0].id
