"""Making the connection to ZenTao: a client, what is who, and how people are told."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from bot.core import Core
from bot.settings_outside import ZentaoSettings
from bot.vault import Vault
from bot.zentao.own_tokens import OwnTokens
from bot.zentao.telling import CommandTeller
from domain.people import Workspace
from trackers.zentao.client import Client
from trackers.zentao.gateway import ZentaoGateway
from trackers.zentao.sync.bench import AccountListener, Bench, PlanListener
from trackers.zentao.sync.book import LiveBook
from trackers.zentao.sync.voting import forget, nobody

LANGUAGES = {"zh": "zh-cn", "en": "en"}
"""In which language ZenTao is to complain, by the language of the workspace."""


def server_of(url: str) -> str:
    """Host and path of a ZenTao: what its accounts belong to, whatever the scheme."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}".rstrip("/").casefold()


def make_client(core: Core, settings: ZentaoSettings, workspace: Workspace | None) -> Client:
    """The account of the settings."""
    language = LANGUAGES.get(workspace.locale if workspace else "zh", "zh-cn")
    return Client(settings.url, settings.account, settings.password, core.clock, language=language)


def make_own_tokens(
    core: Core, settings: ZentaoSettings, workspace: Workspace, vault: Vault
) -> OwnTokens:
    """The sealed tokens of the workspace's reviewers."""
    return OwnTokens(
        core.store,
        vault,
        core.clock,
        workspace.id,
        settings.url,
        server_of(settings.url),
        LANGUAGES.get(workspace.locale, "zh-cn"),
    )


def make_bench(
    core: Core,
    settings: ZentaoSettings,
    workspace: Workspace,
    *,
    plan_listeners: tuple[PlanListener, ...] = (),
    account_listeners: tuple[AccountListener, ...] = (),
    own: OwnTokens | None = None,
) -> Bench:
    """All that work between a workspace and its ZenTao needs."""
    book = LiveBook()
    client = make_client(core, settings, workspace)
    gateway = ZentaoGateway(client, book, votes=settings.votes)
    return Bench(
        store=core.store,
        workspace=workspace.id,
        zentao=gateway,
        book=book,
        server=server_of(settings.url),
        teller=CommandTeller(core.services, core.dispatcher.registry, core.clock),
        clock=core.clock,
        plan_listeners=plan_listeners,
        account_listeners=account_listeners,
        votes=settings.votes,
        own=partial(own.view, gateway) if own else nobody,
        lapsed=own.lapsed if own else forget,
    )
