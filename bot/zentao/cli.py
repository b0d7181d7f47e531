"""``duban zentao setup`` and ``duban zentao token``, in a terminal."""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass

from bot.cards.words import Reader, words
from bot.core import Core
from bot.vault import Vault
from bot.zentao.link import make_own_tokens, server_of
from bot.zentao.setup import Setup, Talk
from commands.tracker.matching import ACCOUNT
from domain.errors import NotFoundError, UserError
from domain.ids import new_id
from domain.messages import Code, Inline, T
from domain.people import Person
from domain.tracking import ZENTAO
from storage.audit import AuditEntry
from trackers.zentao.own import OwnToken, fetch_token


@dataclass(frozen=True, slots=True)
class Terminal:
    """A conversation over standard input and output; a secret is typed without echo."""

    locale: str

    def say(self, text: Inline) -> None:
        """A line to read."""
        _write(f"{self._words(text)}\n")

    def ask(self, text: Inline, default: str = "") -> str:
        """A line typed; the default when nothing was, or where nobody is typing any more."""
        shown = f" [{default}]" if default else ""
        try:
            typed = input(f"{self._words(text)}{shown}: ").strip()
        except EOFError:
            typed = ""
        return typed or default

    def secret(self, text: Inline) -> str:
        """A line typed unseen; from a pipe the next line."""
        prompt = f"{self._words(text)}: "
        if sys.stdin.isatty():
            return getpass.getpass(prompt)
        _write(prompt)
        return sys.stdin.readline().rstrip("\n")

    def _words(self, text: Inline) -> str:
        return words(text, Reader(self.locale, "UTC"))


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def run_setup(core: Core, talk: Talk, locale: str) -> bool:
    """Walk through the set-up; whether the connection works."""
    return Setup(core, talk, locale).run()


def give_token(core: Core, talk: Talk, handle: str, *, forget: bool) -> None:
    """Take a reviewer's own token, sealed at once; or forget it."""
    settings, vault = core.settings.zentao, Vault(core.settings.secret_keys)
    workspaces = core.store.workspaces()
    if settings is None or not workspaces:
        raise UserError("connect.token.not_connected")
    workspace, server = workspaces[0], server_of(settings.url)
    person = _person(core, workspace.id, handle)
    name: dict[str, Inline | int] = {"name": person.name}
    if forget:
        with core.store.write(workspace.id) as uow:
            gone = uow.tracker_tokens.remove(server, (person.id,))
        talk.say(T("connect.token.forgotten" if gone else "connect.token.none", name))
        return
    with core.store.read(workspace.id) as uow:
        known = uow.people.linked(ZENTAO, server, ACCOUNT).get(person.id, "")
    account = talk.ask(T("connect.token.account", name), known)
    if known and account.casefold() != known.casefold():
        raise UserError(
            "connect.token.other", name=person.name, known=Code(known), given=Code(account)
        )
    password = talk.secret(T("connect.token.password", {"account": Code(account)}))
    token = fetch_token(settings.url, account, password, core.clock)
    if talk.ask(T("connect.token.keep")).strip().casefold() in ("y", "yes", "是", "好"):
        token = OwnToken(token.account, token.token, password)
    if not known:
        _tie(core, workspace.id, server, person, account)
    make_own_tokens(core, settings, workspace, vault).keep(person.id, token)
    talk.say(T("connect.token.done", {**name, "account": Code(account)}))


def _tie(core: Core, workspace: str, server: str, person: Person, account: str) -> None:
    """Whoever knows an account's password has it: it is tied to the person, if it is nobody's."""
    with core.store.write(workspace) as uow:
        linked = uow.people.linked(ZENTAO, server, ACCOUNT)
        holder = next((p for p, a in linked.items() if a.casefold() == account.casefold()), None)
        if holder is not None:
            name = uow.people.get(holder).name
            raise UserError("connect.token.taken", given=Code(account), name=name)
        uow.people.link(new_id(), person.id, ZENTAO, server, ACCOUNT, account)
        subject = f"person:{person.id}"
        now = core.clock.now()
        uow.audit(AuditEntry(now, person.id, "cli", "team:tracker:tied", subject, None, account))


def _person(core: Core, workspace: str, handle: str) -> Person:
    with core.store.read(workspace) as uow:
        person = uow.people.by_handle(handle.lstrip("@"))
    if person is None:
        raise NotFoundError("core.unknown_mention", name=handle[:60])
    return person
