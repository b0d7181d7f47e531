"""``/team tracker``: whose account in the tracker is whose."""

from __future__ import annotations

from commands.args import Args
from commands.context import Context, person_ref
from commands.registry import Arg, ArgKind
from commands.team import COMMAND, MANAGERS
from commands.tracker.matching import ACCOUNT, compare, questions_card
from domain.errors import NotFoundError, UserError
from domain.ids import new_id
from domain.messages import (
    Action,
    Block,
    Bullet,
    Bullets,
    Card,
    Code,
    Inline,
    Join,
    Para,
    Reply,
    T,
    Tone,
)
from domain.people import Person
from domain.tracking import ZENTAO, RemoteAccount

NOBODY = frozenset({"none", "-", "无", "解除"})
"""What takes a person's account away."""


@COMMAND.sub(
    "tracker",
    "禅道",
    aliases=("zentao", "禅道账号"),
    args=(
        Arg("who", "谁", ArgKind.PERSON, T("team.arg.who")),
        Arg("account", "账号", ArgKind.WORD, T("account.arg")),
    ),
    roles=MANAGERS,
    asks=False,
    examples=(
        ("团队 禅道", "team tracker"),
        ("团队 禅道 @dev lilei", "team tracker @dev lilei"),
    ),
)
def tracker(ctx: Context, args: Args) -> Reply:
    """Whose account in ZenTao is whose; with a person and an account, tie the two."""
    server = server_of(ctx)
    who, account = args.person("who"), args.text("account").strip()
    if who is None and not account:
        return Reply(_overview(ctx, server), private=True)
    if who is None or not account:
        raise UserError("account.both", line=Code("/team tracker @dev lilei"))
    person = ctx.uow.people.get(who)
    if account.casefold() in NOBODY:
        return _untie(ctx, server, person)
    return _tie(ctx, server, person, _known(ctx, account))


def server_of(ctx: Context) -> str:
    """The server whose accounts are meant; ``UserError`` when Duban is connected to none."""
    feed = ctx.uow.tracker_feed.get()
    if feed is None:
        raise UserError("account.not_connected")
    return feed.server


def _known(ctx: Context, typed: str) -> RemoteAccount:
    accounts = ctx.uow.tracker_catalogue.accounts()
    folded = typed.lstrip("@").casefold()
    found = next((a for a in accounts if a.account.casefold() == folded), None)
    if found is None:
        raise NotFoundError("account.unknown", account=typed[:60])
    return found


def _tie(ctx: Context, server: str, person: Person, account: RemoteAccount) -> Reply:
    if person.external:
        raise UserError("account.external", person=person_ref(person))
    people = ctx.uow.people
    before = people.linked(ZENTAO, server, ACCOUNT)
    shown: dict[str, Inline | int] = {
        "person": person_ref(person), "account": Code(account.account), "name": account.name,
    }  # fmt: skip
    holder = next(
        (p for p, a in before.items() if a.casefold() == account.account.casefold()), None
    )
    if holder == person.id:
        raise UserError("account.already", **shown)
    if holder is not None:
        line = Code(f"/team tracker @{people.get(holder).handle} none")
        raise UserError(
            "account.taken", T("account.free", {"line": line}),
            **{**shown, "holder": person_ref(people.get(holder))},
        )  # fmt: skip
    old = before.get(person.id)
    people.unlink(ZENTAO, server, ACCOUNT, person_id=person.id)
    people.link(new_id(), person.id, ZENTAO, server, ACCOUNT, account.account)
    ctx.audit("team:tracker:tied", f"person:{person.id}", old=old, new=account.account)
    undo = Action(T("core.undo"), f"team tracker @{person.handle} {old or 'none'}")
    card = Card(T("account.tied", shown), actions=(undo,), tone=Tone.GOOD)
    ctx.tell(person.id, Card(T("account.tied", shown)))
    return Reply((card, *_still_asked(ctx, server)))


def _still_asked(ctx: Context, server: str) -> tuple[Card, ...]:
    questions = tuple(q for q in compare(ctx.uow, server).asked if q.people)
    return (questions_card(questions),) if questions else ()


def _untie(ctx: Context, server: str, person: Person) -> Reply:
    old = ctx.uow.people.linked(ZENTAO, server, ACCOUNT).get(person.id)
    shown: dict[str, Inline | int] = {"person": person_ref(person)}
    if old is None:
        raise UserError("account.has_none", **shown)
    ctx.uow.people.unlink(ZENTAO, server, ACCOUNT, person_id=person.id)
    ctx.uow.tracker_tokens.remove(server, (person.id,))
    ctx.audit("team:tracker:untied", f"person:{person.id}", old=old)
    undo = Action(T("core.undo"), f"team tracker @{person.handle} {old}")
    title = T("account.untied", {**shown, "account": Code(old)})
    return Reply((Card(title, actions=(undo,)),))


def _overview(ctx: Context, server: str) -> tuple[Card, ...]:
    """Who is who, and what is still to be said."""
    linked = ctx.uow.people.linked(ZENTAO, server, ACCOUNT)
    names = {a.account.casefold(): a.name for a in ctx.uow.tracker_catalogue.accounts()}
    rows = tuple(
        Bullet(
            Join((person_ref(ctx.uow.people.get(p)), Code(a), names.get(a.casefold(), "")), " · ")
        )
        for p, a in linked.items()
    )
    found = compare(ctx.uow, server)
    missing = len(found.asked) + len(found.sure)
    blocks: list[Block] = [Bullets(rows)] if rows else []
    blocks.append(Para(T("account.left", {"n": missing}), muted=True))
    card = Card(T("account.title", {"n": len(rows)}), tuple(blocks))
    questions = tuple(sorted(found.asked, key=lambda q: not q.people))
    return (card, questions_card(questions)) if questions else (card,)
