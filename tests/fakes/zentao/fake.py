"""The handle that tests hold: start, stop, arrange, break, look."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from tests.fakes.zentao.faults import Effect, Fault, Faults
from tests.fakes.zentao.hooks import send_waiting
from tests.fakes.zentao.markup import decode_title
from tests.fakes.zentao.person import Person
from tests.fakes.zentao.seeding import Seeds
from tests.fakes.zentao.server import Seen, Server
from tests.fakes.zentao.state import Action, Settings, State
from tests.fakes.zentao.versions import version_of

BOT = "pobot"
BOT_PASSWORD = "Duban-2026!"


class FakeZentao:
    """A ZenTao of a version, with an administrator (``admin``) and a bot account (``pobot``).

    The bot has the shipped role PO and, granted by hand as the handbook asks, ``submitReview``.

    :param version: ``22.4`` or ``18.10`` (others behave like the nearer one).
    :param clock: the server's clock; give a ManualClock's ``now`` to let it stand still.
    :param bare: without these two accounts.
    """

    def __init__(
        self,
        version: str = "22.4",
        *,
        clock: Callable[[], datetime] | None = None,
        bare: bool = False,
    ) -> None:
        self.state = State(version_of(version), clock or (lambda: datetime.now(UTC)))
        self.faults = Faults()
        self.server = Server(self.state, self.faults)
        self.seeds = Seeds(self.state, self.server.application.rules)
        if bare:
            return
        self.seeds.user("admin", "Admin-2026!", realname="admin")
        self.add_user(BOT, BOT_PASSWORD, realname="产品机器人", role="po")
        self.grant(BOT, "story-submitReview")

    # -- life ----------------------------------------------------------------------------------

    def start(self) -> FakeZentao:
        """Listen on a free port of the loopback."""
        self.server.up()
        self.state.url = self.url
        return self

    def stop(self) -> None:
        """Stop listening; whoever waits is let go."""
        self.faults.clear()
        self.server.down()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """``BASE``: what an administrator types into Duban."""
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def settings(self) -> Settings:
        """What an administrator of ZenTao sets: zone, review required, super reviewers …"""
        return self.state.settings

    # -- what arrived --------------------------------------------------------------------------

    @property
    def requests(self) -> list[Seen]:
        """All requests, in the order in which they were answered."""
        return list(self.server.seen)

    def count(self, pattern: str = "") -> int:
        """How many requests have a ``METHOD /path`` that contains the expression."""
        return sum(bool(re.search(pattern, seen.line)) for seen in self.server.seen)

    def forget_requests(self) -> None:
        """Start counting anew."""
        self.server.seen.clear()

    # -- arranging -----------------------------------------------------------------------------

    def add_user(
        self, account: str, password: str = "Secret-2026!", *, realname: str = "", role: str = "po",
        grants: Iterable[str] = (), **profile: str,
    ) -> int:  # fmt: skip
        """A new account with a shipped role (po, dev, qa); answers its id."""
        return self.seeds.user(account, password, realname, role, tuple(grants), **profile)

    def grant(self, account: str, *privileges: str) -> None:
        """Give privileges (``story-close``) by hand."""
        with self.state.lock:
            self.state.people.accounts[account].privileges.update(privileges)

    def revoke(self, account: str, *privileges: str) -> None:
        """Take privileges away."""
        with self.state.lock:
            self.state.people.accounts[account].privileges.difference_update(privileges)

    def weak_password(self, account: str, weak: bool = True) -> None:
        """The trap: v1 works, every answer of v2 is a redirection with the body attached."""
        with self.state.lock:
            self.state.people.accounts[account].weak = weak

    def add_product(
        self, name: str, *, acl: str = "open", po: str = "", whitelist: Iterable[str] = ()
    ) -> int:
        """A new product; answers its id."""
        return self.seeds.product(name, acl, po, tuple(whitelist))

    def hide_product(self, product: int) -> None:
        """Make a product private: only its PO and the administrator see it."""
        with self.state.lock:
            row = self.state.products.get(product)
            assert row is not None
            row.update(acl="private", whitelist="", createdBy="admin")

    def add_plan(
        self, product: int, title: str, begin: str = "2030-01-01", end: str = "2030-01-01",
        *, who: str = "admin", desc: str = "",
    ) -> int:  # fmt: skip
        """A new plan; without days it is undated. Answers its id."""
        return self.seeds.plan(product, title, begin, end, who, desc)

    def add_story(self, product: int, title: str, *, who: str = "admin", **columns: Any) -> int:
        """A story as it stands (``status="active"`` unless told), with only ``opened`` logged.

        ``spec``, ``verify``, ``reviewers`` and every column of ZenTao may be given.
        """
        return self.seeds.story(product, title, who, columns)

    def add_stories(self, product: int, count: int, *, title: str = "需求") -> list[int]:
        """Many stories of one product at once."""
        return [self.seeds.story(product, f"{title} {n + 1}", "admin", {}) for n in range(count)]

    def add_execution(self, name: str, stories: Iterable[int] = ()) -> int:
        """A sprint with stories in it: their stage is computed from tasks from now on."""
        return self.seeds.execution(name, tuple(stories))

    def add_task(self, execution: int, story: int, kind: str = "devel") -> int:
        """A task for a story; answers its id."""
        return self.seeds.task(execution, story, kind)

    def task(self, number: int, status: str) -> None:
        """Move a task (``doing``, ``done``): the story's stage follows without any story action."""
        self.seeds.move_task(number, status)

    def add_hook(
        self, url: str, *, products: Iterable[int] = (), send: str = "sync", domain: str = ""
    ) -> int:
        """An outgoing web hook of type ``default`` with all fields ticked."""
        return self.seeds.hook(url, tuple(products), send, domain or self.url)

    def run_scheduler(self) -> int:
        """Send what ``async`` hooks left waiting; answers how many."""
        return send_waiting(self.state)

    def person(self, account: str) -> Person:
        """Somebody at ZenTao's own pages: what they do does not go through the socket."""
        return Person(self.state, self.server.application.rules, account)

    # -- looking -------------------------------------------------------------------------------

    def story(self, number: int) -> dict[str, Any]:
        """A story as the database has it: plain columns, title decoded, text, reviewers, votes."""
        with self.state.lock:
            row = self.state.stories.get(number)
            assert row is not None, f"no story {number}"
            text = self.state.spec(row)
            votes = self.state.reviewers(row)
            return row.full() | {
                "title": decode_title(text.title),
                "spec": text.spec,
                "verify": text.verify,
                "reviewers": sorted(votes),
                "votes": dict(votes),
            }

    def stories(self, product: int) -> list[dict[str, Any]]:
        """All stories of a product that are not deleted."""
        with self.state.lock:
            return [self.story(row["id"]) for row in self.state.stories_of(product)]

    def plan(self, number: int) -> dict[str, Any]:
        """A plan as the database has it, with the ids of its stories."""
        with self.state.lock:
            plan = self.state.plans[number]
            return {
                "id": plan.id, "product": plan.product, "title": plan.title, "begin": plan.begin,
                "end": plan.end, "desc": plan.desc, "status": plan.status,
                "deleted": plan.deleted, "stories": list(plan.linked),
            }  # fmt: skip

    def actions(self, story: int) -> list[Action]:
        """A story's history, oldest first."""
        with self.state.lock:
            return list(self.state.history.get(("story", story), []))

    @property
    def tokens(self) -> int:
        """How many tokens live."""
        return len(self.state.people.sessions)

    @property
    def logins(self) -> int:
        """How many logins were tried."""
        return self.state.people.logins

    # -- breaking ------------------------------------------------------------------------------

    def down(self) -> None:
        """Away: connections are refused, open ones are reset."""
        self.server.down()

    def up(self) -> None:
        """Back on the same port."""
        self.server.up()

    def hang(self, seconds: float, on: str = "", *, times: int | None = None) -> Fault:
        """Say nothing for a while, then do the work and answer."""
        return self.faults.add(Effect.HANG, on, seconds=seconds, times=times)

    def hang_after(self, seconds: float, on: str = "", *, times: int | None = None) -> Fault:
        """Do the work at once, then say nothing for a while."""
        return self.faults.add(Effect.HANG_AFTER, on, seconds=seconds, times=times)

    def reset(self, on: str = "", *, times: int | None = None) -> Fault:
        """Cut the connection before the work."""
        return self.faults.add(Effect.RESET, on, times=times)

    def lose_replies(self, on: str = "", *, times: int | None = 1, skip: int = 0) -> Fault:
        """Do the work, then cut the connection without a word."""
        return self.faults.add(Effect.LOSE_REPLY, on, times=times, skip=skip)

    def half_pages(self, on: str = "", *, times: int | None = 1, cut: bool = False) -> Fault:
        """Half of the JSON: with a matching length, or (``cut``) cut off in the middle."""
        return self.faults.add(Effect.CUT if cut else Effect.HALF, on, times=times)

    def login_pages(self, on: str = "", *, times: int | None = 1) -> Fault:
        """302 to the login page instead of an answer."""
        return self.faults.add(Effect.LOGIN_PAGE, on, times=times)

    def crash(self, on: str = "", *, times: int | None = 1) -> Fault:
        """500 with an empty body; nothing is done."""
        return self.faults.add(Effect.CRASH, on, times=times)

    def empty_answers(self, on: str = "", *, times: int | None = 1) -> Fault:
        """200 with an empty body; the work is done."""
        return self.faults.add(Effect.EMPTY, on, times=times)

    def slow(self, seconds: float) -> None:
        """Every answer takes so much longer."""
        self.faults.delay = seconds

    def heal(self) -> None:
        """No more faults; logins work again; listening."""
        self.faults.clear()
        self.refuse_logins(False)
        self.up()

    def refuse_logins(self, refuse: bool = True) -> None:
        """The password is no longer right (failures count towards the lock-out)."""
        self.state.people.refuse_logins = refuse

    def kill_tokens(self, account: str | None = None) -> int:
        """All tokens (of an account) die now, as session files do."""
        return self.state.people.kill(account)
