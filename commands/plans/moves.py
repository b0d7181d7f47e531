"""New dates: reading them, and telling what they did to the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commands.args import Args, FieldErrors
from commands.context import Context
from commands.plans.card import SHOWN, answer
from commands.plans.family import store
from commands.plans.reading import Shift, day_of, take_dates, take_shift
from domain.errors import DubanError, UserError
from domain.messages import Block, Day, Grid, Inline, Join, Para, Reply, T
from domain.plans import Move, Moved, Part, Plan, Span


@dataclass(frozen=True, slots=True)
class NewDates:
    """What was typed: a part's name, and its new dates or by how much it moves."""

    rest: str
    starts: date | None = None
    ends: date | None = None
    shift: Shift | None = None


def new_dates(ctx: Context, args: Args) -> NewDates:
    """The dates of a form's fields, or those at the end of what was typed."""
    given: dict[str, date | None] = {}
    wrong: dict[str, Inline] = {}
    for name in ("starts", "ends"):
        try:
            given[name] = day_of(ctx, args.raw.get(name, ""))
        except DubanError as error:
            wrong[name] = error.text
    if wrong:
        raise FieldErrors(wrong)
    if given["starts"] or given["ends"]:
        return NewDates(args.text("what"), given["starts"], given["ends"])
    rest, shift = take_shift(args.text("what"))
    if shift is not None:
        return NewDates(rest, shift=shift)
    dates = take_dates(ctx, args.text("what"))
    if dates.days is not None and dates.starts is not None:
        ends = ctx.calendar.shift(ctx.calendar.on_or_after(dates.starts), dates.days - 1)
        return NewDates(dates.rest, dates.starts, ends)
    return NewDates(dates.rest, dates.starts, dates.ends)


def day_done(ctx: Context, args: Args) -> tuple[str, date]:
    """A part's name as typed, and the day on which it was done: today unless another is said.

    A day to come raises ``UserError``.
    """
    dates = take_dates(ctx, args.text("what"))
    on = new_dates(ctx, args).ends or dates.ends or dates.starts or ctx.today
    if on > ctx.today:
        raise UserError("plan.future_done", day=Day(on))
    return dates.rest, on


def moved_answer(ctx: Context, before: Plan, moved: Moved, act: str, name: str) -> Reply:
    """Store a plan with new dates; say what moved, what no longer fits, what stayed."""
    if not moved.moves:
        raise UserError("plan.nothing_moved", name=name)
    change = store(ctx, before, moved.plan, act)
    first = next((m for m in moved.moves if m.name == name), moved.moves[0])
    params: dict[str, Inline | int] = {
        "name": name, "before": span_text(first, first.before),
        "after": span_text(first, first.after), "n": len(moved.moves) - 1,
    }  # fmt: skip
    key = "plan.moved_with" if len(moved.moves) > 1 else "plan.moved"
    return answer(ctx, change, T(key, params), notes=consequences(moved))


def consequences(moved: Moved) -> tuple[Inline, ...]:
    """What no longer fits, what is odd, what stayed because it is fixed."""
    notes: list[Inline] = [each.text for each in moved.collisions]
    notes += moved.notices
    if moved.kept:
        notes.append(T("plan.kept", {"names": ", ".join(moved.kept)}))
    return tuple(notes)


def before_and_after(moved: Moved) -> tuple[Block, ...]:
    """A table of what moves, and everything that follows from it."""
    rows = tuple(
        (
            m.name,
            span_text(m, m.before),
            span_text(m, m.after),
        )
        for m in moved.moves[:SHOWN]
    )
    left = len(moved.moves) - len(rows)
    more = (Para(T("plan.more_rows", {"n": left}), muted=True),) if left else ()
    headers = (T("plan.column.name"), T("plan.before"), T("plan.after"))
    return (Grid(headers, rows), *more, *(Para(note) for note in consequences(moved)))


def span_text(move: Move, span: Span) -> Inline:
    """The dates of a phase, or the day of a milestone."""
    if move.part is Part.MILESTONE or span.starts == span.ends:
        return Day(span.ends)
    return Join((Day(span.starts), Day(span.ends)), " – ")
