"""Changes of what was agreed, action items, and the days between."""

from __future__ import annotations

from tests.dingtalk.main_job.job import Job, Pair

DEV_SAYS: Pair = (
    "站会 昨天 登录接口；今天 联调；阻塞 测试环境不通",
    "standup yesterday login API; today integration; blockers test server is down",
)
TESTER_SAYS: dict[str, Pair | str] = {
    "q1": ("回归用例", "regression tests"),
    "q2": ("登录改版", "the new login"),
}
MANUAL = "https://docs.example.com/22"


def change_a_story(job: Job) -> None:
    """Logged, submitted, approved, edited, approved anew, applied; the plan moves with it."""
    job.say(
        "dev",
        (
            "变更 S1 改为手机号登录 因为客户要求",
            "change S1 log in by phone number because the customer asks",
        ),
        "CR-1",
    )
    job.say("dev", ("变更 登记", "change log"))
    job.fill_in(
        "dev",
        {
            "story": "S2",
            "what": ("增加导出 PDF", "export PDF, too"),
            "reason": ("财务要用", "accounting needs it"),
        },
        "CR-2",
    )
    job.say("dev", ("变更 提交 CR-1 人天=3 顺延=3", "change submit CR-1 effort=3 days=3"), "CR-1")
    job.say("dev", ("变更 批准 CR-1", "change approve CR-1"), ("此操作需要角色", "needs the role"))
    job.say("pm", ("变更 批准 CR-1", "change approve CR-1"), ("已批准", "approved"))
    job.say(
        "dev",
        ("变更 修改 CR-1 原因=客户合同要求", 'change edit CR-1 reason="the contract says so"'),
        "CR-1",
        "{pm}",
    )
    job.say("pm", ("变更 批准 CR-1", "change approve CR-1"), ("已批准", "approved"))
    job.say("po", ("变更 执行 CR-1", "change apply CR-1"))
    job.follow("po", ("执行并顺延计划", "Apply and move the plan"), "CR-1", alone=True)
    job.say("tester", ("变更 确认 CR-1", "change ack CR-1"), "CR-1")


def work_on(job: Job) -> None:
    """The next day: standup, digest, reminders, an action item, deliverables."""
    job.later(hours=23, minutes=30)
    job.sees("dev", ("站会：今天说几句", "standup: a few words"), alone=True)
    job.alone("dev", DEV_SAYS, ("测试环境不通", "test server is down"))
    job.follow("tester", ("填写", "Answer"), alone=True)
    job.fill_in("tester", TESTER_SAYS, ("回归用例", "regression"))
    job.later(minutes=30)
    job.sees("po", ("日报 · 2026年11月24日", "digest of Tue, 24 Nov"), ("联调", "integration"))
    job.alone("dev", ("提醒", "reminders"))
    job.alone("po", ("提醒 预览 3d", "reminders preview 3d"))
    job.say("dev", ("待办 完成 A-1", "action done A-1"), "A-1")
    job.say("pm", ("待办 全部", "action list all"), "A-2")
    job.say("po", ("交付物", "deliverable"))
    job.say("dev", (f"交付物 提交 22 {MANUAL}", f"deliverable submit 22 {MANUAL}"), MANUAL)
    job.say("po", ("交付物 验收 22", "deliverable accept 22"), "22")
    job.say("po", ("交付物 豁免 26 不在平台上", "deliverable waive 26 not on the platform"), "26")


def close_it(job: Job) -> None:
    """Tested, verified, agreed, closed."""
    job.say("tester", ("需求 阶段 S1 测试完毕", "story stage S1 tested"), "S1")
    job.say("po", ("验证 S1", "verify S1"))
    job.fill_in("po", {"points": "1"}, "S1")
    job.follow("pm", ("同意关闭", "Agree to close"), ("已关闭", "closed"), alone=True)
    job.say("po", ("日报", "digest"), ("日报", "digest of"))
