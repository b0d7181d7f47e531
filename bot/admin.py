"""What the ``duban`` commands do."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator

from bot import tokens
from bot.app import Duban, build_asgi
from bot.cards.text import render_text
from bot.cards.words import Reader
from bot.core import Core, build_core
from bot.doctor import report
from bot.engine import migrate_jobs
from bot.first_run import ensure_workspace
from bot.logs import configure_logs
from bot.sample import load, remove
from bot.serve import hold_signals, refuse_taken_port, serve, wait_for_signal
from bot.settings import Settings, make_data_dir, refuse_open_door
from bot.terminal.chat import TerminalChat, take_seat
from commands.catalog import build_registry
from documents.fonts import chinese_font
from domain.errors import StorageError, UserError
from domain.messages import Card, Inline, T
from storage.backup import backup as archive_backup
from storage.dingtalk import PLATFORM as DINGTALK
from storage.migrate import is_current, upgrade
from storage.restore import restore as archive_restore
from storage.slack import PLATFORM as SLACK


def run(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """Everything in one process: migrate, serve, work."""
    del options
    refuse_open_door(settings)
    _prepare(settings, locale)
    return _serve(settings, locale, work=True)


def web(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """The web pages; background work is only queued."""
    del options
    refuse_open_door(settings)
    return _serve(settings, locale, work=False)


def worker(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """The background work; any number of these may run."""
    del options, locale
    _logs()
    hold_signals()
    duban = Duban(_core(settings))
    duban.start()
    try:
        wait_for_signal()
    finally:
        duban.stop()
    return 0


def slack(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """The connection to Slack in Socket Mode; up to ten of these may run at once."""
    del options
    if not settings.slack.socket:
        raise UserError("slack.no_socket")
    return _listen(settings, SLACK, T("slack.listening"), locale)


def dingtalk(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """The connection to DingTalk's stream; any number of these may run at once."""
    del options
    if not settings.dingtalk.on:
        raise UserError("dingtalk.not_on")
    return _listen(settings, DINGTALK, T("dingtalk.listening"), locale)


def _listen(settings: Settings, platform: str, said: Inline, locale: str) -> int:
    """Keep one platform's connection until told to stop; others do the background work."""
    _logs()
    hold_signals()
    duban = Duban(_core(settings), work=False, listen=platform)
    duban.start()
    _say(said, locale)
    try:
        wait_for_signal()
    finally:
        duban.stop()
    return 0


