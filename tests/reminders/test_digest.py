"""The digest as people read it, and that it comes once per channel and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from domain.actions import ItemKind
from domain.ids import new_id
from domain.people import Absence
from domain.plans import Milestone, Phase, PhaseStatus, Plan
from domain.standups import Entry
from domain.stories import Stage, StoryDraft
from tests.reminders.conftest import Ticking
from tests.reminders.people import local


def fill(ticking: Ticking) -> None:
    """A product in the middle of things on Tuesday 24 November 2026."""
    team = ticking.team
    now = team.clock.now()
    with team.write() as uow:
        build = Phase(
            new_id(), "开发", date(2026, 11, 9), date(2026, 11, 27), owner=team.id("dev"),
            progress=60, status=PhaseStatus.ACTIVE,
        )  # fmt: skip
        design = Phase(
            new_id(), "设计", date(2026, 11, 2), date(2026, 11, 20), owner=team.id("po"),
            progress=90, status=PhaseStatus.ACTIVE,
        )  # fmt: skip
        stones = (
            Milestone(new_id(), "提测", date(2026, 11, 24)),
            Milestone(new_id(), "上线", date(2026, 12, 18)),
        )
        plan = Plan(new_id(), team.product.id, "v2.3", (design, build), stones, "v2.3")
        uow.plans.add(plan, by=team.id("po"), at=now)
        tracker = team.services.tracker(uow, team.product, now)
        tested = tracker.create(StoryDraft(team.product.id, "电子回单"), team.id("po"))
        tracker.set_stage(tested.number, Stage.TESTED, team.id("tester"))
        verified = tracker.create(StoryDraft(team.product.id, "运费对账"), team.id("po"))
        tracker.set_stage(verified.number, Stage.VERIFIED, team.id("po"))
        tracker.create(
            StoryDraft(team.product.id, "扫码签收", reviewers=(team.id("dev"),)), team.id("po")
        )
        uow.people.add_absence(
            Absence(new_id(), team.id("tester"), date(2026, 11, 24), date(2026, 11, 25), "培训")
        )
    ticking.item("补齐异常流程", "2026-11-20")
    ticking.item("联系承运商", "2026-11-24", owner="po")
    ticking.item("测试环境连不上", None, kind=ItemKind.BLOCKER)
    with team.write() as uow:
        uow.channels.save(replace(team.channel, standup_at=time(8, 50)))
        for who, answers in (
            ("dev", ("回单接口", "回单联调", "测试环境连不上")),
            ("dev2", ("查询页", "导出", "无")),
        ):
            uow.standups.save(
                Entry(
                    new_id(),
                    team.product.id,
                    team.id(who),
                    date(2026, 11, 24),
                    answers,
                    local("2026-11-24 08:50"),
                    local("2026-11-24 08:55"),
                )
            )


GOLDEN_ZH = """\
物流运输管理系统 日报 · 2026年11月24日（周二）
v2.3：已延期 ████████░░ 75%
- “开发”60%，结束：还有 3 个工作日，2026年11月27日（周五）
- 下一个里程碑“提测”：就在今天

▎今天到期（2）
- A-2 联系承运商 · @陈敏
    → 完成: /action done A-2
- 里程碑“提测”
    → 已达成: /plan milestone done 提测

▎已逾期（2）
- A-1 补齐异常流程 · @李雷 · 已逾期 2 个工作日，应于 2026年11月20日（周五）
    → 完成: /action done A-1
- 阶段“设计” · @陈敏 · 已逾期 2 个工作日，应于 2026年11月20日（周五）
    → 完成: /plan phase done 设计

▎待评审的需求（1）
- S3 扫码签收 · 自 2026年11月23日（周一） 09:30 起
    → 查看: /story show S3

▎已测试待验证（1）
- S1 电子回单 · 自 2026年11月23日（周一） 09:30 起
    → 验证: /verify S1

