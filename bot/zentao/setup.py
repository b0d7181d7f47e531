"""``duban zentao setup``: walks an administrator through the connection, in the terminal.

Nothing secret is shown or stored: the password is typed unseen, tried, and then belongs into the
environment, which this says in so many words.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.core import Core
from bot.doctor import Finding, Level
from bot.settings_outside import ZentaoSettings, zentao_settings
from bot.zentao.binding import Binder
from bot.zentao.doctor import server_findings
from bot.zentao.hook import hook_url
from bot.zentao.link import LANGUAGES
from domain.errors import DubanError, UserError
from domain.messages import Code, Inline, Join, T
from domain.settings import Votes
from domain.tracking import RemotePlan, RemoteProduct
from trackers.zentao.book import FixedBook
from trackers.zentao.client import Client
from trackers.zentao.gateway import ZentaoGateway

_TRIES = 3
_X = TypeVar("_X")


class Talk(Protocol):
    """A conversation in a terminal."""

    def say(self, text: Inline) -> None:
        """A line to read."""
        ...

    def ask(self, text: Inline, default: str = "") -> str:
        """A line typed; the default when nothing was."""
        ...

    def secret(self, text: Inline) -> str:
        """A line typed unseen."""
        ...


@dataclass(frozen=True, slots=True)
class Setup:
    """One walk through the set-up."""

    core: Core
    talk: Talk
    locale: str

    def run(self) -> bool:
        """Ask, try, choose, and say what to put into the environment; whether it all worked."""
        self.talk.say(T("connect.setup.intro"))
        given = self._connect()
        if given is None:
            return False
        self._bind(given)
        self._environment(given)
        self._hook()
        return True

    # -- the connection

    def _connect(self) -> ZentaoSettings | None:
        for tried in range(1, _TRIES + 1):
            try:
                given = self._ask()
                if self._well(given):
                    return given
            except DubanError as error:
                self.talk.say(error.text)
            if tried < _TRIES:
                self.talk.say(T("connect.setup.again"))
        return None

    def _ask(self) -> ZentaoSettings:
        known = self.core.settings.zentao
        talk = self.talk
        values = {
            "ZENTAO_URL": talk.ask(T("connect.setup.url"), known.url if known else ""),
            "ZENTAO_ACCOUNT": talk.ask(T("connect.setup.account"), known.account if known else ""),
        }
        typed = talk.secret(T("connect.setup.password_kept" if known else "connect.setup.password"))
        values["ZENTAO_PASSWORD"] = typed or (known.password if known else "")
        default = known.votes.value if known else Votes.LEDGER.value
        values["ZENTAO_VOTES"] = self._votes(default)
        found = zentao_settings(lambda name, fallback: values.get(name) or fallback)
        if found is None:
            raise UserError("connect.setup.nothing")
        return found

    def _votes(self, default: str) -> str:
        self.talk.say(T("connect.setup.votes_intro"))
        for votes in Votes:
            text = T(f"connect.setup.votes_{votes.value}")
            self.talk.say(Join((Code(votes.value), text), "  "))
        return self.talk.ask(T("connect.setup.votes"), default).strip().casefold()

    def _well(self, given: ZentaoSettings) -> bool:
        """Look at the server as the doctor does; whether nothing is in the way."""
        bad = False
        with closing(self._client(given)) as client:
            for finding in server_findings(client, given.votes):
                self._show(finding)
                bad = bad or finding.level is Level.BAD
        if not bad:
            return True
        return self._yes(T("connect.setup.bad_anyway"))

    def _show(self, finding: Finding) -> None:
        mark = T(f"doctor.mark.{finding.level.value}")
        self.talk.say(Join((mark, finding.text), " "))
        if finding.advice is not None:
            self.talk.say(Join(("   ", finding.advice)))

    def _client(self, given: ZentaoSettings) -> Client:
        language = LANGUAGES.get(self.locale, "zh-cn")
        return Client(given.url, given.account, given.password, self.core.clock, language=language)

    # -- products and plans

    def _bind(self, given: ZentaoSettings) -> None:
        with closing(self._client(given)) as client:
            gateway = ZentaoGateway(client, FixedBook())
            products = [p for p in gateway.products() if not p.closed]
            binder = Binder(self.core, gateway, given.url)
            for ours in binder.free_products():
                chosen = self._choose_product(ours.name, products)
                if chosen is None:
                    continue
                self.talk.say(binder.bind(ours, chosen))
                plans = gateway.plans(chosen.ref)
                plan = self._choose_plan(plans)
                if plan is not None:
                    self.talk.say(binder.import_plan(ours, plan, plans))

    def _choose_product(self, name: str, found: Sequence[RemoteProduct]) -> RemoteProduct | None:
        if not found:
            self.talk.say(T("connect.no_products"))
            return None
        self.talk.say(T("connect.setup.products"))
        for product in found:
            self.talk.say(f"  {product.ref}  {product.name}")
        ref = self.talk.ask(T("connect.setup.which_product", {"product": name})).lstrip("#")
        return self._among(ref, {p.ref: p for p in found})

    def _choose_plan(self, found: Sequence[RemotePlan]) -> RemotePlan | None:
        dated = [p for p in found if p.begins and p.ends and p.status not in ("done", "closed")]
        if not dated:
            self.talk.say(T("connect.setup.no_plans"))
            return None
        self.talk.say(T("connect.setup.plans"))
        for plan in dated:
            self.talk.say(f"  {plan.ref}  {plan.title}  {plan.begins} – {plan.ends}")
        ref = self.talk.ask(T("connect.setup.which_plan")).lstrip("#")
        return self._among(ref, {p.ref: p for p in dated})

    def _among(self, ref: str, known: dict[str, _X]) -> _X | None:
        if ref and ref not in known:
            self.talk.say(T("connect.setup.not_listed", {"ref": ref}))
        return known.get(ref)

    # -- what is left to do

    def _environment(self, given: ZentaoSettings) -> None:
        """What belongs into the environment; the password is named, never shown."""
        talk = self.talk
        talk.say(T("connect.setup.environment"))
        for name, value in (
            ("ZENTAO_URL", given.url),
            ("ZENTAO_ACCOUNT", given.account),
            ("ZENTAO_VOTES", given.votes.value),
        ):
            talk.say(Code(f"{name}={value}"))
        talk.say(Join((Code("ZENTAO_PASSWORD="), T("connect.setup.the_password")), ""))

    def _hook(self) -> None:
        url = hook_url(self.core.settings.base_url, self.core.settings.secret_keys)
        self.talk.say(T("connect.setup.hook", {"url": Code(url)}))
        self.talk.say(T("connect.setup.done"))

    def _yes(self, text: Inline) -> bool:
        return self.talk.ask(text).strip().casefold() in ("y", "yes", "是", "好")
