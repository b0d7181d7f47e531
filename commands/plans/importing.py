"""``/plan import``: a plan out of a spreadsheet, whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from commands.args import Args, FieldErrors
from commands.context import Context
from commands.deliverables.marking import PLAN, mark_produced
from commands.forms import default_form, form_for
from commands.plans.card import plan_card, undo_action
from commands.plans.family import COMMAND, EDITORS, Change, store_new, unquoted
from commands.registry import Arg, ArgKind, Subcommand
from commands.tracker.linking import is_remote
from commands.tracker.plans import from_tracker, wanted
from domain.errors import UserError
from domain.ids import new_id
from domain.messages import (
    Action,
    Block,
    Bullet,
    Bullets,
    Card,
    Code,
    Day,
    FieldKind,
    Fields,
    Form,
    Inline,
    Join,
    Para,
    Reply,
    Style,
    T,
    Tone,
)
from domain.plan_import import ImportProblems, PlanDraft, read_plan
from domain.plans import Plan
from domain.requests import Kind

SHOWN_WRONG = 30
"""How many wrong rows are named; the rest is counted."""
SHOWN_NOTICES = 10


_FILE_WORDS = frozenset({"file", "文件", "xlsx", "csv", "表格"})


def _form(ctx: Context, values: Mapping[str, str]) -> Form:
    """The form for a file: without one there is nothing to submit."""
    del ctx, values
    form = default_form(COMMAND, _import())
    fields = tuple(replace(f, required=f.kind is FieldKind.FILE) for f in form.fields)
    return replace(form, fields=fields)


@COMMAND.sub(
    "import",
    "导入",
    args=(
        Arg("file", "文件", ArgKind.FILE, T("plan.arg.file"), help=T("plan.import_help")),
        Arg("name", "名称", ArgKind.TEXT, T("plan.arg.name_optional")),
    ),
    roles=EDITORS,
    form=_form,
    examples=(("计划 导入", "plan import"), ("计划 导入 禅道 12", "plan import zentao 12")),
)
def import_plan(ctx: Context, args: Args) -> Reply:
    """Make a plan of an xlsx or csv file or of one of ZenTao's plans.

    With a wrong row nothing is imported. Without a file, a product whose plans are in ZenTao shows
    those to choose from; any other asks for a file.
    """
    file = args.file("file")
    if file is None:
        return _without_file(ctx, args)
    grid = ctx.services.read_table(ctx.services.files.get(file.file_id), file.name)
    draft = read_plan(grid, ctx.today, ctx.calendar)
    if isinstance(draft, ImportProblems):
        return Reply((_refusal(draft),), private=True)
    people = _people(ctx, draft)
    phases, stones = draft.build(people)
    name = _free_name(ctx, args.text("name"), draft.title, file.name)
    plan = Plan(new_id(), ctx.product.id, name, phases, stones)
    change = store_new(ctx, plan, "imported")
    note = T("deliverable.produced.plan", {"name": plan.name})
    mark_produced(ctx, PLAN, plan.id, note)
    report = _report(ctx, change, draft, people)
    card = plan_card(ctx, plan)
    ctx.announce(card)
    return Reply((report, card))


def _without_file(ctx: Context, args: Args) -> Reply:
    if ctx.request.kind is Kind.FORM:
        raise FieldErrors({"file": T("core.field_required")})
    word = args.text("name").strip()
    chosen = wanted(word)
    if chosen is not None or (not word and is_remote(ctx.product)):
        return from_tracker(ctx, chosen)
    values = {} if word.casefold() in _FILE_WORDS else {"name": word}
    return Reply(form=form_for(ctx, COMMAND, _import(), values), private=True)


def _import() -> Subcommand:
    sub = COMMAND.find("import")
    if sub is None:
        raise LookupError("import")
    return sub


def _people(ctx: Context, draft: PlanDraft) -> dict[str, str | None]:
    """A person for each owner as typed: by handle, or by a name that only one person has."""
    everybody = [p for p in ctx.uow.people.all() if not p.external]
    names = Counter(p.name.casefold() for p in everybody)
    known = {p.name.casefold(): p.id for p in everybody if names[p.name.casefold()] == 1}
    known |= {p.handle.casefold(): p.id for p in everybody}
    return {owner: known.get(owner.casefold()) for owner in draft.owners}


def _free_name(ctx: Context, typed: str, title: str, file_name: str) -> str:
    """The plan's name: as typed, the text above the table, or the file's name; never a second one.

    One that is taken gets a number; a name that somebody typed is refused instead.
    """
    wanted = unquoted(typed)
    if wanted:
        if ctx.uow.plans.by_name(ctx.product.id, wanted):
            raise UserError("plan.name_taken", name=wanted)
        return wanted[:80]
    base = (title or PurePath(file_name).stem)[:70].strip() or ctx.product.name
    name, number = base, 1
    while ctx.uow.plans.by_name(ctx.product.id, name) is not None:
        number += 1
        name = f"{base} ({number})"
    return name


def _refusal(problems: ImportProblems) -> Card:
    rows = problems.rows
    items = tuple(
        Bullet(T("plan.import_row", {"line": row.line, "why": row.text}))
        for row in rows[:SHOWN_WRONG]
    )
    blocks: list[Block] = [Bullets(items)]
    if len(rows) > SHOWN_WRONG:
        blocks.append(Para(T("plan.import_more", {"n": len(rows) - SHOWN_WRONG}), muted=True))
    blocks.append(Para(T("plan.import_again"), muted=True))
    title = T("plan.import_wrong", {"n": len({row.line for row in rows})})
    retry = Action(T("plan.button.import"), "plan import")
    return Card(title, tuple(blocks), (retry,), tone=Tone.WARN)


def _report(ctx: Context, change: Change, draft: PlanDraft, people: dict[str, str | None]) -> Card:
    """What was understood, who was recognised, and what to look at."""
    plan = change.after
    pairs: list[tuple[Inline, Inline]] = [
        (T("plan.imported_phases"), str(len(plan.phases))),
        (T("plan.imported_milestones"), str(len(plan.milestones))),
    ]
    if plan.span is not None:
        span = Join((Day(plan.span.starts), Day(plan.span.ends)), " – ")
        pairs.append((T("plan.card.span"), span))
    columns = Join(tuple(column.text for column in draft.columns), ", ")
    pairs.append((T("plan.imported_columns"), columns))
    if draft.unread:
        pairs.append((T("plan.imported_unread"), ", ".join(draft.unread)))
    matched = tuple(ctx.person(p) for p in dict.fromkeys(people.values()) if p is not None)
    if matched:
        pairs.append((T("plan.imported_owners"), Join(matched, ", ")))
    unknown = [owner for owner, person in people.items() if person is None]
    blocks: list[Block] = [Fields(tuple(pairs))]
    if unknown:
        line = Code("/plan phase owner 2 @…")
        params: dict[str, Inline | int] = {"names": ", ".join(unknown), "line": line}
        blocks.append(Para(T("plan.imported_nobody", params)))
    notices = draft.notices[:SHOWN_NOTICES]
    blocks += [Para(text, muted=True) for text in notices]
    if len(draft.notices) > len(notices):
        more = len(draft.notices) - len(notices)
        blocks.append(Para(T("plan.import_more_notices", {"n": more}), muted=True))
    undo = replace(undo_action(ctx, change), label=T("plan.button.undo_import"), style=Style.DANGER)
    title = T("plan.imported", {"name": plan.name})
    return Card(title, tuple(blocks), (undo,), tone=Tone.GOOD)
