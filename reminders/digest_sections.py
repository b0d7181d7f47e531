"""The lists of a digest: each line with who has it, since when, and the button that settles it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.digests import Line, ProductLists, Section, Thing
from domain.messages import Action, Block, Bullet, Bullets, Heading, Inline, Join, Moment, T
from reminders.digest_plan import done_button
from reminders.lines import Wording, how_far

MOST = 5
"""How many lines a section has; the rest is counted."""

_PREFIX = {Thing.STORY: "S", Thing.CHANGE: "CR-", Thing.REVIEW: "R-", Thing.ACTION: "A-"}

_COMMANDS: Mapping[tuple[Section, Thing], tuple[str, str]] = {
    (Section.REVIEWS, Thing.REVIEW): ("review", "review end {ref}"),
    (Section.CHANGES, Thing.CHANGE): ("change", "change show {ref}"),
    (Section.TO_REVIEW, Thing.STORY): ("show", "story show {ref}"),
    (Section.TO_VERIFY, Thing.STORY): ("verify", "verify {ref}"),
    (Section.TO_CLOSE, Thing.STORY): ("close", "close {ref}"),
    (Section.BLOCKERS, Thing.ACTION): ("gone", "action done {ref}"),
    (Section.DUE_TODAY, Thing.ACTION): ("action", "action done {ref}"),
    (Section.OVERDUE, Thing.ACTION): ("action", "action done {ref}"),
    (Section.DUE_TODAY, Thing.DELIVERABLE): ("show", "deliverable show {ref}"),
    (Section.OVERDUE, Thing.DELIVERABLE): ("show", "deliverable show {ref}"),
}


def section_blocks(
    lists: ProductLists, plan_lines: Mapping[Section, tuple[Line, ...]], wording: Wording
) -> Iterable[Block]:
    """Every section that has anything, with a count where not all of it is shown."""
    for section in Section:
        listed = lists.of(section)
        more = plan_lines.get(section, ())
        if more:
            listed = listed.with_lines(more, MOST)
        if not listed.total:
            continue
        rows = [_bullet(section, line, wording) for line in listed.lines]
        hidden = listed.total - len(listed.lines)
        if hidden:
            rows.append(Bullet(T("digest.more", {"n": hidden})))
        yield Heading(T(f"digest.section.{section.value}", {"n": listed.total}))
        yield Bullets(tuple(rows))


def _bullet(section: Section, line: Line, wording: Wording) -> Bullet:
    parts: list[Inline] = [T(f"digest.line.{line.thing.value}", _names(line))]
    if line.who is not None:
        parts.append(wording.who(line.who))
    if line.day is not None and line.day < wording.today:
        parts.append(how_far(line.day, wording.today, wording.calendar))
    elif line.since is not None:
        parts.append(T("reminder.when.since", {"at": Moment(line.since)}))
    return Bullet(Join(tuple(parts), " · "), _buttons(section, line))


def _names(line: Line) -> dict[str, Inline | int]:
    name: Inline = line.name
    if line.thing is Thing.DELIVERABLE:
        name = T(f"deliverable.n{line.number:02}")
    return {"ref": ref(line), "name": name}


def ref(line: Line) -> str:
    """How people name what the line is about: ``S12``, ``CR-3``, ``09``."""
    if line.thing is Thing.DELIVERABLE:
        return f"{line.number:02}"
    return f"{_PREFIX[line.thing]}{line.number}" if line.thing in _PREFIX else ""


def _buttons(section: Section, line: Line) -> tuple[Action, ...]:
    if line.thing in (Thing.PHASE, Thing.MILESTONE):
        return (done_button(line),)
    label, command = _COMMANDS[section, line.thing]
    return (Action(T(f"digest.do.{label}"), command.format(ref=ref(line))),)
