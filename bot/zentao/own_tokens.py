"""Reviewers' own tokens: sealed in the database, opened for a vote, told of when they are dead."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from bot.vault import Vault
from domain.clock import Clock
from domain.errors import UserError
from domain.message_json import to_json
from domain.messages import Card, Code, T, Tone
from storage.audit import AuditEntry
from storage.uow import Store
from trackers.zentao.gateway import ZentaoGateway
from trackers.zentao.own import OwnClient, OwnToken
from trackers.zentao.port import Zentao


@dataclass(slots=True)
class OwnTokens:
    """The tokens of one workspace's people for one server.

    One client per person is kept, because a token allows one request at a time.

    :param server: host and path, the tenant that the tokens belong to.
    """

    store: Store
    vault: Vault
    clock: Clock
    workspace: str
    url: str
    server: str
    language: str
    _clients: dict[str, tuple[OwnToken, OwnClient]] = field(
        default_factory=dict[str, tuple[OwnToken, OwnClient]]
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def view(self, gateway: ZentaoGateway, person_id: str) -> Zentao | None:
        """ZenTao as this person sees it; None for whoever has given no token."""
        with self.store.read(self.workspace) as uow:
            sealed = uow.tracker_tokens.of(self.server, person_id)
        if sealed is None:
            return None
        try:
            own = OwnToken.from_text(self.vault.open(sealed))
        except UserError:  # sealed with a key that is gone: the person gives a new one
            self.lapsed(person_id)
            return None
        return gateway.as_account(self._client(person_id, own))

    def _client(self, person_id: str, own: OwnToken) -> OwnClient:
        """The person's client, made anew where they gave another token, to another process too."""
        with self._lock:
            known = self._clients.get(person_id)
            if known is not None and known[0] == own:
                return known[1]
            client = OwnClient(self.url, own, self.clock, language=self.language)
            self._clients[person_id] = (own, client)
        if known is not None:
            known[1].close()
        return client

    def keep(self, person_id: str, own: OwnToken) -> None:
        """Seal and store a person's token, in place of the one before."""
        now = self.clock.now()
        with self.store.write(self.workspace) as uow:
            uow.tracker_tokens.save(self.server, person_id, self.vault.seal(own.to_text()), now)
            subject = f"person:{person_id}"
            new = {"account": own.account, "password_kept": bool(own.password)}
            uow.audit(AuditEntry(now, person_id, "cli", "team:token:given", subject, None, new))
        self._forget_client(person_id)

    def lapsed(self, person_id: str) -> None:
        """A dead token is of no use: it is forgotten, and its owner asked for another one."""
        now = self.clock.now()
        with self.store.write(self.workspace) as uow:
            if not uow.tracker_tokens.remove(self.server, (person_id,)):
                return
            handle = uow.people.get(person_id).handle
            line = Code(f"duban zentao token --person {handle}")
            card = Card(T("account.token_dead", {"line": line}), tone=Tone.WARN)
            payload = {"person": person_id, "card": to_json(card)}
            uow.queue(f"person:{person_id}", "post", payload, now)
            subject = f"person:{person_id}"
            uow.audit(AuditEntry(now, None, "zentao", "team:token:lapsed", subject))
        self._forget_client(person_id)

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            clients, self._clients = list(self._clients.values()), {}
        for _, client in clients:
            client.close()

    def _forget_client(self, person_id: str) -> None:
        with self._lock:
            known = self._clients.pop(person_id, None)
        if known is not None:
            known[1].close()
