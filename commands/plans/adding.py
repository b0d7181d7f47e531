"""A new phase or milestone out of a line or a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from commands.args import Args, FieldErrors
from commands.context import Context
from commands.plans.family import current, unquoted
from commands.plans.reading import Dates, day_of, take_dates
from domain.deliverables import catalogue_item
from domain.errors import DubanError, UserError
from domain.ids import new_id
from domain.messages import Code, Inline, T
from domain.plan_import.cells import CellError, deliverables_of
from domain.plans import (
    Dependency,
    Milestone,
    Phase,
    Plan,
    add_milestone,
    add_phase,
    find_phase,
)

_MOST = 80


def new_phase(ctx: Context, args: Args) -> tuple[Plan, Plan, Phase]:
    """The plan before and after, and the phase that is new."""
    plan = current(ctx)
    dates = _dates(ctx, args)
    earlier = find_phase(plan, unquoted(args.text("after"))) if args.text("after") else None
    starts, ends = _span(ctx, dates, earlier)
    phase = Phase(
        id=new_id(),
        name=_name(dates.rest),
        starts=starts,
        ends=ends,
        owner=args.person("owner"),
        predecessors=(Dependency(earlier.id),) if earlier else (),
        deliverables=_outputs(args.text("outputs")),
        gate=args.text("gate").strip(),
    )
    position = plan.phases.index(earlier) + 2 if earlier else None
    return plan, add_phase(plan, phase, position), phase


def new_milestone(ctx: Context, args: Args) -> tuple[Plan, Plan, Milestone]:
    """The plan before and after, and the milestone that is new."""
    plan = current(ctx)
    dates = _dates(ctx, args)
    due = dates.ends or dates.starts
    if due is None:
        raise UserError("plan.due_needed", line=Code("/plan milestone add 上线 12-31"))
    phase = find_phase(plan, unquoted(args.text("of"))) if args.text("of") else None
    stone = Milestone(new_id(), _name(dates.rest), due, phase.id if phase else None)
    return plan, add_milestone(plan, stone), stone


def _dates(ctx: Context, args: Args) -> Dates:
    """The name and dates, from the fields of a form or from what was typed."""
    if "title" not in args.raw:
        return take_dates(ctx, args.text("what"))
    wrong: dict[str, Inline] = {}
    found: dict[str, date | None] = {}
    fields: Mapping[str, str] = args.raw
    for name in ("starts", "ends"):
        if name in fields:
            try:
                found[name] = day_of(ctx, fields[name])
            except DubanError as error:
                wrong[name] = error.text
            else:
                if found[name] is None:
                    wrong[name] = T("core.field_required")
    if not fields["title"].strip():
        wrong["title"] = T("core.field_required")
    if wrong:
        raise FieldErrors(wrong)
    return Dates(fields["title"], found.get("starts"), found.get("ends"))


def _span(ctx: Context, dates: Dates, earlier: Phase | None) -> tuple[date, date]:
    """Two of start, end and length; the start may follow from what comes before."""
    calendar = ctx.calendar
    starts, ends = dates.starts, dates.ends
    if starts is None and dates.days and ends is None and earlier is not None:
        starts = calendar.next_working(earlier.ends)
    if starts is not None and ends is None and dates.days:
        ends = calendar.shift(calendar.on_or_after(starts), dates.days - 1)
    if ends is not None and starts is None and dates.days:
        starts = calendar.shift(calendar.on_or_before(ends), 1 - dates.days)
    if starts is None and ends is not None and earlier is not None:
        starts = calendar.next_working(earlier.ends)
    if starts is None or ends is None:
        raise UserError("plan.dates_needed", line=Code("/plan phase add 联调 12-01 12-10"))
    return starts, ends


def _name(text: str) -> str:
    name = unquoted(text)
    if not name:
        raise UserError("plan.name_needed")
    if len(name) > _MOST:
        raise UserError("plan.name_too_long", most=_MOST)
    return name


def _outputs(text: str) -> tuple[int, ...]:
    """Numbers of the catalogue: ``22、23``."""
    try:
        numbers, others = deliverables_of(text)
    except CellError as error:
        raise UserError(error.text.key, **dict(error.text.params)) from error
    if others:
        raise UserError("plan.import.bad_deliverable", text=others)
    return tuple(catalogue_item(number).number for number in numbers)