▎已验证待关闭（1）
- S2 运费对账 · 自 2026年11月23日（周一） 09:30 起
    → 关闭: /close S2

▎阻塞（1）
- A-3 测试环境连不上 · @李雷
    → 已解除: /action done A-3

▎站会（2 人）
- @李雷 · 昨天：回单接口 · 今天：回单联调 · ⚠ 阻塞：测试环境连不上
- @韩梅 · 昨天：查询页 · 今天：导出
还没说的：@陈敏、@王强、@孙俪

▎今天不在
- @赵倩 到 2026年11月25日（周三） · 培训
"""

GOLDEN_EN = """\
物流运输管理系统 · digest of Tue, 24 Nov 2026
v2.3: late ████████░░ 75%
- “开发” 60%, ends: 3 working days to go, Fri, 27 Nov 2026
- Next milestone “提测”: today

▎Due today (2)
- A-2 联系承运商 · @陈敏
    → Done: /action done A-2
- Milestone “提测”
    → Reached: /plan milestone done 提测

▎Overdue (2)
- A-1 补齐异常流程 · @李雷 · overdue by 2 working days, was due Fri, 20 Nov 2026
    → Done: /action done A-1
- Phase “设计” · @陈敏 · overdue by 2 working days, was due Fri, 20 Nov 2026
    → Done: /plan phase done 设计

▎Stories to review (1)
- S3 扫码签收 · since Mon, 23 Nov 2026, 09:30
    → Show: /story show S3

▎Tested, to be verified (1)
- S1 电子回单 · since Mon, 23 Nov 2026, 09:30
    → Verify: /verify S1

▎Verified, to be closed (1)
- S2 运费对账 · since Mon, 23 Nov 2026, 09:30
    → Close: /close S2

▎Blockers (1)
- A-3 测试环境连不上 · @李雷
    → Gone: /action done A-3

▎Standup (2)
- @李雷 · Yesterday: 回单接口 · Today: 回单联调 · ⚠ Blockers: 测试环境连不上
- @韩梅 · Yesterday: 查询页 · Today: 导出
Not heard from: @陈敏, @王强, @孙俪

