"""Review meetings."""

from __future__ import annotations

from tests.dingtalk.main_job.job import Job, Pair

ANYWAY: Pair = ("仍然结束", "End anyway")


def hold_a_review(job: Job) -> None:
    """Three stories, three reviewers; what is decided, and what is left open."""
    job.say(
        "po",
        ("评审 开始 登录评审 S1 S2 S3", "review start Login review S1 S2 S3"),
        ("进行中", "open"),
        ("S1 登录改版", "S1 New login"),
    )
    job.say("dev", "", ("给出评审意见", "Give one's verdict"))
    job.follow("dev", ("我参加", "I am here"), "{dev}")
    job.follow("dev", ("确认通过", "Pass"), ("确认通过", "pass"), of="S1")
    job.say(
        "dev",
        ("评审意见 S2 待明确 导出格式没有写清", "verdict S2 clarify which format is exported?"),
        ("有待明确", "clarify"),
    )
    job.remark("dev", ("大家看看登录页", "have a look at the login page"))
    job.say("tester", ("在场", "here"), "{tester}")
    job.say("tester", ("评审意见 S1 通过", "verdict S1 pass"))
    job.say("tester", ("评审意见 S2 待明确", "verdict S2 clarify"))
    job.say(
        "po",
        ("决定 登录页保留旧入口三个月", "decide keep the old page for three months"),
        ("决定：登录页保留旧入口三个月", "keep the old page for three months"),
    )
    job.say("po", ("待办 @{dev} 周五 更新原型", "todo @{dev} Friday update the prototype"), "A-1")
    job.say("tester", ("问题 海外手机号怎么办", "question what about foreign numbers"), "A-2")
    job.say("po", ("评审意见 S1 通过", "verdict S1 pass"))
    job.say("po", ("决定：先这样", "decide: that will do"))
    job.say("po", ("评审 撤回", "review undo"), ("已撤回", "that will do"))
    job.say("po", ("评审 结束", "review end"), ("没有结论", "have no outcome"))
    job.follow("po", ANYWAY, "R-1", alone=True)
    text = job.document("R-1")
    for word in (
        ("登录评审", "Login review"),
        ("登录页保留旧入口三个月", "keep the old page for three months"),
        ("更新原型", "update the prototype"), "{dev}", "{po}",
    ):  # fmt: skip
        assert job.words(word) in text, word
    undone, unheard = ("先这样", "that will do"), ("大家看看", "have a look")
    assert job.words(undone) not in text, "what was taken back is not in the minutes"
    assert job.words(unheard) not in text, "what does not mention Duban is not heard"


def review_again(job: Job) -> None:
    """What was left open comes back by itself."""
    job.say(
        "po",
        ("评审 开始 变更评审 S1", "review start Change review S1"),
        "S3",
        ("海外手机号怎么办", "what about foreign numbers"),
    )
    for who in ("dev", "tester", "po"):
        job.say(who, ("评审意见 S1 通过", "verdict S1 pass"), f"{{{who}}}")
    job.say("po", ("评审 结束", "review end"), "R-2")
    job.follow("po", ANYWAY, "R-2", alone=True)
