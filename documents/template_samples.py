"""Made-up records on which a template is tried out before it is taken into use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from documents.change_record import change_fields
from documents.minutes import minutes_fields
from documents.plan_docx import plan_fields
from documents.plan_view import PlanView
from domain.calendar import NoHolidays, WorkingCalendar
from domain.changes.events import Content, Impact, PlanMove
from domain.changes.record import (
    ChangeRecord,
    RecordApproval,
    RecordDecision,
    RecordDesign,
    RecordVersion,
)
from domain.changes.state import ChangeStatus
from domain.lanhu import parse_link
from domain.plans.model import Dependency, Milestone, Phase, Plan
from domain.reviews.minutes import Minutes, MinutesEntry, MinutesItem, MinutesVote
from domain.reviews.state import ReviewStatus
from domain.settings import ReviewRule
from domain.stories import Verdict

CREATED = datetime(2026, 9, 18, 6, 30, tzinfo=UTC)
_DAY = date(2026, 9, 25)
_ZONE = "Asia/Shanghai"


def sample_fields(kind: str, locale: str) -> tuple[Mapping[str, Any], ...]:
    """The fields of a document with every list filled, and with every list empty."""
    if kind == "minutes":
        return tuple(minutes_fields(m, locale) for m in (_FULL_MINUTES, _EMPTY_MINUTES))
    if kind == "change":
        return tuple(change_fields(r, locale) for r in (_FULL_RECORD, _EMPTY_RECORD))
    return tuple(plan_fields(_view(p), locale) for p in (_FULL_PLAN, _EMPTY_PLAN))


_ENTRY = MinutesEntry("内容 text", "周敏", CREATED, "A-1", "陈浩", _DAY)
_ITEM = MinutesItem(
    story=1,
    ref="S1",
    version=2,
    title="标题 title",
    note="备注 note",
    votes=(MinutesVote("陈浩", Verdict.CLARIFY, "意见 comment", CREATED, counted=False),),
    missing=("李娜",),
    outcome=None,
    result="undecided",
)
_FULL_MINUTES = Minutes(
    ref="R-1",
    version=2,
    product="产品 product",
    title="评审 review",
    status=ReviewStatus.ENDED,
    rule=ReviewRule.ALL,
    chair="周敏",
    started_at=CREATED,
    ended_at=CREATED,
    ended_by="周敏",
    zone=_ZONE,
    present=("周敏", "陈浩"),
    excused=(("李娜", "出差"),),
    absent=("王磊",),
    items=(_ITEM, replace(_ITEM, outcome=Verdict.PASS, result="recorded")),
    topics=(("议题 topic", "备注 note"),),
    decisions=(_ENTRY,),
    actions=(_ENTRY,),
    questions=(_ENTRY,),
    notes=(_ENTRY,),
    digest="0" * 64,
    earlier=("1" * 64,),
)
_EMPTY_MINUTES = replace(
    _FULL_MINUTES,
    status=ReviewStatus.OPEN,
    ended_at=None,
    ended_by=None,
    present=(),
    excused=(),
    absent=(),
    items=(),
    topics=(),
    decisions=(),
    actions=(),
    questions=(),
    notes=(),
    digest="",
    earlier=(),
)

_CONTENT = Content(
    story=1,
    what="变更 change",
    reason="原因 reason",
    source="客户 customer",
    title="标题 title",
    spec="描述 spec",
    verify="验收 verify",
    links=(parse_link("https://lanhuapp.com/web/#/item/project/stage?pid=1"),),
)
_FULL_RECORD = ChangeRecord(
    ref="CR-1",
    product="产品 product",
    status=ChangeStatus.APPLIED,
    story="S1",
    story_title="标题 title",
    author="周敏",
    logged_at=CREATED,
    versions=(RecordVersion(1, _CONTENT, "周敏", CREATED, "说明 why", ("title",)),),
    impact=Impact(2.5, 3, (1,), ("开发",), ("上线",), (20,), ("p",), "说明 note"),
    people=("陈浩",),
    submitted_by="周敏",
    submitted_at=CREATED,
    quorum=1,
    roles=("po", "pm"),
    approvals=(RecordApproval("王磊", CREATED, "理由", override=True, valid=True, digest="0"),),
    rejection=RecordDecision("王磊", CREATED, "理由 reason"),
    withdrawal=None,
    applied_by="周敏",
    applied_at=CREATED,
    from_version=1,
    to_version=2,
    moves=(PlanMove("开发", _DAY, _DAY, _DAY, _DAY), PlanMove("上线", None, _DAY, None, _DAY)),
    designs=(RecordDesign(_CONTENT.links[0], "周敏", CREATED, "说明 note", changed=True),),
    acks=(("陈浩", CREATED),),
    pending=("李娜",),
    digest="0" * 64,
    zone=_ZONE,
)
_EMPTY_RECORD = replace(
    _FULL_RECORD,
    status=ChangeStatus.LOGGED,
    versions=(RecordVersion(1, Content(1, "变更"), "周敏", CREATED, "", ()),),
    impact=None,
    people=(),
    submitted_by="",
    submitted_at=None,
    approvals=(),
    rejection=None,
    applied_by="",
    applied_at=None,
    from_version=None,
    to_version=None,
    moves=(),
    designs=(),
    acks=(),
    pending=(),
    digest="",
)

_PHASE = Phase("a", "阶段 phase", _DAY, _DAY, owner="p", deliverables=(17,), gate="条件 gate")
_FULL_PLAN = Plan(
    "p",
    "p",
    "计划 plan",
    (_PHASE, replace(_PHASE, id="b", predecessors=(Dependency("a", -1),))),
    (Milestone("m", "里程碑 milestone", _DAY, "b"),),
    release="v1",
)
_EMPTY_PLAN = Plan("p", "p", "计划 plan")


def _view(plan: Plan) -> PlanView:
    calendar = WorkingCalendar("CN", NoHolidays())
    return PlanView(plan, "产品 product", _DAY, 1, CREATED, calendar, lambda _: "周敏")
