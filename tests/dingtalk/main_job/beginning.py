"""The product, its people, their wishes, and the plan."""

from __future__ import annotations

from tests.dingtalk.main_job.job import Job, Pair
from tests.dingtalk.main_job.sheets import plan_sheet, wrong_sheet
from tests.harness import MONDAY

ROLES: tuple[tuple[str, Pair, Pair], ...] = (
    ("po", ("产品经理", "po"), ("产品经理", "product owner")),
    ("pm", ("项目经理", "pm"), ("项目经理", "project manager")),
    ("dev", ("开发", "developer"), ("开发", "developer")),
    ("tester", ("测试", "tester"), ("测试", "tester")),
    ("sales", ("销售", "sales"), ("销售", "sales")),
)
SHEET: Pair = ("计划.xlsx", "plan.xlsx")
PLAN: Pair = ("物流运输管理系统 V2.0 产品计划", "Transport V2.0 product plan")


def set_up(job: Job) -> None:
    """From the first mention to a team whose roles are known."""
    job.say("admin", "", ("绑定或新建产品", "Bind or make a product"))
    job.say(
        "admin",
        ("设置 产品 物流运输管理系统", "setup product Transport"),
        ("已新建产品 物流运输管理系统", "Transport"),
    )
    for who, role, shown in ROLES:
        job.say(
            "admin",
            (f"团队 角色 @{{{who}}} {role[0]}", f"team role @{{{who}}} {role[1]}"),
            f"{{{who}}}",
            shown,
        )
    job.say("po", ("日报 设定 9:00", "digest config 9:00"), "09:00")
    job.say("po", ("站会 设定 8:30", "standup config 8:30"), "08:30")


def write_stories(job: Job) -> None:
    """Two stories are written, the third comes out of the pool."""
    job.say("po", ("需求 新建 登录改版", "story new New login"), ("S1 登录改版", "S1 New login"))
    job.say(
        "po",
        ("需求 编辑 S1 验收标准=手机号可登录", 'story edit S1 verify="logs in by phone number"'),
        ("手机号可登录", "logs in by phone number"),
    )
    job.say("po", ("需求 新建 运单导出", "story new Waybill export"), "S2")
    job.say(
        "sales",
        (
            "需求池 添加 车辆开出电子围栏要告警 来源=顺达物流",
            "pool add alarm when a truck leaves its area source=ACME",
        ),
        "P-1",
    )
    job.say("po", ("需求池 分拣 P-1 高", "pool triage P-1 high"), "P-1")
    job.say("po", ("需求池 转需求 P-1", "pool convert P-1"), "S3")
    job.say("po", ("需求池", "pool"))


def bring_in_the_plan(job: Job) -> None:
    """A go-live that is too soon, a sheet with mistakes, the sheet; and what is taken back."""
    job.say(
        "po",
        ("计划 倒排 V2.0 版本升级 12-04", "plan backward V2.0 upgrade 12-04"),
        ("时间不够", "earliest"),
    )
    people = (job.words("{po}"), job.words("{tester}"))
    at = job.company.locale == "en"
    job.say("po", ("计划 导入", "plan import"))
    job.send_file("po", SHEET, wrong_sheet(at))
    job.alone("po", ("完成", "done"), ("没有导入", "Nothing was imported"))
    job.say("po", ("计划 导入", "plan import"))
    job.send_file("po", SHEET, plan_sheet(MONDAY.date(), at, people))
    job.alone("po", ("完成", "done"), PLAN, ("需求评审", "Story review"), ("上线", "Go-live"))
    job.say("po", ("需求 计划 S1 S2 S3", "story plan S1 S2 S3"), "S3")
    job.say("pm", ("计划 顺延 开发 +3wd", "plan shift Development +3wd"))
    job.follow("pm", ("确认顺延", "Shift it"), ("12月3日", "3 Dec"), alone=True)
    job.say("pm", ("计划 撤销", "plan undo"))
    job.say("po", ("计划 图表", "plan chart"))
    pictures = [m for m in job.company.dingtalk.world.media.values() if m.kind == "image"]
    assert pictures[-1].data.startswith(b"\x89PNG")