def zentao(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """Connect ZenTao step by step, or take a reviewer's own token."""
    from bot.zentao import cli as zentao_cli  # noqa: PLC0415 (only where it is used)

    _prepare(settings, locale)
    core = _core(settings)
    try:
        talk = zentao_cli.Terminal(locale)
        if options.what == "setup":
            return 0 if zentao_cli.run_setup(core, talk, locale) else 1
        zentao_cli.give_token(core, talk, options.person, forget=options.forget)
        return 0
    finally:
        core.store.database.close()


def manifest(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """Slack's app manifest on standard output; what people should know about it on the other."""
    from bot.slack.admin import manifest as slack_manifest  # noqa: PLC0415 (only where it is used)

    socket = slack_manifest.chosen_way(settings, socket=options.socket, http=options.http)
    language = options.lang or locale
    made = slack_manifest.manifest(
        build_registry(), settings, socket=socket, locale=language, without=options.without
    )
    for note in made.notes:
        _say(note, locale, error=True)
    _print(json.dumps(made.content, ensure_ascii=False, indent=2))
    return 0


def _serve(settings: Settings, locale: str, *, work: bool) -> int:
    refuse_taken_port(settings.host, settings.port)
    _logs()
    if chinese_font() is None:
        _say(T("cli.no_font"), locale, error=True)
    duban = Duban(_core(settings), work=work, listen=work)
    duban.start()

    def ready(port: int) -> None:
        base = settings.base_url
        url = base if settings.port else f"{base.rpartition(':')[0]}:{port}"
        _say(T("cli.running", {"url": url}), locale)

    try:
        serve(
            build_asgi(duban),
            settings.host,
            settings.port,
            ready=ready,
            closing=duban.hub.close,
        )
    finally:
        duban.stop()
    return 0


def migrate(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """Bring the database to this version, and make the first workspace."""
    del options
    _prepare(settings, locale)
    _say(T("cli.migrated"), locale)
    return 0


def doctor(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """Look at everything that may be wrong; 1 when something is."""
    core = build_core(settings)
    try:
        card, well = report(core, options.section)
        _print(render_text(card, Reader(locale, "UTC")))
    finally:
        core.store.database.close()
    return 0 if well else 1


def demo(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """Load or remove the sample product."""
    _prepare(settings, locale)
    core = _core(settings)
    workspace = core.store.workspaces()[0]
    if options.what == "load":
        channel = load(core.dispatcher, core.store, core.services, workspace.id, core.clock)
        _say(T("cli.demo_load_done", {"channel": channel.name}), locale)
    else:
        remove(core.store, workspace.id, core.clock)
        _say(T("cli.demo_remove_done"), locale)
    return 0


def audit(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """Check the hash chain of every workspace; 2 when one does not hold."""
    del options
    core, count = _core(settings), 0
    for workspace in core.store.workspaces():
        with core.store.read(workspace.id) as uow:
            checked, broken = uow.audit_log.verify()
        if broken is not None:
            problem = T("cli.audit_broken", {"seq": broken.seq, "problem": broken.problem})
            _say(problem, locale, error=True)
            return 2
        count += checked
    _say(T("cli.audit_ok", {"n": count}), locale)
    return 0


def chat(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """Chat in the terminal."""
    _prepare(settings, locale)
    core = _core(settings)
    duban = Duban(core, work=False)
    duban.start()
    try:
        seat = take_seat(core.store, options.person, options.channel)
        session = TerminalChat(seat, core.store, core.dispatcher, core.clock, _print)
        if options.line:
            session.once(" ".join(options.line))
        else:
            session.run(_typed())
    finally:
        duban.stop()
    return 0


def _typed() -> Iterator[str]:
    """What is typed, line by line, until the end of the input."""
    while True:
        try:
            yield input("> " if sys.stdin.isatty() else "")
        except EOFError:
            return


def token(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """Make a token for scripts (printed once, alone on standard output), list them, end one."""
    _prepare(settings, locale)
    core = _core(settings)
    if options.what == "list":
        zone = core.store.workspaces()[0].zone
        _print(render_text(tokens.listed(core), Reader(locale, zone)))
    elif options.what == "revoke":
        tokens.revoke(core, options.id)
        _say(T("cli.token_revoked", {"id": options.id}), locale)
    else:
        text = tokens.create(core, options.person, options.note)
        _say(T("cli.token_once"), locale, error=True)
        _print(text)
    return 0


def backup(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """Back up the database and the files."""
    core = _core(settings)
    stamp = f"{core.clock.now():%Y%m%d-%H%M%S}"
    target = options.target or settings.data_dir / "backups" / f"duban-{stamp}.tar.gz"
    target.parent.mkdir(parents=True, exist_ok=True)
    archive_backup(settings.database_url, settings.files_dir, target)
    done = T("cli.backup_done", {"path": str(target), "n": target.stat().st_size})
    _say(done, locale)
    return 0


def restore(settings: Settings, options: argparse.Namespace, locale: str) -> int:
    """Restore from a backup into an empty database, or over what is there with ``--force``."""
    make_data_dir(settings)
    archive_restore(options.source, settings.database_url, settings.files_dir, force=options.force)
    _say(T("cli.restored", {"path": str(options.source)}), locale)
    return 0


def _prepare(settings: Settings, locale: str) -> None:
    """Migrate our tables and the job engine's; make the first workspace of a new database."""
    make_data_dir(settings)
    upgrade(settings.database_url)
    migrate_jobs(settings.database_url)
    core = build_core(settings)
    try:
        ensure_workspace(core.store, locale, core.clock.now())
    finally:
        core.store.database.close()


def _core(settings: Settings) -> Core:
    """The core over a database that must be at this version."""
    core = build_core(settings)
    try:
        current = is_current(core.store.database)
    except StorageError:
        core.store.database.close()
        raise
    if not current:
        core.store.database.close()
        raise UserError("cli.not_migrated")
    return core


def _logs() -> None:
    configure_logs(as_json=not sys.stderr.isatty() or bool(os.environ.get("DUBAN_LOG_JSON")))


def _say(text: Inline, locale: str, *, error: bool = False) -> None:
    shown = render_text(Card(text), Reader(locale, "UTC"))
    print(shown, file=sys.stderr if error else sys.stdout, flush=True)


def _print(text: str) -> None:
    print(text, flush=True)
