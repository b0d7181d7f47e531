"""What Duban says when it comes into a group, and when it cannot speak in one any more."""

from __future__ import annotations

from domain.messages import Action, Block, Card, Code, Para, Strong, Style, T, Tone
from domain.people import Channel, Product


def greeting(channel: Channel, product: Product | None) -> Card:
    """The first message in a group: what Duban does here, and what to do first."""
    blocks: list[Block] = [Para(T("dingtalk.hello_does"))]
    help_ = Action(T("dingtalk.help_button"), "help")
    if product is not None:
        blocks.append(Para(T("dingtalk.hello_bound", {"product": Strong(product.name)})))
        actions = (Action(T("dingtalk.hello_plan"), "plan show", Style.PRIMARY), help_)
    else:
        blocks.append(Para(T("dingtalk.hello_bind", {"line": Code("/setup product")})))
        actions = (Action(T("dingtalk.hello_bind_button"), "setup product", Style.PRIMARY), help_)
    blocks.append(Para(T("dingtalk.hello_hears"), muted=True))
    return Card(T("dingtalk.hello"), tuple(blocks), actions, key=f"dingtalk-hello:{channel.id}")


def lost(why: str, channel: Channel, product: Product) -> Card:
    """Duban cannot post in a product's group any more, and what to do.

    :param why: ``disbanded`` or ``removed``.
    """
    shown = {"group": channel.name, "product": Strong(product.name)}
    blocks = (Para(T("dingtalk.room_lost", shown)), Para(T(f"dingtalk.room_{why}_do", shown)))
    return Card(T(f"dingtalk.room_{why}", shown), blocks, tone=Tone.WARN)


def back(channel: Channel, product: Product) -> Card:
    """Duban can post there again."""
    shown = {"group": channel.name, "product": Strong(product.name)}
    return Card(T("dingtalk.room_back", shown), tone=Tone.GOOD)
