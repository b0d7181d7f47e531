"""``duban doctor``: what is well, what is not, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.core import Core
from documents.fonts import chinese_font
from domain.errors import DubanError, UserError
from domain.messages import (
    Block,
    Bullet,
    Bullets,
    Card,
    Code,
    Heading,
    Inline,
    Join,
    Moment,
    T,
    Tone,
)
from storage.migrate import is_current

QUEUE_AGE = timedelta(minutes=10)
"""What waits longer than this is worth a look."""


class Level(StrEnum):
    """How a finding stands."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    :param advice: what to do, where something is wrong.
    """

    level: Level
    text: Inline
    advice: Inline | None = None


Examination = Callable[[Core], Iterable[Finding]]
"""Looks at one part of an installation. It may ask other systems, and changes nothing."""


def examine(core: Core, sections: Mapping[str, Examination]) -> Iterator[tuple[str, Finding]]:
    """The findings of each section, as they come; a section that breaks is a finding too."""
    for name, look in sections.items():
        try:
            for finding in look(core):
                yield name, finding
        except DubanError as error:
            yield name, Finding(Level.BAD, error.text, error.hint)
        except Exception as error:  # noqa: BLE001 (the doctor must go on to the next section)
            shown = f"{type(error).__name__}: {error}"[:300]
            yield name, Finding(Level.BAD, T("doctor.broken", {"reason": shown}))


def sections(core: Core) -> dict[str, Examination]:
    """The sections that the settings make sense of; only their libraries are imported."""
    found: dict[str, Examination] = {"core": core_findings}
    if core.settings.slack.on:
        from bot.slack.admin.checks import slack_findings  # noqa: PLC0415 (only where it is used)

        found["slack"] = slack_findings
    if core.settings.dingtalk.on:
        from bot.dingtalk.checks import dingtalk_findings  # noqa: PLC0415 (only where it is used)

        found["dingtalk"] = dingtalk_findings
    if core.settings.zentao is not None:
        from bot.zentao.doctor import zentao_findings  # noqa: PLC0415 (only where it is used)

        found["zentao"] = zentao_findings
    return found


def core_findings(core: Core) -> Iterator[Finding]:
    """Database, keys, clock, zones, holidays, fonts, what waits to be sent."""
    if not is_current(core.store.database):
        yield Finding(Level.BAD, T("doctor.not_migrated"), T("doctor.migrate"))
        return
    yield Finding(Level.GOOD, T("doctor.database", {"kind": core.store.database.dialect}))
    yield _keys(core)
    if core.settings.public:
        url = core.settings.base_url
        https = url.startswith("https://")
        yield Finding(
            Level.GOOD if https else Level.WARN,
            T("doctor.public", {"url": url}),
            None if https else T("doctor.use_https"),
        )
    if chinese_font() is None:
        yield Finding(Level.WARN, T("doctor.no_font"), T("doctor.install_font"))
    for workspace in core.store.workspaces():
        yield from _calendar(core, workspace.zone, workspace.country)
        yield from _queue(core, workspace.id)


def _keys(core: Core) -> Finding:
    path = core.settings.data_dir / "secret.key"
    if path.exists() and path.stat().st_mode & 0o077:
        shown = {"path": str(path)}
        return Finding(Level.BAD, T("doctor.key_open", shown), T("doctor.close_key", shown))
    return Finding(Level.GOOD, T("doctor.keys", {"n": len(core.settings.secret_keys)}))


def _calendar(core: Core, zone: str, country: str) -> Iterator[Finding]:
    try:
        local = core.clock.now().astimezone(ZoneInfo(zone))
    except ZoneInfoNotFoundError:
        yield Finding(Level.BAD, T("doctor.no_zone", {"zone": zone}), T("doctor.install_zones"))
        return
    shown = f"{local:%Y-%m-%d %H:%M}"
    yield Finding(Level.GOOD, T("doctor.clock", {"zone": zone, "at": shown}))
    for year in (local.year, local.year + 1):
        known = core.services.holidays.year(country, year) is not None
        params: dict[str, Inline | int] = {"country": country, "year": str(year)}
        if known:
            yield Finding(Level.GOOD, T("doctor.holidays", params))
        elif year == local.year or local.month == 12:
            yield Finding(Level.WARN, T("doctor.no_holidays", params), T("doctor.add_days"))


def report(core: Core, only: str | None = None) -> tuple[Card, bool]:
    """Everything that was found as a card, and whether nothing is bad.

    :param only: one section; ``UserError`` when there is none of this name.
    """
    known = sections(core)
    if only is not None and only not in known:
        names = Join(tuple(Code(n) for n in known), ", ")
        raise UserError("doctor.no_section", section=only, known=names)
    chosen = {only: known[only]} if only else known
    blocks: list[Block] = []
    bad = 0
    found = list(examine(core, chosen))
    for name in chosen:
        mine = [f for section, f in found if section == name]
        blocks += (Heading(T(f"doctor.section.{name}")), Bullets(tuple(map(_line, mine))))
        bad += sum(f.level is Level.BAD for f in mine)
    title = T("doctor.bad", {"n": bad}) if bad else T("doctor.well")
    return Card(title, tuple(blocks), tone=Tone.BAD if bad else Tone.GOOD), not bad


def _line(finding: Finding) -> Bullet:
    parts: tuple[Inline, ...] = (T(f"doctor.mark.{finding.level.value}"), " ", finding.text)
    if finding.advice is not None:
        parts += (" → ", finding.advice)
    return Bullet(Join(parts))


def _queue(core: Core, workspace: str) -> Iterator[Finding]:
    now = core.clock.now()
    with core.store.read(workspace) as uow:
        waiting, oldest = uow.outbox.waiting(now)
        failed = len(uow.outbox.failed())
    if oldest is not None and now - oldest > QUEUE_AGE:
        params: dict[str, Inline | int] = {"n": waiting, "at": Moment(oldest)}
        yield Finding(Level.WARN, T("doctor.queue_old", params), T("doctor.run_worker"))
    else:
        yield Finding(Level.GOOD, T("doctor.queue", {"n": waiting}))
    if failed:
        yield Finding(Level.WARN, T("doctor.failed", {"n": failed}), T("doctor.send_again"))
