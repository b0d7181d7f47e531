from datetime import UTC, date, datetime

import pytest

from bot.cards.dates import day_words, moment_words, size_words
from bot.cards.words import Reader, clean, safe_url, spans, words
from domain.messages import Code, Day, Join, Link, Moment, PersonRef, Strong, T

ZH = Reader("zh", "Asia/Shanghai", "p1", {"p1": "王芳", "p2": "Anna"})
EN = Reader("en", "America/New_York", "p1", {"p1": "王芳"})


@pytest.mark.parametrize(
    ("part", "zh", "en"),
    [
        pytest.param("as typed", "as typed", "as typed", id="typed"),
        pytest.param(T("core.submit"), "提交", "Submit", id="text"),
        pytest.param(
            T("core.missing", {"what": T("core.submit")}),
            "还缺：提交",
            "Still missing: Submit",
            id="text inside a text",
        ),
        pytest.param(
            T("core.missing"), "还缺：{what}", "Still missing: {what}", id="a forgotten value shows"
        ),
        pytest.param(
            T("core.missing", {"what": "{what.__class__} {0} %s"}),
            "还缺：{what.__class__} {0} %s",
            "Still missing: {what.__class__} {0} %s",
            id="braces typed by people mean nothing",
        ),
        pytest.param(T("web.replies", {"n": 1}), "1 条回复", "1 reply", id="one"),
        pytest.param(T("web.replies", {"n": 2}), "2 条回复", "2 replies", id="many"),
        pytest.param(T("nothing.here"), "nothing.here", "nothing.here", id="unknown key"),
        pytest.param(
            Day(date(2026, 12, 31)), "2026年12月31日（周四）", "Thu, 31 Dec 2026", id="day"
        ),
        pytest.param(
            Moment(datetime(2026, 12, 31, 20, 5, tzinfo=UTC)),
            "2027年1月1日（周五） 04:05",
            "Thu, 31 Dec 2026, 15:05",
            id="moment in the reader's zone",
        ),
        pytest.param(PersonRef("p2", "Anna"), "@Anna", "@Anna", id="person"),
        pytest.param(Strong(Join(("a", Code("/b")), " ")), "a /b", "a /b", id="strong"),
        pytest.param(Join(("甲", "乙", "丙"), ", "), "甲、乙、丙", "甲, 乙, 丙", id="comma list"),
        pytest.param(Join(("甲", "乙"), " / "), "甲 / 乙", "甲 / 乙", id="other separators stay"),
        pytest.param(
            Link("原型", "https://a.cn/x"),
            "原型 (https://a.cn/x)",
            "原型 (https://a.cn/x)",
            id="link",
        ),
        pytest.param(
            Link("", "https://a.cn/x"), "https://a.cn/x", "https://a.cn/x", id="bare link"
        ),
        pytest.param(Link("坏", "javascript:alert(1)"), "坏", "坏", id="a link that is none"),
        pytest.param(7, "7", "7", id="number"),
    ],
)
def test_words_in_both_languages(part, zh, en):
    assert words(part, ZH) == zh
    assert words(part, EN) == en


def test_a_mention_inside_typed_words_is_shown_by_name_and_a_made_up_one_is_not():
    assert words("请 <@p1> 看，<@p9> 也看", ZH) == "请 @王芳 看，<@p9> 也看"
    person = spans("<@p1>", ZH)[0]
    assert (person["kind"], person["me"]) == ("person", True)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        pytest.param("https://a.cn/x?y=1#z", True, id="https"),
        pytest.param("http://a.cn", True, id="http"),
        pytest.param("/files/01abc", True, id="inside"),
        pytest.param("//evil.example/x", False, id="protocol-relative"),
        pytest.param("/\\evil.example", False, id="backslash"),
        pytest.param("javascript:alert(1)", False, id="script"),
        pytest.param("java\nscript:alert(1)", False, id="script with a line break"),
        pytest.param("data:text/html,x", False, id="data"),
        pytest.param("https:///x", False, id="no host"),
        pytest.param('https://a.cn/"onclick=x', False, id="quote"),
        pytest.param("http://[::1", False, id="broken address"),
        pytest.param("ftp://a.cn", False, id="ftp"),
    ],
)
def test_only_web_addresses_and_our_own_paths_are_links(url, safe):
    assert safe_url(url) == (url if safe else "")


def test_direction_marks_and_control_characters_are_taken_out():
    assert clean("a\u202eb\u2066c\x00\x1bd\u2028\r\n\te") == "abcd\n\te"


def test_right_to_left_words_are_isolated_line_by_line():
    assert words("שלום\nabc", ZH) == "\u2068שלום\u2069\nabc"


def test_an_emoji_of_several_parts_stays_whole():
    family = "👩‍👩‍👧‍👦 1️⃣"
    assert words(family, ZH) == family


def test_parts_nested_without_end_are_cut():
    part = Strong("end")
    for _ in range(5000):
        part = Strong(part)
    assert words(part, ZH) == ""


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        pytest.param(date(2026, 1, 4), "2026年1月4日（周日）", "Sun, 4 Jan 2026", id="Sunday"),
        pytest.param(date(2028, 2, 29), "2028年2月29日（周二）", "Tue, 29 Feb 2028", id="leap day"),
    ],
)
def test_days_in_full(day, zh, en):
    assert (day_words(day, "zh"), day_words(day, "en")) == (zh, en)


def test_a_moment_at_midnight():
    assert moment_words(datetime(2026, 1, 1, tzinfo=UTC), "zh") == "2026年1月1日（周四） 00:00"


@pytest.mark.parametrize(
    ("size", "shown"), [(0, "0 B"), (1023, "1023 B"), (1024, "1 KB"), (1572864, "1.5 MB")]
)
def test_sizes(size, shown):
    assert size_words(size) == shown
