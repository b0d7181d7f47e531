"""The command itself, and what its use cases share: which request is meant, who decides it."""

from __future__ import annotations

import re

from commands.context import Context, person_ref
from commands.registry import Arg, ArgKind, Command
from domain.changes.digest import digest
from domain.changes.events import Body
from domain.changes.state import ChangeRequest
from domain.errors import ForbiddenError, NotFoundError
from domain.messages import Action, Inline, Join, PersonRef, Style, T
from domain.people import Person, Role
from domain.settings import rules_of

COMMAND = Command(
    "change", "变更", T("change.help"), aliases=("需求变更", "cr"), needs_product=True
)

APPLIERS = (Role.PO, Role.PM, Role.ADMIN)
"""Who may apply an approved change, and tidy up after others."""

REF = Arg("change", "变更", ArgKind.REF, T("change.arg.change"), required=True, prefix="CR")
REASON = Arg("reason", "原因", ArgKind.TEXT, T("change.arg.reason"), multiline=True)

_MENTION = re.compile(r"<@([^>\s]+)>")
_LONGEST = 10_000


def who(ctx: Context, person_id: str | None) -> Inline:
    """A person as shown in a card; people who are gone have a word, too."""
    if person_id is None:
        return T("change.duban")
    try:
        return ctx.person(person_id)
    except NotFoundError:
        return T("change.former_member")


def names(ctx: Context, people: tuple[str, ...]) -> Inline:
    """Several people in a row."""
    return Join(tuple(who(ctx, p) for p in people), ", ")


def as_typed(ctx: Context, text: str) -> str:
    """The words for the record: mentions by name, so that they can be read in ten years."""

    def named(match: re.Match[str]) -> str:
        shown = who(ctx, match.group(1))
        return f"@{shown.name}" if isinstance(shown, PersonRef) else match.group()

    return _MENTION.sub(named, text)[:_LONGEST].strip()


def load(ctx: Context, number: str) -> ChangeRequest:
    """The request ``CR-<number>`` of the product; ``NotFoundError`` if none."""
    change = ctx.uow.changes.by_number(ctx.product.id, int(number))
    if change is None:
        raise NotFoundError("change.unknown", ref=f"CR-{number}")
    return change


def record(
    ctx: Context, change: ChangeRequest, action: str, *bodies: Body, why: str = ""
) -> ChangeRequest:
    """Append events by the asker and write the act into the audit, bound to what it was done to."""
    after = ctx.uow.changes.record(change, *bodies, actor=ctx.me.id, at=ctx.now)
    ctx.audit(
        f"change:{action}",
        f"change:{after.id}",
        old=_stand(change) if change.seq else None,
        new=_stand(after),
        why=why,
    )
    return after


def _stand(change: ChangeRequest) -> dict[str, str | int]:
    hashed = digest(change.content, change.impact) if change.impact else ""
    version = change.versions[-1].number
    return {"status": change.status.value, "version": version, "digest": hashed}


SEEN_LENGTH = 12


def seen(change: ChangeRequest) -> str:
    """What a decision button carries, so that it decides exactly what stood on its card."""
    return digest(change.content, change.impact)[:SEEN_LENGTH] if change.impact else ""


def approve_command(change: ChangeRequest) -> str:
    """The command behind the approve button."""
    return f"change approve {change.ref} seen={seen(change)}"


def approve_action(change: ChangeRequest) -> Action:
    """The approve button. Typed, it needs no proof of what was seen: the time of the line tells."""
    typed = f"change approve {change.ref}"
    return Action(T("change.button.approve"), approve_command(change), Style.PRIMARY, typed=typed)


def deciding_roles(ctx: Context, change: ChangeRequest) -> tuple[Role, ...]:
    """The roles that decide it: as the rule was when it was submitted, before that as it is now."""
    return change.roles or rules_of(ctx.product).change_roles


def deciders(ctx: Context, change: ChangeRequest) -> tuple[Person, ...]:
    """Everybody who may decide this request: the roles of the rule, without the requester."""
    found = {
        p.id: p
        for role in deciding_roles(ctx, change)
        for p in ctx.uow.people.with_role(role, change.product_id)
        if p.active and p.id != change.author
    }
    return tuple(found.values())


def require_author(ctx: Context, change: ChangeRequest) -> None:
    """Refuse unless the asker logged it, or is a product owner or administrator."""
    if ctx.me.id != change.author and not ctx.roles & {Role.PO, Role.ADMIN}:
        raise ForbiddenError("change.only_author", author=who(ctx, change.author))


def require_decider(ctx: Context, change: ChangeRequest) -> None:
    """Refuse unless the asker has one of the deciding roles; the refusal says who has."""
    roles_needed = deciding_roles(ctx, change)
    if not ctx.roles & set(roles_needed):
        people = Join(tuple(person_ref(p) for p in deciders(ctx, change)), ", ")
        roles = Join(tuple(T(f"role.{r.value}") for r in roles_needed), " / ")
        if not people.parts:
            raise ForbiddenError("core.forbidden_nobody", roles=roles)
        raise ForbiddenError("core.forbidden", roles=roles, people=people)
