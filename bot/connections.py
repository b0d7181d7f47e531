"""The chat platforms and other systems that this process is connected to.

Each is imported only when the settings switch it on: the others' libraries cost start-up time.
"""

from __future__ import annotations

from bot.core import Core
from bot.platforms import Part, Platform
from bot.vault import Vault


def build_platforms(core: Core) -> tuple[Platform, ...]:
    """The chat platforms that the settings switch on; only theirs are imported."""
    if not core.settings.slack.on:
        return ()
    from bot.slack.platform import SlackPlatform  # noqa: PLC0415 (see above)

    return (SlackPlatform(core, Vault(core.settings.secret_keys)),)


def build_connections(core: Core) -> tuple[Part, ...]:
    """The other systems that the settings switch on; only theirs are imported."""
    if core.settings.zentao is None:
        return ()
    from bot.zentao.part import ZentaoPart  # noqa: PLC0415 (see above)

    return (ZentaoPart(core, core.settings.zentao, Vault(core.settings.secret_keys)),)
