"""What Duban says when it comes into a channel, and when it cannot speak in one any more."""

from __future__ import annotations

from domain.messages import Action, Block, Card, Code, Inline, Para, Strong, Style, T, Tone
from domain.people import Channel, Product


def greeting(channel: Channel, product: Product | None) -> Card:
    """The first message in a channel: what Duban does here, and what to do first."""
    blocks: list[Block] = [Para(T("slack.hello_does"))]
    if product is not None:
        blocks.append(Para(T("slack.hello_bound", {"product": Strong(product.name)})))
        actions = (
            Action(T("slack.hello_plan"), "plan show", Style.PRIMARY),
            Action(T("slack.help_button"), "help"),
        )
    else:
        blocks.append(Para(T("slack.hello_bind", {"line": Code("/setup product")})))
        actions = (
            Action(T("slack.hello_bind_button"), "setup product", Style.PRIMARY),
            Action(T("slack.help_button"), "help"),
        )
    blocks.append(Para(T("slack.hello_records"), muted=True))
    title = T("slack.hello", {"channel": f"#{channel.name}"})
    return Card(title, tuple(blocks), actions, key=f"slack-hello:{channel.id}")


def lost(why: str, channel: Channel, product: Product) -> Card:
    """Duban cannot post in a product's channel any more, and what to do.

    :param why: ``archived``, ``deleted`` or ``removed``.
    """
    shown = {"channel": f"#{channel.name}", "product": Strong(product.name)}
    blocks = (Para(T("slack.room_lost", shown)), Para(T(f"slack.room_{why}_do", shown)))
    return Card(T(f"slack.room_{why}", shown), blocks, tone=Tone.WARN)


def back(channel: Channel, product: Product) -> Card:
    """Duban can post there again."""
    shown: dict[str, Inline | int] = {
        "channel": f"#{channel.name}",
        "product": Strong(product.name),
    }
    return Card(T("slack.room_back", shown), tone=Tone.GOOD)


def renamed(old: str, channel: Channel, product: Product) -> Card:
    """A product's channel has another name (or id); nothing is to be done."""
    shown: dict[str, Inline | int] = {
        "old": f"#{old}",
        "channel": f"#{channel.name}",
        "product": Strong(product.name),
    }
    return Card(T("slack.room_renamed", shown))
