"""The rules of Duban. A product may change each of them; none is written anywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time, timedelta

from domain.reminders import (
    DIGEST_AT,
    Anchor,
    Audience,
    Escalation,
    Rule,
    RuleOverride,
    SubjectKind,
)

_PM_FROM_DAY_2 = Escalation(2, Audience.PM)
_PM_FROM_DAY_3 = Escalation(3, Audience.PM)
_TWO_HOURS = timedelta(hours=2)

RULES: tuple[Rule, ...] = (
    Rule(
        "phase_starts", "阶段开始", SubjectKind.PHASE, Anchor.START, (Audience.CHANNEL,),
        offsets=(-1, 0),
    ),
    Rule(
        "phase_ends", "阶段结束", SubjectKind.PHASE, Anchor.END,
        (Audience.CHANNEL, Audience.OWNER), offsets=(-3, -1, 0),
    ),
    Rule(
        "phase_overdue", "阶段逾期", SubjectKind.PHASE, Anchor.END, (Audience.OWNER,),
        repeat_from=1, escalation=_PM_FROM_DAY_2,
    ),
    Rule(
        "milestone", "里程碑", SubjectKind.MILESTONE, Anchor.DUE, (Audience.CHANNEL,),
        offsets=(-7, -3, -1, 0),
    ),
    Rule(
        "milestone_overdue", "里程碑逾期", SubjectKind.MILESTONE, Anchor.DUE, (Audience.OWNER,),
        repeat_from=1, escalation=_PM_FROM_DAY_2,
    ),
    Rule(
        "deliverable_overdue", "交付物逾期", SubjectKind.DELIVERABLE, Anchor.DUE,
        (Audience.OWNER,), repeat_from=1, escalation=_PM_FROM_DAY_2,
    ),
    Rule(
        "action_due", "待办到期", SubjectKind.ACTION, Anchor.DUE, (Audience.OWNER,),
        offsets=(-1, 0),
    ),
    Rule(
        "action_overdue", "待办逾期", SubjectKind.ACTION, Anchor.DUE, (Audience.OWNER,),
        repeat_from=1, escalation=_PM_FROM_DAY_2,
    ),
    Rule(
        "blocker_open", "阻塞未解除", SubjectKind.ACTION, Anchor.STARTED, (Audience.PO,),
        repeat_from=1,
    ),
    Rule(
        "review_open", "评审未结束", SubjectKind.REVIEW, Anchor.STARTED, (Audience.CHAIR,),
        minutes=(120,), same_day=time(18), not_before=_TWO_HOURS, urgent=True, any_day=True,
        catch_up=timedelta(hours=6),
    ),
    Rule(
        "review_draft", "评审转为草稿", SubjectKind.REVIEW, Anchor.STARTED, (Audience.CHANNEL,),
        same_day=time(23), not_before=_TWO_HOURS, urgent=True, any_day=True,
    ),
    Rule(
        "story_unreviewed", "需求未评审", SubjectKind.STORY, Anchor.REVIEW_BY, (Audience.PO,),
        offsets=(-3,),
    ),
    Rule(
        "change_waiting", "变更待决定", SubjectKind.CHANGE, Anchor.SUBMITTED,
        (Audience.DECIDERS, Audience.PO), repeat_from=1, escalation=_PM_FROM_DAY_3,
    ),
    Rule(
        "change_unacknowledged", "变更待知悉", SubjectKind.CHANGE, Anchor.APPLIED,
        (Audience.AFFECTED,), offsets=(1,),
    ),
    Rule(
        "pool_untriaged", "需求池待分拣", SubjectKind.POOL, Anchor.SUBMITTED, (Audience.PO,),
        offsets=(3,),
    ),
    Rule(
        "story_unverified", "需求待验证", SubjectKind.STORY, Anchor.TESTED, (Audience.PO,),
        repeat_from=1,
    ),
    Rule(
        "story_unclosed", "需求待关闭", SubjectKind.STORY, Anchor.VERIFIED, (Audience.PO,),
        same_day=time(16), repeat_from=1, escalation=_PM_FROM_DAY_3,
    ),
    Rule(
        "standup_ask", "站会提问", SubjectKind.CHANNEL, Anchor.STANDUP, (Audience.MEMBERS,),
        repeat_from=0, urgent=True, stand_in=False, catch_up=timedelta(hours=3),
    ),
    Rule(
        "standup_chase", "站会催问", SubjectKind.CHANNEL, Anchor.STANDUP, (Audience.MEMBERS,),
        repeat_from=0, urgent=True, stand_in=False, catch_up=timedelta(minutes=30),
    ),
    Rule(
        "digest", "日报", SubjectKind.CHANNEL, Anchor.DAILY, (Audience.CHANNEL,),
        repeat_from=0, hour=DIGEST_AT, catch_up=timedelta(hours=8),
    ),
)  # fmt: skip

BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}

ROUND_RULES = frozenset({"standup_ask", "standup_chase", "digest"})
"""Rules of a channel's daily round: set by ``/digest config`` and ``/standup config``."""


def find_rule(word: str) -> Rule | None:
    """The rule of this name, in either language; hyphens and spaces count as underscores."""
    folded = word.strip().casefold().replace("-", "_").replace(" ", "_")
    return next((r for r in RULES if folded in (r.name, r.zh)), None)


def effective(overrides: Iterable[RuleOverride]) -> tuple[Rule, ...]:
    """The rules of one product, with what it has set and without what it has switched off."""
    by_rule = {each.rule: each for each in overrides}
    rules = (by_rule[r.name].apply(r) if r.name in by_rule else r for r in RULES)
    return tuple(rule for rule in rules if not rule.off)
