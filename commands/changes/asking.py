"""The card that asks a decider about a change, alone.

It offers a decision as long as this one may still give it. Then it is drawn anew where it is: it
says what was decided and has no buttons.
"""

from __future__ import annotations

from dataclasses import replace

from commands.changes.card import change_card
from commands.changes.family import approve_action, deciders, who
from commands.context import Context
from domain.changes.events import Submitted
from domain.changes.state import ChangeRequest, ChangeStatus
from domain.messages import Action, Card, Inline, Style, T


def ask_deciders(ctx: Context, change: ChangeRequest) -> None:
    """Ask everybody who may decide what was just submitted.

    Each submission is a card of its own, which rings; those of earlier ones can not decide it.
    """
    number = _submissions(ctx, change)
    shown = change_card(ctx, change)
    for person in deciders(ctx, change):
        if number > 1:
            ctx.redraw(person.id, _told(change, shown, number - 1))
        ctx.tell(person.id, _asking(ctx, change, shown, number))


def redraw_asked(ctx: Context, change: ChangeRequest, *people: str) -> None:
    """Let the cards of the last submission say what is so now.

    :param people: whose cards; without any, those of all who may decide.
    """
    number = _submissions(ctx, change)
    if not number:
        return
    shown = change_card(ctx, change)
    given = {a.by for a in change.valid_approvals}
    for person in people or tuple(p.id for p in deciders(ctx, change)):
        waits = change.status is ChangeStatus.SUBMITTED and person not in given
        card = _asking(ctx, change, shown, number) if waits else _told(change, shown, number)
        ctx.redraw(person, card)


def _submissions(ctx: Context, change: ChangeRequest) -> int:
    """How often it was submitted, also where that was taken back: this numbers the cards."""
    return sum(isinstance(event.body, Submitted) for event in ctx.uow.changes.log(change.id))


def _key(change: ChangeRequest, number: int) -> str:
    return f"decide:{change.id}:{number}"


def _asking(ctx: Context, change: ChangeRequest, shown: Card, number: int) -> Card:
    params: dict[str, Inline | int] = {
        "who": who(ctx, change.submitted_by), "ref": change.ref, "what": change.content.what,
    }  # fmt: skip
    reject = Action(T("change.button.reject"), f"change reject {change.ref}", Style.DANGER)
    return replace(
        shown,
        title=T("change.told_decide", params),
        key=_key(change, number),
        actions=(approve_action(change), reject),
    )


def _told(change: ChangeRequest, shown: Card, number: int) -> Card:
    return replace(shown, key=_key(change, number), actions=())
