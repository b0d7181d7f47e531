"""Days as people write them, read on a Monday in November: 2026-11-23."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.holiday_data import LibraryHolidays
from domain.calendar import WorkingCalendar
from domain.dates import RECENT_DAYS, parse_date, take_date
from domain.errors import UserError

CHINA = WorkingCalendar("CN", LibraryHolidays())
MONDAY = date(2026, 11, 23)

_FORMS = {
    "2026-12-31": "2026-12-31 2026/12/31 2026.12.31 20261231 2026年12月31日 2026-12-31 "
    "２０２６－１２－３１ 2026年12月31号 26年12月31日 12-31 12/31 12月31日 "
    "十二月三十一日 今年12月31日 年底 eoy",
    "2026-11-30": "30日 30号 三十号 月底 月末 本月底 eom 下周一 本月30日",
    "2026-11-23": "今天 今日 today 周一 星期一 mon monday +0d 本周一 23号",
    "2026-11-24": "明天 tomorrow tmr +1d +1wd 下个工作日 周二 1天后 一天后 礼拜二 tue 24日",
    "2026-11-25": "后天 wed 两天后 +2d 2个工作日后",
    "2026-11-26": "大后天 +3d +3wd 3天后 3个工作日后 三天之后 过3天",
    "2026-11-22": "昨天 yesterday -1d 上周日 1天前 上周天",
    "2026-11-19": "-2wd 2个工作日前 上周四",
    "2026-11-27": "周五 星期五 礼拜五 本周五 这周五 fri friday Fri 周五",
    "2026-12-02": "下周三 下星期三 下个星期三 下礼拜三",
    "2026-12-07": "下下周一 +2w 两周后 2个星期后",
    "2026-12-15": "下个月15号 下月15日 15号 15日 十五号",
    "2026-12-23": "1个月后 一个月后 +1mo",
    "2027-03-01": "3-1 3/1 3月1日 明年3月1日 2027-3-1",
}
_SPACED = {
    "2026-12-31": ["Dec 31", "31 Dec", "december 31st, 2026", "31st December 2026", "end of year"],
    "2026-11-26": ["in 3 days", "3 days from now", "3 个 工作日 后", "in 3 working days", "+ 3 d"],
    "2026-11-20": ["3 days ago", "last fri", "3 天前", "last workday", "previous working day"],
    "2026-12-02": ["next wed", "next Wednesday", "by next wed"],
    "2026-11-30": ["end of month", "the end of the month", "end of this month", "in a week"],
    "2026-11-24": ["next working day", "next business day", " tomorrow ", "by tomorrow"],
    "2026-12-31 ": ["2026 年 12 月 31 日", "end of next month", "下个月底"],
}


def _cases() -> list[object]:
    cases = [(text, day) for day, texts in _FORMS.items() for text in texts.split()]
    cases += [(text, day.strip()) for day, texts in _SPACED.items() for text in texts]
    return [pytest.param(text, date.fromisoformat(day), id=text) for text, day in cases]


@pytest.mark.parametrize(("text", "day"), _cases())
def test_forms(text: str, day: date) -> None:
    assert parse_date(text, MONDAY, CHINA) == day


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        pytest.param("周五", "2026-11-27", "2026-11-27", id="bare weekday on that day is today"),
        pytest.param("周一", "2026-11-27", "2026-11-30", id="bare weekday looks ahead"),
        pytest.param("本周一", "2026-11-27", "2026-11-23", id="this week's may be past"),
        pytest.param("本周一", "2026-11-29", "2026-11-23", id="Sunday ends the week"),
        pytest.param("周日", "2026-11-29", "2026-11-29", id="Sunday on a Sunday"),
        pytest.param("下周日", "2026-11-29", "2026-12-06", id="next Sunday from a Sunday"),
        pytest.param("22号", "2026-11-23", "2026-12-22", id="a day without a month looks ahead"),
        pytest.param("5号", "2026-12-20", "2027-01-05", id="over the year's end"),
        pytest.param("12-31", "2027-01-05", "2027-12-31", id="in January the end of this year"),
        pytest.param("9-24", "2026-11-23", "2026-09-24", id="sixty days ago is recent"),
        pytest.param("9-23", "2026-11-23", "2027-09-23", id="sixty-one days ago is next year"),
        pytest.param("2-29", "2027-11-23", "2028-02-29", id="leap day of next year"),
        pytest.param("2-29", "2028-01-01", "2028-02-29", id="leap day of this year"),
        pytest.param("1个月后", "2026-01-31", "2026-02-28", id="a month after 31 January"),
        pytest.param("月底", "2028-02-10", "2028-02-29", id="month end of a leap year"),
        pytest.param("+1wd", "2026-09-30", "2026-10-08", id="working days skip national day"),
        pytest.param("+1wd", "2026-09-19", "2026-09-20", id="the make-up Sunday counts"),
        pytest.param("下个工作日", "2026-10-03", "2026-10-08", id="next working day in a holiday"),
        pytest.param("+2wd", "2031-09-30", "2031-10-02", id="a year without data has weekdays"),
        pytest.param("年底", "2026-12-31", "2026-12-31", id="year's end on the day itself"),
    ],
)
def test_relative_to_other_days(text: str, today: str, day: str) -> None:
    assert parse_date(text, date.fromisoformat(today), CHINA) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("2月30日", "date.impossible", id="30 February"),
        pytest.param("2026-02-29", "date.impossible", id="no leap year"),
        pytest.param("2-29", "date.impossible", id="no leap year near"),
        pytest.param("31号", "date.impossible", id="November has no 31st"),
        pytest.param("13-01", "date.impossible", id="month 13"),
        pytest.param("十十月1日", "date.impossible", id="odd numerals"),
        pytest.param("2026-00-10", "date.impossible", id="month zero"),
        pytest.param("03/04/2026", "date.unknown", id="two readings in the world"),
        pytest.param("soon", "date.unknown", id="a word"),
        pytest.param("下周", "date.unknown", id="a week is not a day"),
        pytest.param("", "date.unknown", id="nothing"),
        pytest.param("12-31-", "date.unknown", id="trailing dash"),
        pytest.param("+3", "date.unknown", id="no unit"),
        pytest.param("1" * 5000, "date.unknown", id="a very long number"),
        pytest.param("9999-01-01", "date.too_far", id="year 9999"),
        pytest.param("0026-01-01", "date.too_far", id="year 26 with four digits"),
        pytest.param("+99999d", "date.too_far", id="too many days"),
        pytest.param("-9999wd", "date.too_far", id="too many working days"),
    ],
)
def test_refusals_say_why_and_give_examples(text: str, key: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_date(text, MONDAY, CHINA)
    assert caught.value.key == key
    assert caught.value.hint is not None
    assert len(str(caught.value.params["text"])) <= 40


def _written(day: date) -> dict[str, str]:
    return {
        "iso": day.isoformat(),
        "slashes": f"{day.year}/{day.month}/{day.day}",
        "han": f"{day.year}年{day.month}月{day.day}日",
        "english": day.strftime("%B %d, %Y"),
        "compact": day.strftime("%Y%m%d"),
    }


@given(
    day=st.dates(date(1990, 1, 1), date(2199, 12, 31)),
    today=st.dates(date(2020, 1, 1), date(2035, 1, 1)),
)
def test_a_date_written_in_full_is_read_back(day: date, today: date) -> None:
    for text in _written(day).values():
        assert parse_date(text, today, CHINA) == day


@given(today=st.dates(date(2024, 1, 1), date(2029, 1, 1)), ahead=st.integers(-RECENT_DAYS, 300))
def test_a_date_without_its_year_is_read_back(today: date, ahead: int) -> None:
    day = date.fromordinal(today.toordinal() + ahead)
    if day.year < today.year or (day.month, day.day) == (2, 29):
        return
    assert parse_date(f"{day.month}-{day.day}", today, CHINA) == day
    assert parse_date(f"{day.month}月{day.day}日", today, CHINA) == day


_PARTS = (
    "工作日",
    "12",
    "31",
    "2026",
    " next ",
    "fri",
    "in 3 days",
    "d",
    "wd",
    "下午",
    "@a",
    "\u3000",
)
_PIECES = st.sampled_from([*"周下本个月日号年底天后前一十二五明今0-/.+:点半，９②²Ⅷ ", *_PARTS])
_TEXT = st.one_of(st.text(max_size=30), st.lists(_PIECES, max_size=8).map("".join))


@given(text=_TEXT)
def test_arbitrary_text_raises_nothing_but_ours(text: str) -> None:
    for read in (parse_date, take_date):
        with suppress(UserError):
            read(text, MONDAY, CHINA)


@pytest.mark.parametrize(
    ("words", "day", "rest"),
    [
        pytest.param("周五 更新原型", "2026-11-27", "更新原型", id="at the start"),
        pytest.param("更新原型 周五", "2026-11-27", "更新原型", id="at the end"),
        pytest.param(
            "待办 @张三 周五 更新原型", "2026-11-27", "待办 @张三 更新原型", id="after a mention"
        ),
        pytest.param(
            "@a @b next wed do it", "2026-12-02", "@a @b do it", id="two mentions, two words"
        ),
        pytest.param("fix login by friday", "2026-11-27", "fix login", id="by friday"),
        pytest.param("更新原型 周五前", "2026-11-27", "更新原型", id="before Friday"),
        pytest.param(
            "周五之前 更新原型", "2026-11-27", "更新原型", id="before Friday at the start"
        ),
        pytest.param("12月31日前完成接口", "2026-12-31", "完成接口", id="without a space"),
        pytest.param(
            "@张三 月底前交付", "2026-11-30", "@张三 交付", id="without a space after a mention"
        ),
        pytest.param("更新 2026 年 12 月 31 日", "2026-12-31", "更新", id="spaced out"),
        pytest.param(
            "周五，更新  原型", "2026-11-27", "更新  原型", id="comma; the rest keeps its spaces"
        ),
        pytest.param("三天后 看结果", "2026-11-26", "看结果", id="Chinese number"),
        pytest.param(
            "3天前 开的会", "2026-11-20", "开的会", id="three days ago is not before three days"
        ),
        pytest.param("周五", "2026-11-27", "", id="nothing else"),
        pytest.param(
            "周五会议纪要整理", None, "周五会议纪要整理", id="a title that begins with a day"
        ),
        pytest.param("更新原型，周五前", "2026-11-27", "更新原型", id="comma before the date"),
        pytest.param("整理 周五 的会议纪要", None, "整理 周五 的会议纪要", id="in the middle"),
        pytest.param("需求 20261231", None, "需求 20261231", id="a bare number"),
        pytest.param("24/7 支持", None, "24/7 支持", id="twenty-four seven"),
        pytest.param("@sun 看看", None, "@sun 看看", id="a mention is not a day"),
        pytest.param("  ", None, "", id="blank"),
    ],
)
def test_take_date(words: str, day: str | None, rest: str) -> None:
    expected = date.fromisoformat(day) if day else None
    assert take_date(words, MONDAY, CHINA) == (expected, rest)


def test_take_date_reports_a_day_that_does_not_exist() -> None:
    with pytest.raises(UserError) as caught:
        take_date("2月30日 更新原型", MONDAY, CHINA)
    assert caught.value.key == "date.impossible"


def test_both_languages_have_every_key() -> None:
    root = Path(__file__).parents[2] / "locales"
    zh, en = (
        tomllib.loads((root / lang / "date.toml").read_text("utf-8")) for lang in ("zh", "en")
    )
    assert set(zh) == set(en) >= {"unknown", "impossible", "too_far", "past", "examples"}
