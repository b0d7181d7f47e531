"""Cards and forms that the tests of rendering share."""

from datetime import UTC, date, datetime

from domain.messages import (
    Action,
    Bar,
    Bullet,
    Bullets,
    Card,
    Day,
    FieldKind,
    Fields,
    FileRef,
    Form,
    FormField,
    Grid,
    Heading,
    Join,
    Moment,
    Option,
    Para,
    PersonRef,
    Strong,
    Style,
    T,
    Tone,
)

CARD = Card(
    "登录改版",
    (
        Para(
            Join((PersonRef("p1", "王芳"), " ", Moment(datetime(2026, 11, 23, 6, tzinfo=UTC)))),
            muted=True,
        ),
        Heading("议程"),
        Fields((("截止", Day(date(2026, 12, 31))), ("状态", Strong("进行中")))),
        Bullets(
            (
                Bullet("S12 一键登录", (Action("通过", "review verdict S12 pass", Style.PRIMARY),)),
                Bullet("S15 找回密码"),
            )
        ),
        Grid(("阶段", "结束"), (("研发", Day(date(2026, 12, 11))), ("测试", "未定"))),
        Bar("进度", 40),
        FileRef("01file", "纪要.docx", "application/msword", 20480),
        FileRef("01pic", "甘特图.png", "image/png", 100, "十二月的计划"),
    ),
    (
        Action(T("core.submit"), "change approve CR-12"),
        Action("结束", "review end", Style.DANGER, confirm="确定？"),
    ),
    status=T("core.submit"),
    tone=Tone.GOOD,
)

TEXT_ZH = """\
登录改版 · 提交
@王芳 2026年11月23日（周一） 14:00

▎议程
截止: 2026年12月31日（周四）
状态: 进行中
- S12 一键登录
    → 通过: /review verdict S12 pass
- S15 找回密码
- 阶段: 研发 · 结束: 2026年12月11日（周五）
- 阶段: 测试 · 结束: 未定
进度 ████░░░░░░ 40%
📎 纪要.docx (20 KB) /files/01file
📎 甘特图.png (100 B) /files/01pic
→ 提交: /change approve CR-12
→ 结束: /review end"""

FORM = Form(
    "change log",
    "记录变更",
    (
        FormField(
            "text", "改什么", FieldKind.MULTILINE, required=True, value="一\n二", help="说清楚"
        ),
        FormField("story", "需求", FieldKind.STORY, value="S99"),
        FormField("stories", "相关需求", FieldKind.STORIES, value="S1,S99"),
        FormField("day", "日期", FieldKind.DATE, value="2026-12-31"),
        FormField("late", "最晚", FieldKind.DATE, value="下周三", error="看不懂"),
        FormField("who", "负责人", FieldKind.PERSON, value="p2"),
        FormField("tell", "通知", FieldKind.PEOPLE, value="p1,p2"),
        FormField(
            "level",
            "级别",
            FieldKind.CHOICE,
            options=(Option("hi", "高"), Option("lo", "低")),
            value="lo",
        ),
        FormField(
            "areas",
            "影响",
            FieldKind.CHOICES,
            options=(Option("ui", "界面"), Option("db", "数据库")),
            value="db",
        ),
        FormField("days", "天数", FieldKind.NUMBER, value="2.5"),
        FormField("proof", "附件", FieldKind.FILE),
        FormField("name", "名称", max_length=40),
    ),
    T("core.submit"),
    intro="请填写",
)

TEXT_FORM = """\
记录变更
请填写
- 改什么 (text, 必填): 一
    二
    说清楚
- 需求 (story): S99
- 相关需求 (stories): S1,S99
- 日期 (day): 2026-12-31
- 最晚 (late): 下周三
    ⚠ 看不懂
- 负责人 (who): p2
- 通知 (tell): p1, p2
- 级别 (level): lo
    hi 高 | lo 低
- 影响 (areas): db
    ui 界面 | db 数据库
- 天数 (days): 2.5
- 附件 (proof)
- 名称 (name)
→ 提交: /change log text=… story=… stories=… day=… \
late=… who=… tell=… level=… areas=… days=… name=…"""
