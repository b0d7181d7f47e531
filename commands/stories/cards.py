"""A story as a card: all about it, and what the asker can do next."""

from __future__ import annotations

from commands.context import Context
from commands.designs.card import kind_text, title_of
from commands.stories.family import EDITORS, may_set, plan_name, stage_text
from commands.stories.history import recent_lines
from commands.stories.words import category_text
from commands.tracker.mirror import story_notes
from domain import story_machine as machine
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
    Link,
    Para,
    Style,
    T,
    Tone,
)
from domain.people import Role
from domain.stories import Stage, Status, Story
from domain.story_machine import Act

_TONES = {
    Status.DRAFT: Tone.PLAIN,
    Status.REVIEWING: Tone.INFO,
    Status.ACTIVE: Tone.GOOD,
    Status.CHANGING: Tone.WARN,
    Status.CLOSED: Tone.PLAIN,
}
_NEXT_STAGE = {
    Stage.WAIT: Stage.DEVELOPING,
    Stage.PLANNED: Stage.DEVELOPING,
    Stage.PROJECTED: Stage.DEVELOPING,
    Stage.DESIGNED: Stage.DEVELOPING,
    Stage.REJECTED: Stage.DEVELOPING,
    Stage.DEVELOPING: Stage.DEVELOPED,
    Stage.DEVELOPED: Stage.TESTING,
    Stage.TESTING: Stage.TESTED,
}
_SHOWN_ACTIONS = 5
"""How many lines of history a card shows."""


def story_card(ctx: Context, story: Story) -> Card:
    """Everything about a story, for this asker."""
    status = Join((T(f"story.status.{story.status.value}"), stage_text(story.stage)), " · ")
    return Card(
        title=f"{story.ref} {story.title}",
        blocks=(
            *story_notes(ctx, story.number),
            Fields(_facts(ctx, story)),
            *_words(story),
            *_changes(ctx, story),
            *_designs(ctx, story),
            Heading(T("story.history")),
            Bullets(recent_lines(ctx, story.number, _SHOWN_ACTIONS)),
        ),
        actions=next_actions(ctx, story),
        status=status,
        tone=_TONES[story.status],
        key=f"story:{story.number}",
    )


def _facts(ctx: Context, story: Story) -> tuple[tuple[Inline, Inline], ...]:
    pairs: list[tuple[Inline, Inline]] = [
        (T("story.version"), f"v{story.version}"),
        (T("story.arg.priority"), f"P{story.priority}"),
        (T("story.arg.category"), category_text(story.category)),
    ]
    if story.module:
        pairs.append((T("story.arg.module"), story.module))
    if story.estimate:
        pairs.append((T("story.arg.estimate"), T("story.hours", {"hours": f"{story.estimate:g}"})))
    plan = plan_name(ctx, story.plan_id)
    pairs.append((T("story.arg.plan"), plan or T("story.none")))
    owner = ctx.person(story.assigned_to) if story.assigned_to else T("story.nobody")
    pairs.append((T("story.arg.assignee"), owner))
    if story.reviewers:
        reviewers = Join(tuple(ctx.person(p) for p in story.reviewers), ", ")
        pairs.append((T("story.arg.reviewers"), reviewers))
    if story.closed_reason:
        pairs.append((T("story.closed_reason"), T(f"story.reason.{story.closed_reason.value}")))
    if story.url:
        pairs.append((T("story.link"), Link(story.ref, story.url)))
    return tuple(pairs)


def _words(story: Story) -> tuple[Block, ...]:
    blocks: list[Block] = [Heading(T("story.arg.spec"))]
    blocks.append(Para(story.spec) if story.spec else Para(T("story.no_spec"), muted=True))
    blocks.append(Heading(T("story.arg.verify")))
    if story.acceptance:
        points = enumerate(story.acceptance, 1)
        blocks.append(Bullets(tuple(Bullet(f"{n}. {point}") for n, point in points)))
    else:
        blocks.append(Para(T("story.no_points"), muted=True))
    return tuple(blocks)


def _changes(ctx: Context, story: Story) -> tuple[Block, ...]:
    changes = ctx.uow.changes.of_story(story.number)
    if not changes:
        return ()
    rows = tuple(
        Bullet(
            Join((c.ref, c.content.what), " "),
            (Action(T("story.show_button"), f"change show {c.ref}"),),
        )
        for c in changes
    )
    return (Heading(T("story.open_changes")), Bullets(rows))


def _designs(ctx: Context, story: Story) -> tuple[Block, ...]:
    designs = ctx.uow.designs.of_story(story.number)
    if not designs:
        return ()
    rows = tuple(
        Bullet(
            Join((title_of(d), Link(kind_text(d.link), d.link.url)), " · "),
            (Action(T("story.show_button"), f"lanhu show {d.ref}"),),
        )
        for d in designs
    )
    return (Heading(T("lanhu.story.designs")), Bullets(rows))


def next_actions(ctx: Context, story: Story) -> tuple[Action, ...]:
    """What the asker can do with the story next, the likeliest first."""
    actions: list[Action] = []
    editor = bool(ctx.roles & EDITORS)
    ref = story.ref
    if editor and machine.may(Act.SUBMIT, story):
        actions.append(Action(T("story.submit_button"), f"story submit {ref}", Style.PRIMARY))
    actions += _stage_actions(ctx, story)
    if editor and story.status is Status.REVIEWING:
        actions.append(Action(T("story.recall_button"), f"story recall {ref}"))
    if story.status is Status.ACTIVE:
        actions.append(Action(T("story.change_button"), f"change log {ref}"))
    if editor and machine.may(Act.EDIT, story):
        actions.append(Action(T("story.edit_button"), f"story edit {ref}"))
        actions.append(Action(T("story.assign_button"), f"story assign {ref}"))
    if ctx.roles & {Role.PO, Role.PM} and story.status is Status.CLOSED:
        actions.append(Action(T("story.reopen_button"), f"close reopen {ref}"))
    actions.append(Action(T("story.history_button"), f"story history {ref}"))
    return tuple(actions)


def _stage_actions(ctx: Context, story: Story) -> list[Action]:
    if story.status is Status.CLOSED:
        return []
    if story.stage is Stage.TESTED and ctx.roles & {Role.PO, Role.ADMIN}:
        return [Action(T("story.verify_button"), f"verify {story.ref}", Style.PRIMARY)]
    if story.stage is Stage.VERIFIED and Role.PM in ctx.roles:
        return [Action(T("story.agree_button"), f"close agree {story.ref}", Style.PRIMARY)]
    stage = _NEXT_STAGE.get(story.stage)
    if story.status is not Status.ACTIVE or stage is None or not may_set(ctx, stage):
        return []
    label = T("story.stage_button", {"stage": stage_text(stage)})
    return [Action(label, f"story stage {story.ref} {stage.value}")]
