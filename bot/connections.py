"""The chat platforms and other systems that this process is connected to.

Each is imported only when the settings switch it on: the others' libraries cost start-up time.
"""

from __future__ import annotations

from bot.core import Core
from bot.platforms import Part, Platform
from bot.vault import Vault


def build_platforms(core: Core) -> tuple[Platform, ...]:
    """The chat platforms that the settings switch on; only theirs are imported."""
    settings, found = core.settings, list[Platform]()
    if settings.slack.on:
        from bot.slack.platform import SlackPlatform  # noqa: PLC0415 (see above)

        found.append(SlackPlatform(core, Vault(settings.secret_keys)))
    if settings.dingtalk.on:
        from bot.dingtalk.platform import DingtalkPlatform  # noqa: PLC0415 (see above)

        found.append(DingtalkPlatform(core, Vault(settings.secret_keys)))
    return tuple(found)


def build_connections(core: Core) -> tuple[Part, ...]:
    """The other systems that the settings switch on; only theirs are imported."""
    if core.settings.zentao is None:
        return ()
    from bot.zentao.part import ZentaoPart  # noqa: PLC0415 (see above)

    return (ZentaoPart(core, core.settings.zentao, Vault(core.settings.secret_keys)),)
