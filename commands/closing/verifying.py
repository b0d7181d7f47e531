"""``/verify``: the product owner ticks the acceptance points one by one and accepts the story."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from commands.args import Args
from commands.closing.card import closure_card
from commands.closing.family import STORY, VERIFIERS, VERIFY, Case, check_open, load_case, record
from commands.closing.finishing import finish
from commands.closing.spoken import verified_comment
from commands.context import Context
from commands.registry import Arg, ArgKind
from commands.stories.family import named
from domain.closures.events import Ticked, Verified
from domain.closures.state import ACCEPTED_STAGES
from domain.errors import UserError
from domain.messages import FieldKind, Form, FormField, Option, Reply, T
from domain.requests import Kind
from domain.stories import Stage, Story, story_number

_ALL = frozenset({"all", "全部", "所有", "都", "*"})
_POINT = re.compile(r"(?:(\d+)\.)?(\d+)(?:\s*[-~至到]\s*(\d+))?\Z")


def _form(ctx: Context, values: Mapping[str, str]) -> Form:
    """The story's acceptance points to tick; without a story, the story first."""
    number = story_number(values.get("story", "").strip())
    title = T("verify.sub.confirm")
    story_label = T("story.arg.story")
    if number is None:
        pick = FormField("story", story_label, FieldKind.STORY, required=True)
        return Form("verify confirm", title, (pick,), T("core.submit"))
    case = load_case(ctx, number)
    story = case.story
    ticked = case.closure.ticked(story)
    points = list(enumerate(story.acceptance, 1))
    # The version is part of each value: a form that was opened before a change ticks nothing new.
    options = tuple(Option(f"{story.version}.{n}", f"{n}. {text}") for n, text in points)
    value = ",".join(f"{story.version}.{n}" for n, text in points if text in ticked)
    fields = (
        FormField("story", story_label, FieldKind.STORY, required=True, value=story.ref),
        FormField(
            "points", T("verify.arg.points"), FieldKind.CHOICES, options=options, value=value
        ),
        FormField("note", T("story.arg.note"), FieldKind.MULTILINE),
    )
    intro = T("verify.intro", {"story": named(story), "version": story.version})
    return Form("verify confirm", title, fields, T("verify.submit"), intro)


@VERIFY.sub(
    "confirm",
    "确认",
    args=(
        STORY,
        Arg("points", "验收点", ArgKind.TEXT, T("verify.arg.points"), help=T("verify.points_help")),
        Arg("note", "备注", ArgKind.TEXT, T("story.arg.note"), multiline=True),
    ),
    roles=VERIFIERS,
    form=_form,
    examples=(("验证 S12 全部", "verify S12 all"), ("验证 S12 1 3", "verify S12 1 3")),
)
def confirm(ctx: Context, args: Args) -> Reply:
    """Tick acceptance points; once nothing is missing the story is verified, and the PM is told."""
    case = load_case(ctx, args.story("story"))
    story = case.story
    check_open(story)
    if case.closure.verification(story) is not None:
        raise UserError("verify.already", ref=story.ref)
    by_form = ctx.request.kind is Kind.FORM
    filled = "points" in args.raw or "note" in args.raw
    if story.acceptance and not filled and (by_form or _unticked(case)):
        return Reply(form=_form(ctx, {"story": story.ref}), private=True)
    numbers, said = _read(args.text("points"), story)
    ticked = _ticked(case, numbers, whole=by_form and filled)
    if ticked != case.closure.ticked(story) or case.closure.version != story.version:
        old = list(case.closure.ticked(story))
        case = record(ctx, case, Ticked(story.version, ticked))
        ctx.audit("closure:points:ticked", f"story:{story.number}", old=old, new=list(ticked))
    if case.missing:
        card = closure_card(ctx, case)
        ctx.announce(card)
        return Reply((card,))
    return _verified(ctx, case, args.text("note") or said)


def _verified(ctx: Context, case: Case, note: str) -> Reply:
    story = case.story
    if story.stage not in ACCEPTED_STAGES:
        comment = verified_comment(ctx, case, note)
        story = ctx.tracker.set_stage(story.number, Stage.VERIFIED, ctx.me.id, comment)
    case = record(ctx, case, Verified(story.version, note))
    ctx.audit(
        "closure:story:verified", f"story:{story.number}", new={"version": story.version}, why=note
    )
    return finish(ctx, replace(case, story=story))


def _unticked(case: Case) -> bool:
    ticked = case.closure.ticked(case.story)
    return any(
        p not in ticked and not case.closure.waiver(f"point:{p}") for p in case.story.acceptance
    )


def _ticked(case: Case, numbers: frozenset[int], *, whole: bool) -> tuple[str, ...]:
    """The points that hold now: a form says all of them, a line adds to those before."""
    before = () if whole else case.closure.ticked(case.story)
    return tuple(
        text for n, text in enumerate(case.story.acceptance, 1) if n in numbers or text in before
    )


def _read(text: str, story: Story) -> tuple[frozenset[int], str]:
    """The numbers of the points that were named, and the words after them."""
    words = [w for w in re.split(r"[\s,，、;；]+", text.strip()) if w]
    numbers: set[int] = set()
    count = len(story.acceptance)
    while words:
        if words[0].casefold() in _ALL:
            numbers |= set(range(1, count + 1))
        elif match := _POINT.match(words[0]):
            version, first, last = (int(g) if g else None for g in match.groups())
            numbers |= _span(story, version, first or 0, last)
        else:
            break
        words.pop(0)
    rest = " ".join(words)
    if rest and not numbers and count:
        raise UserError("verify.bad_points", text=rest[:60], n=count)
    return frozenset(numbers), rest


def _span(story: Story, version: int | None, first: int, last: int | None) -> set[int]:
    if version is not None and version != story.version:
        raise UserError("verify.changed_since", ref=story.ref, version=story.version)
    count, end = len(story.acceptance), first if last is None else last
    if not 1 <= first <= end <= count:
        raise UserError("verify.bad_points", text=f"{first}-{end}" if last else str(first), n=count)
    return set(range(first, end + 1))
