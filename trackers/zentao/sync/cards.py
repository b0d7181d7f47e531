"""What people are told about writes: that one was refused, that both sides changed something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.errors import NotFoundError
from domain.messages import (
    Action,
    Bar,
    Block,
    Bullet,
    Bullets,
    Card,
    Fields,
    Heading,
    Inline,
    Join,
    Para,
    PersonRef,
    Style,
    T,
    Tone,
)
from domain.tracker_words import act_text
from domain.tracking import TrackerWrite, WriteAct, WriteState
from storage.uow import UnitOfWork

_LONGEST = 300


def named(uow: UnitOfWork, write: TrackerWrite) -> Inline:
    """The story of a write: ``S12 登录改版``, or the title of one that is to be created."""
    if write.act is WriteAct.CREATE and not write.number:
        return str(write.args["draft"]["title"])
    story = uow.stories.find(write.number)
    return f"S{write.number} {story.title}" if story else f"S{write.number}"


def refused_card(
    uow: UnitOfWork,
    write: TrackerWrite,
    reason: Inline,
    held: Sequence[TrackerWrite],
    *,
    set_right: bool,
) -> Card:
    """ZenTao does not take it: why, what stands now, and what hangs on it.

    :param set_right: the mirror shows again what ZenTao has; else it will after the next sweep.
    """
    params = {"who": who(uow, write.actor), "act": act_text(write), "story": named(uow, write)}
    blocks: list[Block] = [Para(reason)]
    if write.act is not WriteAct.CREATE:
        key = "tracker.mirror_set_right" if set_right else "tracker.mirror_set_later"
        blocks.append(Para(T(key), muted=True))
    actions = (
        Action(T("tracker.again_button"), f"story settle {write.ref} ours", Style.PRIMARY),
        Action(T("tracker.leave_button"), f"story settle {write.ref} theirs"),
    )
    return Card(
        T("tracker.refused", params),
        (*blocks, *_held(uow, held)),
        actions,
        tone=Tone.BAD,
        key=f"tracker-write:{write.id}",
    )


def unrecorded_card(uow: UnitOfWork, write: TrackerWrite, reference: str) -> Card:
    """It stands in ZenTao, but not here yet."""
    params = {"who": who(uow, write.actor), "act": act_text(write), "story": named(uow, write)}
    lines = (Para(T("tracker.unrecorded_next", {"reference": reference})),)
    return Card(
        T("tracker.unrecorded", params), lines, tone=Tone.WARN, key=f"tracker-write:{write.id}"
    )


def clash_card(
    uow: UnitOfWork, write: TrackerWrite, names: Iterable[str], held: Sequence[TrackerWrite]
) -> Card:
    """Both sides changed the same thing: what stands there, what was wanted here, and a choice."""
    params = {"who": who(uow, write.actor), "act": act_text(write), "story": named(uow, write)}
    blocks: list[Block] = []
    for name in names:
        ours = write.after.get(name, write.base.get(name))
        sides = (
            (T("tracker.side.ours"), value_text(uow, name, ours)),
            (T("tracker.side.theirs"), value_text(uow, name, write.truth.get(name))),
            (T("tracker.side.before"), value_text(uow, name, write.base.get(name))),
        )
        blocks += [Heading(T(f"tracker.field.{name}")), Fields(sides)]
    actions = (
        Action(T("tracker.ours_button"), f"story settle {write.ref} ours", Style.PRIMARY),
        Action(T("tracker.theirs_button"), f"story settle {write.ref} theirs"),
    )
    return Card(
        T("tracker.clash", params),
        (*blocks, *_held(uow, held)),
        actions,
        tone=Tone.WARN,
        key=f"tracker-write:{write.id}",
    )


def gone_card(uow: UnitOfWork, writes: Sequence[TrackerWrite], reason: Inline) -> Card:
    """The story is gone, and with it what this person still wanted of it."""
    first = writes[0]
    params = {"who": who(uow, first.actor), "story": named(uow, first)}
    rows = Bullets(tuple(Bullet(act_text(w)) for w in writes))
    return Card(T("tracker.gone", params), (Para(reason), rows), tone=Tone.BAD)


def done_card(uow: UnitOfWork, write: TrackerWrite) -> Card:
    """A write that somebody decided about has gone through; it replaces the question."""
    params = {"act": act_text(write), "story": named(uow, write)}
    show = Action(T("story.show_button"), f"story show S{write.number}")
    title = T("tracker.done", params)
    return Card(title, actions=(show,), tone=Tone.GOOD, key=f"tracker-write:{write.id}")


def sheet_card(writes: Sequence[TrackerWrite]) -> Card:
    """How far the creation of a sheet's stories is; at the end, which ones there are."""
    total = len(writes)
    done = [w for w in writes if w.state is WriteState.DONE]
    refused = [w for w in writes if w.state is WriteState.REFUSED]
    over = all(w.state is not WriteState.WAITING for w in writes)
    blocks: list[Block] = []
    if not over:
        label = T("tracker.sheet_progress", {"done": len(done), "total": total})
        blocks.append(Bar(label, 100 * (len(done) + len(refused)) // total))
    if done:
        numbers = sorted(w.number for w in done)
        span = {"first": f"S{numbers[0]}", "last": f"S{numbers[-1]}"}
        blocks.append(Para(T("story.import_range", span) if len(numbers) > 1 else span["first"]))
    if refused:
        blocks.append(Para(T("tracker.sheet_refused", {"n": len(refused)})))
    title = T("tracker.sheet_done" if over else "tracker.sheet_running", {"n": len(done)})
    actions = (Action(T("story.all_button"), "story list"),) if over else ()
    tone = Tone.INFO if not over else Tone.WARN if refused else Tone.GOOD
    return Card(title, tuple(blocks), actions, tone=tone, key=f"tracker-sheet:{writes[0].id}")


def _held(uow: UnitOfWork, held: Sequence[TrackerWrite]) -> tuple[Block, ...]:
    if not held:
        return ()
    rows = tuple(
        Bullet(
            Join((act_text(w), named(uow, w)), " "),
            (
                Action(T("tracker.go_button"), f"story settle {w.ref} ours"),
                Action(T("tracker.leave_button"), f"story settle {w.ref} theirs"),
            ),
        )
        for w in held
    )
    return (Heading(T("tracker.held")), Bullets(rows))


def who(uow: UnitOfWork, person_id: str) -> Inline:
    """A person, if still here."""
    try:
        return PersonRef(person_id, uow.people.get(person_id).name)
    except NotFoundError:
        return T("review.former_member")


_WORDS: Mapping[str, str] = {
    "status": "story.status",
    "stage": "story.stage",
    "category": "story.category",
    "closed_reason": "story.reason",
}


def value_text(uow: UnitOfWork, name: str, value: Any) -> Inline:
    """A field's value as people read it."""
    if value is None or value in ("", []):
        return T("story.none")
    if name in _WORDS:
        return T(f"{_WORDS[name]}.{value}")
    if name == "assigned_to":
        return who(uow, str(value))
    if name == "plan_id":
        plan = uow.plans.many((str(value),)).get(str(value))
        return plan.name if plan else T("story.gone_plan")
    if name == "version":
        return f"v{value}"
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