▎Away today
- @赵倩 until Wed, 25 Nov 2026 · 培训
"""


def digest_of(ticking: Ticking) -> str:
    """The one digest that the channel got."""
    (digest,) = [m for m in ticking.messages("物流") if "日报 ·" in m or "digest of" in m]
    return digest + "\n"


def test_the_digest_in_chinese(ticking: Ticking) -> None:
    fill(ticking)
    ticking.tick(local("2026-11-23 16:00"))
    ticking.tick(local("2026-11-24 08:50"))
    ticking.tick(local("2026-11-24 09:00"))
    assert digest_of(ticking) == GOLDEN_ZH


def test_the_digest_in_english(english: Ticking) -> None:
    fill(english)
    english.tick(local("2026-11-23 16:00"))
    english.tick(local("2026-11-24 08:50"))
    english.tick(local("2026-11-24 09:00"))
    assert digest_of(english) == GOLDEN_EN


def test_once_per_channel_and_day_and_never_on_a_day_off(ticking: Ticking) -> None:
    ticking.item("x", "2026-11-23")
    ticking.tick()
    for day in (24, 25, 28, 29, 30):  # 28 and 29 are a weekend
        for minute in (0, 1, 30):
            ticking.tick(local(f"2026-11-{day} 09:{minute:02}"))
    assert [s for s in ticking.states() if s.startswith("digest")] == [
        f"digest 物流 {day} sent" for day in ("2026-11-24", "2026-11-25")
    ] + ["digest 物流 2026-11-26 cancelled", "digest 物流 2026-11-27 cancelled"] + [
        "digest 物流 2026-11-30 sent"
    ]


def test_a_digest_on_a_make_up_sunday(ticking: Ticking) -> None:
    ticking.team.clock.set(local("2026-09-18 12:00"))
    ticking.item("x", "2026-09-17")
    ticking.tick()
    ticking.tick(local("2026-09-19 09:00"))
    ticking.tick(local("2026-09-20 09:00"))
    digests = [s for s in ticking.states() if s.startswith("digest")]
    assert digests == ["digest 物流 2026-09-20 sent"]


def test_with_nothing_to_tell_there_is_no_digest(ticking: Ticking) -> None:
    ticking.tick()
    ticking.tick(local("2026-11-24 09:00"))
    assert ticking.messages("物流") == []
    assert ticking.states() == ["digest 物流 2026-11-24 done"]


def test_a_late_digest_says_so_and_too_late_it_is_left_out(ticking: Ticking) -> None:
    ticking.item("x", "2026-11-23")
    ticking.tick()
    ticking.tick(local("2026-11-24 11:00"))
    assert "补发，原定" in digest_of(ticking)
    ticking.tick(local("2026-11-25 20:00"))
    assert "digest 物流 2026-11-25 cancelled" in ticking.states()


def test_what_was_too_late_for_a_message_is_a_line_of_the_next_digest_and_of_no_other(
    ticking: Ticking,
) -> None:
    ticking.item("补齐异常流程", "2026-12-02", owner="dev")
    ticking.tick()
    ticking.tick(local("2026-12-01 22:00"))  # thirteen hours after the reminder of that morning
    assert "action_due dev 2026-12-01 folded" in ticking.states()
    ticking.tick(local("2026-12-02 09:00"))
    ticking.tick(local("2026-12-03 09:00"))
    first, second = [m for m in ticking.messages("物流") if "日报 ·" in m]
    assert "没赶上的提醒" in first
    assert "没赶上的提醒" not in second


def test_long_sections_are_cut_and_counted(ticking: Ticking) -> None:
    for n in range(8):
        ticking.item(f"事项{n}", "2026-11-20")
    ticking.tick()
    ticking.tick(local("2026-11-24 09:00"))
    digest = digest_of(ticking)
    assert "已逾期（8）" in digest
    assert "另有 3 项" in digest
    assert digest.count("/action done") == 5


def test_a_digest_hour_is_the_wall_clock_of_the_channel(ticking: Ticking) -> None:
    with ticking.team.write() as uow:
        uow.channels.save(
            replace(ticking.team.channel, zone="America/New_York", digest_at=time(9, 30))
        )
    ticking.item("x", "2026-11-20")
    ticking.tick()
    ticking.tick(local("2026-11-24 09:29", "America/New_York"))
    assert not [s for s in ticking.states() if s.startswith("digest") and "11-24" in s]
    ticking.tick(local("2026-11-24 09:30", "America/New_York"))
    assert "digest 物流 2026-11-24 sent" in ticking.states()


def test_many_channels_are_loaded_in_few_queries(ticking: Ticking) -> None:
    from sqlalchemy import event

    counts = [_selects_of_a_morning(ticking, event, more, day) for more, day in ((1, 24), (9, 25))]
    assert counts[1] - counts[0] <= 9 * 2  # each channel: what waits for it, and nothing else


def _selects_of_a_morning(ticking: Ticking, event, more: int, day: int) -> int:
    """How many queries the digests cost after some channels more were made."""
    from domain.people import Channel, Product

    with ticking.team.write() as uow:
        for _ in range(more):
            product = Product(new_id(), new_id().lower(), "又一个产品")
            uow.products.add(product)
            room = Channel(new_id(), "web", new_id(), "频道", product_id=product.id)
            uow.channels.add(replace(room, digest_at=time(9, 0)))
    ticking.tick(local(f"2026-11-{day} 08:00"))
    seen: list[str] = []
    engine = ticking.team.store.database._writer

    def listen(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", listen)
    ticking.tick(local(f"2026-11-{day} 09:00"))
    event.remove(engine, "before_cursor_execute", listen)
    return len([s for s in seen if s.startswith("SELECT")])
