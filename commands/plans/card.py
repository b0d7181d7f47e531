"""A plan as a card: how it stands, its phases, its milestones, what to do next."""

from __future__ import annotations

from commands.context import Context
from commands.plans.family import Change, spoken, who
from commands.tracker.linking import offer
from domain.messages import (
    Action,
    Bar,
    Block,
    Bullet,
    Bullets,
    Card,
    Day,
    Fields,
    Heading,
    Inline,
    Join,
    Para,
    Reply,
    Strong,
    Style,
    T,
    Tone,
)
from domain.plans import (
    Health,
    Milestone,
    Pace,
    Phase,
    PhaseStatus,
    Plan,
    PlanStatus,
    collisions,
    health,
    unknown_years,
)

SHOWN = 40
"""Phases and milestones that one card lists; the rest is counted."""

_TONES = {
    Pace.EMPTY: Tone.PLAIN,
    Pace.ON_TRACK: Tone.GOOD,
    Pace.AT_RISK: Tone.WARN,
    Pace.LATE: Tone.BAD,
    Pace.DONE: Tone.GOOD,
}


def plan_card(ctx: Context, plan: Plan) -> Card:
    """The plan as it stands today."""
    state = health(plan, ctx.today, ctx.calendar)
    closed = plan.status is PlanStatus.CLOSED
    blocks: list[Block] = [_fields(plan, state)]
    if plan.phases:
        blocks += [Heading(T("plan.card.phases", {"n": len(plan.phases)}))]
        blocks += [_bar(ctx, n, phase) for n, phase in enumerate(plan.phases[:SHOWN], start=1)]
    if len(plan.phases) > SHOWN:
        blocks.append(Para(T("plan.card.more", {"n": len(plan.phases) - SHOWN}), muted=True))
    if plan.milestones:
        stones = sorted(plan.milestones, key=lambda each: each.due)
        blocks.append(Heading(T("plan.card.milestones", {"n": len(stones)})))
        blocks.append(Bullets(tuple(_stone(ctx, plan, each) for each in stones[:SHOWN])))
    overdue = tuple(_overdue(ctx, plan, each.part) for each in state.overdue_phases[:5])
    blocks += [Para(text) for text in warnings(ctx, plan)]
    return Card(
        title=T("plan.card.title", {"name": _name(plan)}),
        blocks=tuple(blocks),
        actions=() if closed else (*overdue, *_actions()),
        status=T("plan.closed") if closed else state.pace.text,
        tone=Tone.PLAIN if closed else _TONES[state.pace],
        key=f"plan:{plan.id}",
    )


def warnings(ctx: Context, plan: Plan) -> tuple[Inline, ...]:
    """What does not fit together, and the years whose holidays are not known."""
    if plan.status is PlanStatus.CLOSED or plan.span is None:
        return ()
    found: list[Inline] = [each.text for each in collisions(plan, ctx.calendar)[:5]]
    missing = unknown_years(plan.span.starts, plan.span.ends, ctx.calendar)
    return (*found, missing) if missing else tuple(found)


def answer(
    ctx: Context,
    change: Change,
    line: Inline,
    *,
    notes: tuple[Inline, ...] = (),
    tone: Tone = Tone.PLAIN,
) -> Reply:
    """What was done, with the way back, and the plan as it stands: here and in the channel.

    :param notes: what else to know, such as what no longer fits.
    """
    # The card below names the years without holiday data.
    blocks = tuple(Para(note) for note in notes if not _is_missing_years(note))
    tone = Tone.WARN if blocks and tone is Tone.PLAIN else tone
    card = plan_card(ctx, change.after)
    ctx.announce(Card(line, blocks, tone=tone))
    ctx.announce(card)
    said = Card(line, blocks, (undo_action(ctx, change),), tone=tone)
    return Reply((said, *offer(ctx, change.after), card))


def undo_action(ctx: Context, change: Change) -> Action:
    """The button that takes exactly this change back, whatever is current when it is pressed."""
    revision, _ = ctx.uow.plans.revision(change.after.id)
    typed = f"plan undo {change.after.name} #{revision}"
    return Action(T("core.undo"), f"plan undo {change.after.id} #{revision}", typed=typed)


def _is_missing_years(note: Inline) -> bool:
    return isinstance(note, T) and note.key == "calendar.missing_years"


