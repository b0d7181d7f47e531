"""``/team link``: one person's accounts on several platforms, tied together on purpose.

A code that is shown on one platform is typed on the other. Nobody is ever matched by name.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta

from commands.args import Args
from commands.context import Context, person_ref
from commands.registry import Arg, ArgKind, Choice
from commands.team import COMMAND
from domain.errors import UserError
from domain.ids import new_id
from domain.messages import Action, Card, Code, Para, Reply, Style, T, Tone
from domain.people import Person, Role

LIFE = timedelta(minutes=10)
_NO_CHAT = frozenset({"zentao"})
"""Accounts with which nobody talks to Duban."""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are taken for one another."""

_CODE = Arg("code", "绑定码", ArgKind.WORD, T("team.arg.code"))
_SURE = Arg(
    "sure", "确认", ArgKind.CHOICE, T("team.arg.sure"),
    choices=(Choice("yes", ("yes", "确认", "是"), T("team.sure")),),
)  # fmt: skip


@COMMAND.sub(
    "link",
    "绑定",
    args=(_CODE, _SURE),
    examples=(("团队 绑定", "team link"), ("团队 绑定 ABCD-2345", "team link ABCD-2345")),
)
def link(ctx: Context, args: Args) -> Reply:
    """Show a code; with the code of another account ask, and then tie both together."""
    typed = args.text("code")
    if not typed:
        return _show(ctx)
    other = _other(ctx, _hash(typed))
    return _tie(ctx, typed, other) if args.text("sure") else _ask(ctx, typed, other)


def _show(ctx: Context) -> Reply:
    letters = [secrets.choice(_LETTERS) for _ in range(8)]
    code = "".join(letters[:4]) + "-" + "".join(letters[4:])
    ctx.uow.link_codes.add(ctx.me.id, _hash(code), ctx.now + LIFE)
    line = Code(f"/team link {code}")
    lines = (Para(line), Para(T("team.link_life", {"n": 10}), muted=True))
    return Reply((Card(T("team.link_code"), lines),), private=True)


def _hash(code: str) -> str:
    plain = "".join(ch for ch in code.upper() if ch.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _other(ctx: Context, code_hash: str) -> Person:
    """Whose living code this is; an error that says why the two accounts cannot be tied."""
    other_id = ctx.uow.link_codes.owner(code_hash, ctx.now)
    if other_id is None:
        raise UserError("team.link_wrong", line=Code("/team link"))
    if other_id == ctx.me.id:
        raise UserError("team.link_same")
    other = ctx.uow.people.get(other_id)
    if not other.active:  # removed since: their roles are nobody's, and nobody joins them
        raise UserError("team.link_wrong", line=Code("/team link"))
    if ctx.me.external or other.external:
        raise UserError("team.link_external")
    people = ctx.uow.people
    if (people.platforms(ctx.me.id) & people.platforms(other.id)) - _NO_CHAT:
        raise UserError("team.link_same_platform", person=person_ref(other))
    return other


def _ask(ctx: Context, typed: str, other: Person) -> Reply:
    """Whoever gets somebody to type their code would get that person's rights: so it is asked."""
    lines = (Para(T("team.link_means", {"person": person_ref(other)})),)
    yes = Action(T("team.link_yes"), f"team link {typed} yes", Style.DANGER)
    title = T("team.link_ask", {"person": person_ref(other), "handle": f"@{other.handle}"})
    return Reply((Card(title, lines, (yes,), tone=Tone.WARN),), private=True)


def _tie(ctx: Context, typed: str, other: Person) -> Reply:
    if ctx.uow.link_codes.take(_hash(typed), ctx.now) != other.id:
        raise UserError("team.link_wrong", line=Code("/team link"))
    older, younger = sorted((ctx.me, other), key=lambda p: p.id)
    _merge(ctx, younger, older)
    title = T("team.linked", {"person": person_ref(older), "handle": f"@{younger.handle}"})
    undo = Para(T("team.link_undo", {"line": Code("/team unlink")}), muted=True)
    return Reply((Card(title, (undo,), tone=Tone.GOOD),), private=True)


def _merge(ctx: Context, younger: Person, older: Person) -> None:
    """Give the older account what the younger one has; the younger one is switched off."""
    people = ctx.uow.people
    moved = people.move_identities(younger.id, older.id)
    ctx.uow.channels.move_direct(younger.id, older.id)
    for grant in (g for g in people.grants() if g.person_id == younger.id):
        people.grant(replace(grant, person_id=older.id), new_id())
    for item in ctx.uow.actions.open_for(younger.id):
        ctx.uow.actions.save(replace(item, owner=older.id))
    for story in ctx.uow.stories.assigned_to(younger.id):
        tracker = ctx.services.tracker(ctx.uow, ctx.uow.products.get(story.product_id), ctx.now)
        tracker.assign(story.number, older.id, ctx.me.id)
    people.save(replace(older, zone=older.zone or younger.zone, email=older.email or younger.email))
    people.save(replace(younger, active=False))
    people.join(younger.id, older.id)
    new = {"from": younger.id, "accounts": [list(m) for m in moved]}
    ctx.audit("team:accounts:linked", f"person:{older.id}", new=new)


@COMMAND.sub("unlink", "解绑", roles=frozenset(Role), examples=(("团队 解绑", "team unlink"),))
def unlink(ctx: Context, args: Args) -> Reply:
    """Part the account that this is typed from; it becomes a person of its own."""
    del args
    platform, people = ctx.request.platform, ctx.uow.people
    mine = people.addresses(ctx.me.id, platform)
    if not mine or people.platforms(ctx.me.id) == frozenset({platform}):
        raise UserError("team.not_linked")
    apart = replace(
        ctx.me, id=new_id(), handle=free_handle(ctx, f"{ctx.me.handle}-{platform}"), email=None
    )
    people.add(apart)
    people.move_identities(ctx.me.id, apart.id, platform=platform)
    ctx.uow.channels.move_direct(ctx.me.id, apart.id, platform=platform)
    ctx.audit("team:accounts:parted", f"person:{ctx.me.id}", new={"platform": platform})
    shown = T("team.unlinked", {"handle": f"@{apart.handle}"})
    return Reply((Card(shown, (Para(T("team.unlinked_roles"), muted=True),)),), private=True)


def free_handle(ctx: Context, wanted: str) -> str:
    """The handle, with a number behind it where it is taken."""
    people, number = ctx.uow.people, 1
    handle = wanted[:50]
    while people.by_handle(handle) is not None:
        number += 1
        handle = f"{wanted[:50]}{number}"
    return handle
