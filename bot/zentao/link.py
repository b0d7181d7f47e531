"""Making the connection to ZenTao: a client, what is who, and how people are told."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.core import Core
from bot.settings_outside import ZentaoSettings
from bot.zentao.telling import CommandTeller
from domain.people import Workspace
from trackers.zentao.base import Votes
from trackers.zentao.client import Client
from trackers.zentao.gateway import ZentaoGateway
from trackers.zentao.sync.bench import AccountListener, Bench, PlanListener
from trackers.zentao.sync.book import LiveBook

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


def make_bench(
    core: Core,
    settings: ZentaoSettings,
    workspace: Workspace,
    *,
    plan_listeners: tuple[PlanListener, ...] = (),
    account_listeners: tuple[AccountListener, ...] = (),
) -> Bench:
    """All that work between a workspace and its ZenTao needs."""
    book = LiveBook()
    client = make_client(core, settings, workspace)
    return Bench(
        store=core.store,
        workspace=workspace.id,
        zentao=ZentaoGateway(client, book, votes=Votes(settings.votes.value)),
        book=book,
        server=server_of(settings.url),
        teller=CommandTeller(core.services, core.dispatcher.registry, core.clock),
        clock=core.clock,
        plan_listeners=plan_listeners,
        account_listeners=account_listeners,
    )