def _name(plan: Plan) -> str:
    release = plan.release
    return f"{plan.name} {release}" if release and release not in plan.name else plan.name


def _fields(plan: Plan, state: Health) -> Block:
    pairs: list[tuple[Inline, Inline]] = []
    if plan.span is not None:
        ends = Join((Day(plan.span.starts), Day(plan.span.ends)), " – ")
        pairs.append((T("plan.card.span"), ends))
    progress = {"n": state.progress, "expected": state.expected}
    pairs.append((T("plan.card.progress"), T("plan.card.progress_value", progress)))
    if state.current:
        pairs.append((T("plan.card.now"), Join(tuple(p.name for p in state.current), ", ")))
    elif state.upcoming:
        coming = state.upcoming[0]
        params: dict[str, Inline | int] = {"name": coming.name, "day": Day(coming.starts)}
        pairs.append((T("plan.card.next"), T("plan.card.next_value", params)))
    if state.next_milestone is not None:
        stone, days = state.next_milestone.milestone, state.next_milestone.days
        pairs.append(
            (
                T("plan.card.countdown"),
                T("plan.card.countdown_value", {"name": stone.name, "n": days}),
            )
        )
    return Fields(tuple(pairs))


def _bar(ctx: Context, number: int, phase: Phase) -> Bar:
    parts: list[Inline] = [
        Join((f"{number}. ", Strong(phase.name))),
        Join((Day(phase.starts), Day(phase.ends)), " – "),
    ]
    if phase.owner:
        parts.append(who(ctx, phase.owner))
    parts.append(phase_state(ctx, phase))
    if phase.fixed:
        parts.append(T("plan.card.fixed"))
    return Bar(Join(tuple(parts), " · "), phase.progress)


def phase_state(ctx: Context, phase: Phase) -> Inline:
    """Planned, under way, overdue by so many working days, or done on a day."""
    if phase.done_on is not None:
        return T("plan.card.done_on", {"day": Day(phase.done_on)})
    if phase.ends < ctx.today:
        days = ctx.calendar.working_days_between(phase.ends, ctx.today)
        return T("plan.card.overdue", {"n": days})
    if phase.status is PhaseStatus.PLANNED and phase.starts <= ctx.today:
        return T("plan.card.should_run")
    return phase.status.text


def _stone(ctx: Context, plan: Plan, stone: Milestone) -> Bullet:
    closed = plan.status is PlanStatus.CLOSED
    days = ctx.calendar.working_days_between(ctx.today, stone.due)
    if stone.done_on is not None:
        state: Inline = T("plan.card.reached", {"day": Day(stone.done_on)})
    elif stone.due < ctx.today:
        state = T("plan.card.overdue", {"n": -days})
    elif stone.due == ctx.today:
        state = T("plan.card.today")
    else:
        state = T("plan.card.in_days", {"n": days})
    open_ = not (stone.done or closed) and stone.due <= ctx.today
    text = Join((Join(("◆ ", stone.name)), Day(stone.due), state), " · ")
    if not open_:
        return Bullet(text)
    typed = f"plan milestone done {spoken(ctx, plan, stone)}"
    done = Action(T("plan.button.reached"), f"plan milestone done {stone.id}", typed=typed)
    return Bullet(text, (done,))


def _overdue(ctx: Context, plan: Plan, phase: Phase | Milestone) -> Action:
    typed = f"plan phase done {spoken(ctx, plan, phase)}"
    label = T("plan.button.done", {"name": phase.name})
    return Action(label, f"plan phase done {phase.id}", typed=typed)


def _actions() -> tuple[Action, ...]:
    return (
        Action(T("plan.button.chart"), "plan chart"),
        Action(T("plan.button.export"), "plan export xlsx"),
        Action(T("plan.button.shift"), "plan shift"),
        Action(T("plan.button.deliverables"), "deliverable list"),
    )


def no_plan_card(ctx: Context) -> Card:
    """What to do when there is no plan."""
    actions = (
        Action(T("plan.button.new"), "plan new", Style.PRIMARY),
        Action(T("plan.button.backward"), "plan backward"),
        Action(T("plan.button.import"), "plan import"),
    )
    title = T("plan.none", {"product": ctx.product.name})
    return Card(title, (Para(T("plan.none_hint"), muted=True),), actions)
