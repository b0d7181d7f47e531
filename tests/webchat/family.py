"""A command family that shows everything a card and a form can be."""

from __future__ import annotations

from datetime import UTC, date, datetime

from commands.args import Args, FieldErrors
from commands.context import Context
from commands.registry import Arg, ArgKind, Choice, Command
from domain.errors import UserError
from domain.messages import (
    Action,
    Bar,
    Bullet,
    Bullets,
    Card,
    Code,
    Day,
    FieldKind,
    Fields,
    Form,
    FormField,
    Grid,
    Heading,
    Join,
    Link,
    Moment,
    Option,
    Para,
    PersonRef,
    Reply,
    Strong,
    Style,
    T,
    Tone,
)

SAMPLE = Command("sampler", "样张", T("core.help_button"))


@SAMPLE.sub("show", "看", writes=False)
def show(ctx: Context, args: Args) -> Reply:
    return Reply((big_card(ctx),))


def big_card(ctx: Context) -> Card:
    me = PersonRef(ctx.me.id, ctx.me.name)
    return Card(
        "登录改版 需求评审",
        (
            Para(
                Join((me, "主持，", Moment(datetime(2026, 11, 23, 6, 0, tzinfo=UTC)), "开始")),
                muted=True,
            ),
            Fields(
                (
                    ("产品", Strong("物流运输管理系统")),
                    ("截止", Day(date(2026, 12, 31))),
                    ("原型", Link("登录改版 v3", "https://lanhuapp.com/web/#/item/1")),
                )
            ),
            Bar("议程进度", 60),
            Heading("议程"),
            Bullets(
                (
                    Bullet(
                        Join((Strong("S12"), " 手机号一键登录"), ""),
                        (
                            Action("通过", "sampler note S12 通过", Style.PRIMARY),
                            Action(
                                "拒绝",
                                "sampler note S12 拒绝",
                                Style.DANGER,
                                confirm="拒绝后需求会被关闭，确定吗？",
                            ),
                        ),
                    ),
                    Bullet(Join((Strong("S15"), " 找回密码时校验工号"), "")),
                    Bullet(
                        Join(
                            (
                                Strong("S16"),
                                " 登录失败五次后锁定十五分钟，管理员可以解锁，也会给本人发短信",
                            ),
                            "",
                        )
                    ),
                )
            ),
            Grid(
                ("阶段", "开始", "结束", "负责人"),
                (
                    ("需求", Day(date(2026, 11, 2)), Day(date(2026, 11, 13)), me),
                    ("研发", Day(date(2026, 11, 16)), Day(date(2026, 12, 11)), "李雷"),
                    ("测试", Day(date(2026, 12, 14)), Day(date(2026, 12, 25)), "赵倩"),
                ),
            ),
            Para(Join(("也可以输入 ", Code("/review verdict S12 pass"), ""))),
        ),
        (
            Action("加入评审", "sampler join", Style.PRIMARY),
            Action("填写", "sampler log"),
            Action(
                "结束评审",
                "sampler join",
                Style.DANGER,
                confirm="还有 2 个需求没有结论，仍要结束吗？",
            ),
        ),
        status="进行中",
        tone=Tone.INFO,
    )


@SAMPLE.sub("note", "记", args=(Arg("text", "内容", ArgKind.TEXT, "内容", required=True),))
def note(ctx: Context, args: Args) -> Reply:
    return Reply(
        (
            Card(
                Join((PersonRef(ctx.me.id, ctx.me.name), "：", args.text("text"))),
            ),
        )
    )


@SAMPLE.sub("join", "加入")
def join(ctx: Context, args: Args) -> Reply:
    count = ctx.uow.counters.next("sampler")
    return Reply(
        (
            Card(
                "签到表",
                (Para(f"已有 {count} 次签到"),),
                (Action("我也签到", "sampler join"),),
                key="sampler:1",
                tone=Tone.GOOD,
            ),
        )
    )


@SAMPLE.sub("secret", "悄悄")
def secret(ctx: Context, args: Args) -> Reply:
    return Reply((Card("只有您看得到", tone=Tone.WARN),), private=True)


@SAMPLE.sub("fail", "出错")
def fail(ctx: Context, args: Args) -> Reply:
    raise UserError("core.no_number", text=ctx.request.text)


def _form(ctx: Context, values: object) -> Form:
    return Form(
        "sampler log",
        "记录需求变更",
        (
            FormField(
                "text", "改什么", FieldKind.MULTILINE, required=True, help="一句话说清楚改动"
            ),
            FormField("story", "需求", FieldKind.STORY),
            FormField("day", "希望上线", FieldKind.DATE),
            FormField("who", "负责人", FieldKind.PERSON),
            FormField("tell", "通知谁", FieldKind.PEOPLE),
            FormField(
                "level",
                "紧急程度",
                FieldKind.CHOICE,
                options=(Option("high", "紧急"), Option("low", "一般")),
            ),
            FormField(
                "areas",
                "影响",
                FieldKind.CHOICES,
                options=(Option("ui", "界面"), Option("api", "接口"), Option("db", "数据库")),
            ),
            FormField("days", "工作量（天）", FieldKind.NUMBER),
            FormField("proof", "附件", FieldKind.FILE),
        ),
        T("core.submit"),
        intro="提交后会请产品经理和项目经理审批。",
    )


@SAMPLE.sub(
    "log",
    "登记",
    args=(
        Arg("text", "内容", ArgKind.TEXT, "改什么", required=True, multiline=True),
        Arg("who", "负责人", ArgKind.PERSON, "负责人"),
        Arg("day", "日期", ArgKind.DATE, "希望上线"),
        Arg(
            "level",
            "级别",
            ArgKind.CHOICE,
            "紧急程度",
            choices=(Choice("high", ("紧急",), "紧急"), Choice("low", ("一般",), "一般")),
        ),
        Arg("days", "天数", ArgKind.NUMBER, "工作量（天）"),
        Arg("proof", "附件", ArgKind.FILE, "附件"),
    ),
    form=_form,
)
def log(ctx: Context, args: Args) -> Reply:
    if args.raw.get("areas") == "db":
        raise FieldErrors({"areas": "改数据库要同时改接口"})
    who = args.person("who")
    file = args.file("proof")
    blocks = (
        Para(args.text("text")),
        Fields(
            (("负责人", ctx.person(who) if who else "未定"), ("影响", args.raw.get("areas", "")))
        ),
        *((file,) if file else ()),
    )
    return Reply((Card("变更已记录", blocks, tone=Tone.GOOD),))
