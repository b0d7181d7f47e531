"""A closure as a card: one per story, edited in place, with what the next person can do."""

from __future__ import annotations

from commands.closing.family import Case, lacking
from commands.context import Context
from commands.stories.family import named, stage_text
from commands.tracker.mirror import age_note
from domain.closures.evidence import Missing, MissingKind
from domain.closures.state import Step, Word
from domain.messages import (
    Action,
    Block,
    Bullet,
    Bullets,
    Card,
    Fields,
    Heading,
    Inline,
    Join,
    Moment,
    Para,
    Style,
    T,
    Tone,
)
from domain.people import Role
from domain.stories import Status

_TONES = {
    Step.OPEN: Tone.PLAIN,
    Step.REQUESTED: Tone.INFO,
    Step.VERIFIED: Tone.INFO,
    Step.AGREED: Tone.INFO,
    Step.REFUSED: Tone.BAD,
    Step.CLOSED: Tone.GOOD,
}


def closure_card(ctx: Context, case: Case) -> Card:
    """Who said what, which points hold, what is missing, and what comes next."""
    done = case.story.status is Status.CLOSED
    step = case.closure.step
    missing = () if done else case.missing
    blocks: list[Block] = [*age_note(ctx), Fields(_facts(ctx, case))]
    blocks += _points(ctx, case, buttons=not done)
    blocks += _missing(case, missing)
    return Card(
        title=T("close.title", {"story": named(case.story)}),
        blocks=tuple(blocks),
        actions=_actions(ctx, case),
        status=T(f"close.step.{step.value}"),
        tone=Tone.WARN if missing and step is not Step.REFUSED else _TONES[step],
        key=f"closure:{case.story.ref}",
    )


def missing_text(missing: Missing) -> Inline:
    """One piece of missing evidence in words."""
    params: dict[str, Inline | int] = {
        "ref": missing.word, "text": missing.text, "n": missing.n,
    }  # fmt: skip
    return T(f"close.missing.{missing.kind.value}", params)


def needs_text(ctx: Context, case: Case) -> tuple[Inline, ...]:
    """Everything in the way of the closure, in words: evidence, then people."""
    points = [m for m in case.missing if m.kind is MissingKind.POINT]
    others = [missing_text(m) for m in case.missing if m.kind is not MissingKind.POINT]
    if points:
        others.append(T("close.missing.points", {"n": len(points)}))
    return (*others, *(T(f"close.needs.{role.value}") for role in lacking(ctx, case)))


def _facts(ctx: Context, case: Case) -> tuple[tuple[Inline, Inline], ...]:
    story, closure = case.story, case.closure
    pairs: list[tuple[Inline, Inline]] = [
        (T("story.version"), f"v{story.version}"),
        (T("story.arg.stage"), stage_text(story.stage)),
    ]
    said = {
        "requested": closure.requested,
        "verified": closure.verification(story),
        "agreed": closure.agreement(story),
        "refused": closure.refused,
        "reopened": closure.reopened,
        "closed": closure.closed,
    }
    pairs += [(T(f"close.said.{k}"), _word(ctx, word)) for k, word in said.items() if word]
    return tuple(pairs)


def _word(ctx: Context, word: Word) -> Inline:
    parts: list[Inline] = [ctx.person(word.by)] if word.by else []
    parts.append(Moment(word.at))
    if word.text:
        parts.append(word.text)
    return Join(tuple(parts), "  ")


def _points(ctx: Context, case: Case, *, buttons: bool) -> list[Block]:
    story, closure = case.story, case.closure
    if not story.acceptance:
        return [Para(T("close.no_points"), muted=True)]
    ticked = closure.ticked(story)
    rows: list[Bullet] = []
    for n, point in enumerate(story.acceptance, 1):
        waiver = closure.waiver(f"point:{point}")
        if point in ticked:
            rows.append(Bullet(T("close.point_ticked", {"n": n, "text": point})))
        elif waiver:
            who = ctx.person(waiver.by) if waiver.by else ""
            params: dict[str, Inline | int] = {
                "n": n, "text": point, "who": who, "reason": waiver.reason,
            }  # fmt: skip
            rows.append(Bullet(T("close.point_waived", params)))
        else:
            actions = _point_actions(story.ref, n) if buttons else ()
            rows.append(Bullet(T("close.point_open", {"n": n, "text": point}), actions))
    return [Heading(T("story.arg.verify")), Bullets(tuple(rows))]


def _point_actions(ref: str, n: int) -> tuple[Action, ...]:
    return (
        Action(T("close.tick_button"), f"verify {ref} {n}"),
        Action(T("close.waive_button"), f"close waive {ref} {n}"),
    )


def _missing(case: Case, missing: tuple[Missing, ...]) -> list[Block]:
    blocks: list[Block] = []
    others = [m for m in missing if m.kind is not MissingKind.POINT]
    if others:
        rows = tuple(Bullet(missing_text(m), _settling(case, m)) for m in others)
        blocks += [Heading(T("close.missing_title")), Bullets(rows)]
    waived = [w for w in case.closure.waivers if not w.key.startswith("point:")]
    if waived:
        shown = tuple(
            Bullet(T("close.waived", {"what": _key_text(w.key), "reason": w.reason}))
            for w in waived
        )
        blocks += [Heading(T("close.waived_title")), Bullets(shown)]
    return blocks


def _key_text(key: str) -> Inline:
    return T(f"close.key.{key}") if key in ("stage", "status", "bugs") else key


def _settling(case: Case, missing: Missing) -> tuple[Action, ...]:
    ref = case.story.ref
    settle = {
        MissingKind.STATUS: Action(T("story.show_button"), f"story show {ref}"),
        MissingKind.STAGE: Action(T("close.tested_button"), f"story stage {ref} tested"),
        MissingKind.CHANGE: Action(T("story.show_button"), f"change show {missing.word}"),
    }.get(missing.kind)
    waive = Action(T("close.waive_button"), f"close waive {ref} {missing.word}")
    return (settle, waive) if settle else (waive,)


def _actions(ctx: Context, case: Case) -> tuple[Action, ...]:
    """What comes next, whoever may do it: the card is everybody's."""
    ref = case.story.ref
    if case.story.status is Status.CLOSED:
        return (Action(T("close.reopen_button"), f"close reopen {ref}"),)
    needed = lacking(ctx, case)
    actions: list[Action] = []
    if Role.PO in needed:
        actions.append(Action(T("close.verify_button"), f"verify {ref}", Style.PRIMARY))
    elif Role.PM in needed:
        actions.append(Action(T("close.agree_button"), f"close agree {ref}", Style.PRIMARY))
    if case.closure.step is not Step.REFUSED:
        actions.append(Action(T("close.refuse_button"), f"close refuse {ref}", Style.DANGER))
    actions.append(Action(T("story.show_button"), f"story show {ref}"))
    return tuple(actions)
