"""Values that the documents' tests share: a plan, minutes and a change record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.holiday_data import LibraryHolidays
from documents.plan_view import PlanView
from domain.calendar import WorkingCalendar
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
from domain.plans.model import Dependency, Milestone, Phase, PhaseStatus, Plan
from domain.reviews.minutes import Minutes, MinutesEntry, MinutesItem, MinutesVote
from domain.reviews.state import ReviewStatus
from domain.settings import ReviewRule
from domain.stories import Verdict

CALENDAR = WorkingCalendar("CN", LibraryHolidays())
TODAY = date(2026, 10, 16)
AT = datetime(2026, 10, 15, 6, 30, tzinfo=UTC)
HOSTILE = "</text><script>alert('&\"')</script>\x07\u202e@all"

NAMES = {"u-min": "周敏", "u-hao": "陈浩", "u-lei": "王磊"}

PLAN = Plan(
    "plan1",
    "prod1",
    "V2.0 上线计划",
    (
        Phase("p1", "需求评审与设计", date(2026, 9, 14), date(2026, 9, 25), owner="u-min",
              deliverables=(11, 12), gate="评审全部通过", progress=100, status=PhaseStatus.DONE,
              done_on=date(2026, 9, 24)),
        Phase("p2", "开发与联调", date(2026, 9, 21), date(2026, 10, 13), owner="u-hao",
              predecessors=(Dependency("p1", -3),), deliverables=(18,), progress=60,
              status=PhaseStatus.ACTIVE),
        Phase("p3", "上线准备", date(2026, 10, 19), date(2026, 11, 4), owner="u-lei",
              predecessors=(Dependency("p2"), Dependency("p1", 5)), deliverables=(22, 23, 24)),
    ),
    (
        Milestone("m1", "评审通过", date(2026, 9, 25), "p1", done_on=date(2026, 9, 24)),
        Milestone("m2", "正式上线", date(2026, 11, 6)),
    ),
    release="V2.0",
)  # fmt: skip


def view(
    plan: Plan = PLAN, today: date = TODAY, revision: int = 3, revised_at: datetime = AT
) -> PlanView:
    name = "物流运输管理系统"
    return PlanView(plan, name, today, revision, revised_at, CALENDAR, lambda i: NAMES.get(i, i))


def long_plan(phases: int, days: int) -> Plan:
    """A plan of so many phases, each so many days long, one after the other."""
    start = date(2026, 1, 5)
    return Plan(
        "long",
        "prod1",
        "长计划",
        tuple(
            Phase(
                f"p{n}",
                f"第 {n} 阶段",
                start + timedelta(days=n * days),
                start + timedelta(days=n * days + days - 1),
            )
            for n in range(phases)
        ),
    )


MINUTES = Minutes(
    ref="R-5",
    version=1,
    product="物流运输管理系统",
    title="运输计划与电子围栏评审",
    status=ReviewStatus.ENDED,
    rule=ReviewRule.ALL,
    chair="周敏",
    started_at=AT,
    ended_at=AT + timedelta(minutes=75),
    ended_by="周敏",
    zone="Asia/Shanghai",
    present=("周敏", "陈浩", "李娜"),
    excused=(("赵倩", "客户现场"),),
    absent=("王磊",),
    items=(
        MinutesItem(12, "S12", 2, "运输计划批量导入", "上次未决", (
            MinutesVote("陈浩", Verdict.PASS, "", AT),
            MinutesVote("李娜", Verdict.PASS, "可以测", AT),
        ), (), Verdict.PASS, "recorded"),
        MinutesItem(13, "S13", 1, "电子围栏 | 报警", "", (
            MinutesVote("陈浩", Verdict.CLARIFY, "半径的单位？\n*米*还是千米", AT),
            MinutesVote("周客户", Verdict.PASS, "", AT, counted=False),
        ), ("李娜",), None, "undecided"),
    ),
    topics=(("司机端离线时怎么上报？", "R-4 遗留"),),
    decisions=(MinutesEntry("围栏半径统一用米", "周敏", AT),),
    actions=(MinutesEntry("补离线上报的时序图", "周敏", AT, "A-3", "陈浩", date(2026, 10, 21)),),
    questions=(MinutesEntry("报警要不要短信？", "李娜", AT, "A-4"),),
    notes=(MinutesEntry("# 不是标题\n1. 也不是列表 {{ 7*7 }} <b>", "陈浩", AT),),
    digest="ab" * 32,
)  # fmt: skip

_FIRST = Content(12, "批量导入支持 2000 行", "客户一次导入一个月的计划", "客户走访")
_SECOND = replace(
    _FIRST,
    what="批量导入支持 5000 行",
    verify="- 5000 行在 30 秒内导入\n- 错误行逐行说明",
    links=(parse_link("https://lanhuapp.com/web/#/item/project/stage?pid=1"),),
)
RECORD = ChangeRecord(
    ref="CR-12",
    product="物流运输管理系统",
    status=ChangeStatus.APPLIED,
    story="S12",
    story_title="运输计划批量导入",
    author="周敏",
    logged_at=AT,
    versions=(
        RecordVersion(1, _FIRST, "周敏", AT, "", ()),
        RecordVersion(2, _SECOND, "周敏", AT, "客户又加了量", ("what", "verify", "links")),
    ),
    impact=Impact(4.5, 3, (12, 13), ("开发与联调",), ("正式上线",), (18, 20), ("u-hao",), "加压测"),
    people=("陈浩", "李娜"),
    submitted_by="周敏",
    submitted_at=AT,
    quorum=1,
    roles=("po", "pm"),
    approvals=(
        RecordApproval("王磊", AT, "", override=False, valid=False, digest="1"),
        RecordApproval("王磊", AT + timedelta(hours=2), "范围可控", override=False, valid=True,
                       digest="2"),
    ),
    rejection=None,
    withdrawal=None,
    applied_by="周敏",
    applied_at=AT + timedelta(hours=3),
    from_version=1,
    to_version=2,
    moves=(
        PlanMove("开发与联调", date(2026, 9, 21), date(2026, 10, 13), date(2026, 9, 21),
                 date(2026, 10, 16)),
        PlanMove("正式上线", None, date(2026, 11, 6), None, date(2026, 11, 11)),
    ),
    designs=(RecordDesign(_SECOND.links[0], "周敏", AT, "首页标了红框", changed=True),),
    acks=(("陈浩", AT + timedelta(hours=4)),),
    pending=("李娜",),
    digest="cd" * 32,
    zone="Asia/Shanghai",
)  # fmt: skip

REJECTED = replace(
    RECORD,
    status=ChangeStatus.REJECTED,
    approvals=(),
    rejection=RecordDecision("王磊", AT, "本期不做"),
    applied_by="",
    applied_at=None,
    from_version=None,
    to_version=None,
    moves=(),
    acks=(),
    pending=(),
)

_GOLDEN = Path(__file__).parent / "golden"


def golden(name: str, text: str) -> None:
    """Compare with the stored file. Delete the file to renew it: it is written, and the test fails
    once, so that a person looks at the difference."""
    path = _GOLDEN / name
    if not path.exists():
        path.write_text(text, encoding="utf-8")
        raise AssertionError(f"{name} was written anew: look at it and run again")
    assert text == path.read_text(encoding="utf-8")
