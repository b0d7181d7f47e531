"""``/story import``: all the rows of a spreadsheet become stories, or none does."""

from __future__ import annotations

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind
from commands.stories.family import COMMAND, EDITORS, plan_by_name
from commands.stories.sheet import Lookups, Sheet, WrongRow, read_sheet
from commands.stories.working import tell_reviewers
from domain.errors import UserError
from domain.messages import (
    Action,
    Block,
    Bullet,
    Bullets,
    Card,
    Para,
    Reply,
    T,
    Tone,
)
from domain.stories import Status, Story

SHOWN_WRONG = 30
"""How many wrong rows are named; the rest is counted."""


@COMMAND.sub(
    "import",
    "导入",
    args=(
        Arg(
            "file", "文件", ArgKind.FILE, T("story.arg.file"), required=True,
            help=T("story.import_help"),
        ),
    ),
    roles=EDITORS,
    examples=(("需求 导入", "story import"),),
)  # fmt: skip
def import_stories(ctx: Context, args: Args) -> Reply:
    """Make stories of the rows of an xlsx or csv file; with a wrong row nothing is imported."""
    file = args.file("file")
    if file is None:
        raise UserError("story.import_empty")
    rows = ctx.services.read_table(ctx.services.files.get(file.file_id), file.name)
    sheet = read_sheet(rows, ctx.product.id, _lookups(ctx))
    if sheet.wrong:
        return Reply((_refusal(sheet),), private=True)
    stories = ctx.tracker.create_all(sheet.drafts, ctx.me.id)
    if stories[0].pending:
        return _begun(ctx, sheet, file.name)
    ctx.audit(
        "story:stories:imported",
        f"product:{ctx.product.id}",
        new={"file": file.name, "numbers": [s.number for s in stories]},
    )
    tell_reviewers(ctx, stories)
    return Reply((_report(sheet, stories),))


def _begun(ctx: Context, sheet: Sheet, name: str) -> Reply:
    """A tracker elsewhere makes them one after the other; a card shows how far it is."""
    new = {"file": name, "rows": len(sheet.drafts)}
    ctx.audit("story:sheet:begun", f"product:{ctx.product.id}", new=new)
    hint = Para(T("tracker.sheet_hint"), muted=True)
    title = T("tracker.sheet_begun", {"n": len(sheet.drafts)})
    return Reply((Card(title, (hint, *_ignored(sheet)), tone=Tone.INFO),))


def _ignored(sheet: Sheet) -> tuple[Block, ...]:
    if not sheet.ignored:
        return ()
    columns = ", ".join(sheet.ignored)
    return (Para(T("story.import_ignored", {"columns": columns}), muted=True),)


def _lookups(ctx: Context) -> Lookups:
    people = ctx.uow.people.all()
    by_word: dict[str, str] = {}
    names = [p.name for p in people]
    for person in people:
        if names.count(person.name) == 1:
            by_word[person.name.casefold()] = person.id
    by_word |= {person.handle: person.id for person in people}
    found = ctx.uow.stories.of_product(ctx.product.id)
    plans: dict[str, str] = {}

    def plan(word: str) -> str:
        if word not in plans:
            plans[word] = plan_by_name(ctx, word).id
        return plans[word]

    return Lookups(
        person=lambda word: by_word.get(word.casefold()),
        plan=plan,
        known={(s.title, s.module): s.ref for s in found},
    )


def _refusal(sheet: Sheet) -> Card:
    lines = {row.line for row in sheet.wrong}
    blocks: list[Block] = [Bullets(tuple(Bullet(_wrong(row)) for row in sheet.wrong[:SHOWN_WRONG]))]
    if len(sheet.wrong) > SHOWN_WRONG:
        blocks.append(Para(T("story.more", {"n": len(sheet.wrong) - SHOWN_WRONG}), muted=True))
    blocks.append(Para(T("story.import_again"), muted=True))
    title = T("story.import_wrong", {"n": len(lines)})
    retry = Action(T("story.import_button"), "story import")
    return Card(title, tuple(blocks), (retry,), tone=Tone.WARN)


def _wrong(row: WrongRow) -> T:
    return T("story.import_wrong_row", {"line": row.line, "reason": row.reason})


def _report(sheet: Sheet, stories: tuple[Story, ...]) -> Card:
    first, last = stories[0].ref, stories[-1].ref
    blocks: list[Block] = [
        Para(
            first if len(stories) == 1 else T("story.import_range", {"first": first, "last": last})
        )
    ]
    reviewing = sum(s.status is Status.REVIEWING for s in stories)
    if reviewing:
        blocks.append(Para(T("story.import_reviewing", {"n": reviewing})))
    blocks += _ignored(sheet)
    title = T("story.imported", {"n": len(stories)})
    return Card(
        title, tuple(blocks), (Action(T("story.all_button"), "story list"),), tone=Tone.GOOD
    )
