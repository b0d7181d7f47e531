"""Accounts, their privileges, logins and tokens (facts §3, §14)."""

from __future__ import annotations

import random
import string
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tests.fakes.zentao.rows import Row, Table
from tests.fakes.zentao.words import say

VIEWS: Final = frozenset({
    "product-browse", "product-view", "story-view", "productplan-browse", "productplan-view",
    "company-browse", "user-view", "project-browse", "project-view", "execution-browse",
    "execution-view", "execution-story", "projectstory-story", "bug-browse", "bug-create",
    "testcase-browse", "file-upload", "file-download",
})  # fmt: skip
# What the shipped role PO has; not `story-submitReview`, not a plan's start, finish and close.
PO: Final = VIEWS | {
    "product-create", "product-edit", "product-delete", "story-create", "story-edit",
    "story-change", "story-review", "story-recall", "story-close", "story-activate",
    "story-assignTo", "story-delete", "productplan-create", "productplan-edit",
    "productplan-delete", "productplan-linkStory", "productplan-unlinkStory", "company-dynamic",
    "action-comment",
}  # fmt: skip
ROLES: Final = {"po": PO, "dev": VIEWS | {"company-dynamic"}, "qa": VIEWS | {"testcase-create"}}
TRIES: Final = 6
LOCK: Final = timedelta(minutes=10)


@dataclass(slots=True)
class Account:
    """Somebody who may log in."""

    row: Row
    password: str
    privileges: set[str]
    admin: bool = False
    weak: bool = False
    fails: int = 0
    locked_until: datetime | None = None
    own_review_setting: bool | None = None

    @property
    def name(self) -> str:
        """The account's name."""
        return self.row["account"]

    def may(self, privilege: str) -> bool:
        """Whether a privilege is granted."""
        return self.admin or not privilege or privilege in self.privileges


@dataclass(slots=True)
class Session:
    """A token's session: whose it is and which product it looked at last."""

    account: str
    product: int = 0
    reading: int = 0
    running: int = 0


@dataclass(slots=True)
class LoginRefusedError(Exception):
    """The login failed; the text is what the person reads."""

    text: str


@dataclass(slots=True)
class People:
    """All accounts and all tokens."""

    rows: Table = field(default_factory=lambda: Table("user"))
    accounts: dict[str, Account] = field(default_factory=dict[str, Account])
    sessions: dict[str, Session] = field(default_factory=dict[str, Session])
    refuse_logins: bool = False
    logins: int = 0
    arrived: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _random: random.Random = field(default_factory=lambda: random.Random(20261123))

    def add(
        self, account: str, password: str, realname: str = "", role: str = "", **columns: object
    ) -> Account:
        """A new account with its role's privileges."""
        row = self.rows.add(account=account, realname=realname or account, role=role, **columns)
        added = Account(row, password, set(ROLES.get(role, VIEWS)), admin=account == "admin")
        self.accounts[account] = added
        return added

    def realname(self, account: str) -> str:
        """How people see an account; the account itself when unknown."""
        found = self.accounts.get(account)
        return found.row["realname"] if found else account

    def named(self, account: str) -> Account | None:
        """The account of that name; the database does not tell capital letters from small ones."""
        wanted = account.casefold()
        return next((a for name, a in self.accounts.items() if name.casefold() == wanted), None)

    def login(self, account: object, password: object, now: datetime, lang: str) -> str:
        """A new token; ``LoginRefusedError`` with the countdown of the tries."""
        self.logins += 1
        found = self.named(str(account))
        if found is None or not isinstance(account, str):
            raise LoginRefusedError(say("login", lang))
        if found.locked_until is not None:
            if now < found.locked_until:
                raise LoginRefusedError(say("locked", lang))
            found.locked_until, found.fails = None, 0
        if self.refuse_logins or password != found.password or found.row["deleted"]:
            raise LoginRefusedError(self._failed(found, now, lang))
        found.fails = 0
        found.row["visits"] += 1
        return self._token(found)

    @staticmethod
    def _failed(found: Account, now: datetime, lang: str) -> str:
        found.fails += 1
        if found.fails >= TRIES:
            found.locked_until = now + LOCK
            return say("locked", lang)
        return say("login", lang) if found.fails < 3 else say("tries", lang, TRIES - found.fails)

    def _token(self, found: Account) -> str:
        token = "".join(self._random.choices(string.ascii_lowercase + string.digits, k=26))
        self.sessions[token] = Session(found.name)
        return token

    def session(self, token: str) -> Session | None:
        """The session of a living token."""
        return self.sessions.get(token)

    def enter(self, token: str, *, list_read: bool, strict: bool) -> None:
        """A request with this token begins; on 22.4 a list read beside another one kills it."""
        with self._guard:
            self.arrived += 1
            session = self.sessions.get(token)
            if session is None:
                return
            overlap = session.reading or (list_read and session.running)
            session.running += 1
            session.reading += list_read
            if strict and overlap:
                del self.sessions[token]

    def leave(self, session: Session | None, *, list_read: bool) -> None:
        """The request is done (before its answer goes out)."""
        if session is not None:
            with self._guard:
                session.running -= 1
                session.reading -= list_read

    def kill(self, account: str | None = None) -> int:
        """Let tokens die, as session files do; answers how many."""
        with self._guard:
            dead = [t for t, s in self.sessions.items() if account in {None, s.account}]
            for token in dead:
                del self.sessions[token]
        return len(dead)
