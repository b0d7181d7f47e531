"""What a reminder says, why it came, and how many are gathered into one message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

import pytest

from bot.cards.text import render_text
from bot.cards.words import Reader, words
from bot.holiday_data import LibraryHolidays
from domain.messages import Card, Inline, Join, T, Tone
from domain.people import Absence, Product
from domain.reminders import (
    Anchor,
    Audience,
    LedgerRow,
    Slot,
    SlotState,
    Subject,
    SubjectKind,
)  # fmt: skip
from reminders.lines import Item, Wording, how_far
from reminders.messages import MOST, for_channel, personal
from reminders.planner import plan, upcoming
from reminders.rules import BY_NAME, RULES, find_rule
from reminders.service import Reminders
from storage.uow import UnitOfWork
from tests.reminders.people import CHINA, SHANGHAI, action, local, person, phase, setting, story

BOTH = pytest.mark.parametrize("locale", ["zh", "en"])
MONDAY = date(2026, 11, 23)
NINE = local("2026-11-23 09:00")
SERVICE = Reminders(LibraryHolidays())
NO_STORE = cast("UnitOfWork", None)  # the slot says it all
DATED = {Anchor.START, Anchor.END, Anchor.DUE, Anchor.REVIEW_BY}


def _shown(text: Inline, locale: str) -> str:
    return words(text, Reader(locale, "Asia/Shanghai"))


def _why(slot: Slot, locale: str) -> dict[str, str]:
    pairs = SERVICE.why(NO_STORE, slot)
    return {_shown(label, locale): _shown(value, locale) for label, value in pairs}


@pytest.mark.parametrize(
    ("anchor", "zh", "en"),
    [
        pytest.param("2026-11-23", "今天", "today", id="today"),
        pytest.param("2026-11-24", "还有 1 个工作日", "1 working day to go", id="tomorrow"),
        pytest.param("2026-11-30", "还有 5 个工作日", "5 working days to go", id="next week"),
        pytest.param("2026-11-20", "1 个工作日", "overdue by 1 working day,", id="on Friday"),
        pytest.param("2026-11-16", "5 个工作日", "overdue by 5 working days", id="last week"),
        pytest.param("2026-11-22", "", "the date has passed", id="yesterday, a Sunday"),
    ],
)
def test_how_far_a_date_is(anchor: str, zh: str, en: str) -> None:
    far = how_far(date.fromisoformat(anchor), MONDAY, CHINA)
    assert zh in _shown(far, "zh")
    assert en in _shown(far, "en")


@BOTH
def test_from_a_friday_the_weekend_is_no_working_day_away(locale: str) -> None:
    far = how_far(date(2026, 11, 29), date(2026, 11, 27), CHINA)
    assert far == T("reminder.when.last_day", {"n": 0, "day": far.params["day"]})  # type: ignore[union-attr]
    assert "29" in _shown(far, locale)


@BOTH
def test_what_waits_since_an_instant_is_shown_in_the_readers_zone(locale: str) -> None:
    far = how_far(datetime(2026, 11, 20, 16, 30, tzinfo=UTC), MONDAY, CHINA)
    assert "00:30" in _shown(far, locale)
    assert "21" in _shown(far, locale)


def _subject(rule_name: str) -> Subject:
    rule = BY_NAME[rule_name]
    anchor = date(2026, 11, 24) if rule.anchor in DATED else local("2026-11-20 10:00")
    return Subject(
        rule.kind, "x1", "tms", "电子回单", "S12", anchors={rule.anchor: anchor}, settle="story S12"
    )


def _item(rule_name: str, n: int = 1, subject: Subject | None = None, **why: Any) -> Item:
    rule, subject = BY_NAME[rule_name], subject or _subject(rule_name)
    (slot, *_) = upcoming(action("2026-11-24"), (BY_NAME["action_due"],), setting(), NINE,
                          NINE + timedelta(days=5))  # fmt: skip
    slot = replace(slot, rule=rule_name, why={**slot.why, **why})
    row = LedgerRow(f"01row{n:06}", slot, SlotState.SENT, slot.at, NINE)
    return Item(row, rule, subject)


def _wording() -> Wording:
    people = {p: person(p) for p in ("dev", "po")}
    return Wording(CHINA, people, SHANGHAI, NINE)


TALKING = [r.name for r in RULES if r.kind is not SubjectKind.CHANNEL]


@BOTH
@pytest.mark.parametrize("rule_name", TALKING)
def test_every_rule_says_what_it_is_about_and_how_to_settle_it(rule_name: str, locale: str) -> None:
    card = personal([_item(rule_name)], _wording(), {})
    shown = render_text(card, Reader(locale, "Asia/Shanghai"))
    assert "电子回单" in shown
    assert "/story S12" in shown
    assert "{" not in shown
    commands = [a.command for a in card.actions]
    assert commands[0] == "story S12"
    assert commands[-1] == "reminders why 000001"
    assert [c.split(" ", 3)[3:] for c in commands[1:-1]] == [
        ["1h"], ["tomorrow"], ["next working day"], []
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("late", "why", "zh", "en"),
    [
        pytest.param(True, {}, "", "(late, was due", id="late"),
        pytest.param(False, {"stand_in_for": "dev"}, "DEV", "DEV is away", id="stands in"),
        pytest.param(
            False, {"stand_in_for": "gone"}, "", "a former member is away", id="for who left"
        ),
        pytest.param(False, {"back": "2026-11-23"}, "", "held for your return", id="back"),
        pytest.param(False, {"escalated": True}, "", "passed on to you", id="passed on"),
        pytest.param(False, {"escalated": False}, "", "", id="not passed on"),
    ],
)
def test_notes_behind_the_line(late: bool, why: dict[str, Any], zh: str, en: str) -> None:
    item = replace(_item("action_due", **why), late=late)
    plain = _item("action_due")
    for locale, expected in (("zh", zh), ("en", en)):
        shown = _shown(_wording().line(item), locale)
        assert expected in shown
        bare = _shown(_wording().line(plain), locale)
        assert shown.startswith(bare)
        noted = late or bool([v for v in why.values() if v])
        assert (shown != bare) is noted


@BOTH
def test_the_end_of_a_phase_names_what_it_still_lacks(locale: str) -> None:
    subject = replace(phase(ends="2026-11-25"), facts={"missing": (2, 3)})
    shown = _shown(_wording().line(_item("phase_ends", subject=subject)), locale)
    bare = replace(subject, facts={})
    assert len(shown) > len(_shown(_wording().line(_item("phase_ends", subject=bare)), locale))
    starts = phase(starts="2026-11-25")
    lacking = replace(starts, facts={"missing": (2, 3)})  # that is said when it ends
    lines = [_wording().line(_item("phase_starts", subject=s)) for s in (starts, lacking)]
    assert lines[0] == lines[1]


PRODUCTS = {"tms": Product("tms", "tms", "物流"), "wms": Product("wms", "wms", "仓储")}


def _many(count: int, rule_name: str = "action_due", **products: int) -> list[Item]:
    items = [_item(rule_name, n) for n in range(count)]
    for product, index in products.items():
        subject = replace(items[index].subject, product_id=product)
        items[index] = replace(items[index], subject=subject)
    return items


@pytest.mark.parametrize("gather", [personal, for_channel])
@pytest.mark.parametrize(
    ("count", "lines", "more"),
    [
        pytest.param(2, 2, 0, id="two"),
        pytest.param(MOST, MOST, 0, id="as many as fit"),
        pytest.param(MOST + 1, MOST, 1, id="one too many"),
        pytest.param(MOST + 40, MOST, 40, id="a flood"),
    ],
)
def test_many_are_one_message_that_counts_what_it_leaves_out(
    gather: object, count: int, lines: int, more: int
) -> None:
    make = personal if gather is personal else for_channel
    card = make(_many(count), _wording(), {"tms": PRODUCTS["tms"]})
    shown = render_text(card, Reader("en", "Asia/Shanghai"))
    assert str(count) in shown.splitlines()[0]
    assert shown.count("电子回单") == lines
    assert (f"And {more} more" in shown) is bool(more)
    if more:
        assert ("/reminders mine" if make is personal else "/digest now") in shown


def test_two_products_have_a_heading_each_and_their_buttons_name_them() -> None:
    card = personal(_many(3, wms=1), _wording(), PRODUCTS)
    shown = render_text(card, Reader("zh", "Asia/Shanghai"))
    assert shown.index("物流") < shown.index("仓储")
    assert "in=wms" in shown
    one = personal(_many(3), _wording(), {"tms": PRODUCTS["tms"]})
    assert "in=" not in render_text(one, Reader("zh", "Asia/Shanghai"))
    assert "物流" not in render_text(one, Reader("zh", "Asia/Shanghai"))


@pytest.mark.parametrize(
    ("rules", "tone"),
    [
        pytest.param(("action_due",), Tone.INFO, id="one to come"),
        pytest.param(("action_overdue",), Tone.WARN, id="one overdue"),
        pytest.param(("action_due", "phase_overdue"), Tone.WARN, id="one of two overdue"),
        pytest.param(("action_due", "milestone"), Tone.INFO, id="two to come"),
    ],
)
def test_what_is_overdue_warns(rules: tuple[str, ...], tone: Tone) -> None:
    items = [_item(r, n) for n, r in enumerate(rules)]
    assert personal(items, _wording(), {}).tone is tone
    assert for_channel(items, _wording(), {}).tone is tone


def test_a_channel_cannot_put_off_what_is_for_all() -> None:
    for items in (_many(1), _many(2)):
        shown = render_text(for_channel(items, _wording(), {}), Reader("en", "UTC"))
        assert "snooze" not in shown
        assert "reminders why" in shown


# -- why


@BOTH
@pytest.mark.parametrize(
    ("rule_name", "subject", "distance"),
    [
        pytest.param("phase_ends", phase(ends="2026-11-26"), "before", id="days before"),
        pytest.param("phase_starts", phase(starts="2026-11-23"), "same_day", id="on the day"),
        pytest.param("action_overdue", action("2026-11-20"), "after", id="days after"),
        pytest.param(
            "story_unclosed",
            story(Anchor.VERIFIED, local("2026-11-20 10:00")),
            "after",
            id="since an instant",
        ),
    ],
)
def test_why_tells_the_computation(
    rule_name: str, subject: Subject, distance: str, locale: str
) -> None:
    rule = BY_NAME[rule_name]
    slots = upcoming(subject, (rule,), setting(), NINE - timedelta(days=1), NINE)
    assert slots
    pairs = SERVICE.why(NO_STORE, slots[-1])
    labels = [label.key for label, _ in pairs if isinstance(label, T)]
    assert labels == [
        "reminder.because.rule",
        f"reminder.anchor.{rule.anchor.value}",
        "reminder.because.when",
        "reminder.because.slot",
        "reminder.because.via",
    ]
    (when,) = [v for label, v in pairs if label == T("reminder.because.when")]
    assert isinstance(when, Join)
    assert isinstance(when.parts[0], T)
    assert when.parts[0].key == f"reminder.because.{distance}"
    shown = _why(slots[-1], locale)
    assert all(shown.values())
    assert not [v for v in shown.values() if "{" in v or "reminder." in v]


@BOTH
def test_why_a_review_is_nudged_in_minutes(locale: str) -> None:
    review = Subject(
        SubjectKind.REVIEW, "r1", "tms", "登录", "R-1",
        anchors={Anchor.STARTED: NINE}, people={Audience.CHAIR: ("po",)},
    )  # fmt: skip
    (first, *_) = upcoming(
        review, (BY_NAME["review_open"],), setting(), NINE, NINE + timedelta(hours=12)
    )
    shown = _why(first, locale)
    assert "120" in " ".join(shown.values())
    assert "11:00" in " ".join(shown.values())


@pytest.mark.parametrize(
    "note", ["stand_in_for", "back", "quiet_until", "escalated", "news", "covered"]
)
@BOTH
def test_why_names_what_was_special(note: str, locale: str) -> None:
    (slot, *_) = upcoming(action("2026-11-24"), (BY_NAME["action_due"],), setting(), NINE,
                          NINE + timedelta(days=5))  # fmt: skip
    marked = replace(slot, why={**slot.why, note: "dev"})
    assert len(SERVICE.why(NO_STORE, marked)) == len(SERVICE.why(NO_STORE, slot)) + 1
    text = _shown(T(f"reminder.because.{note}"), locale)
    assert text in _why(marked, locale).values()
    off = replace(slot, why={**slot.why, note: False})
    assert SERVICE.why(NO_STORE, off) == SERVICE.why(NO_STORE, slot)


def test_the_planner_writes_the_notes_that_are_explained() -> None:
    quiet = person("dev", quiet=(time(8), time(10, 30)))
    away = Absence("a", "dev", MONDAY, date(2026, 11, 24))
    for note, world in (
        ("quiet_until", setting(quiet)),
        ("stand_in_for", setting(absences=(away,))),
        ("back", setting(absences=(away,))),
    ):
        slots = upcoming(action("2026-11-23"), (BY_NAME["action_due"],), world,
                         NINE - timedelta(hours=1), NINE + timedelta(days=4))  # fmt: skip
        assert [s for s in slots if note in s.why], note
    rules = (BY_NAME["action_overdue"],)
    overdue = plan(action("2026-11-16"), rules, setting(), NINE, NINE - timedelta(days=6))
    assert any(s.why.get("escalated") for s in overdue.due)
    assert any(s.why.get("covered") for s in overdue.due)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        pytest.param("phase_ends", "phase_ends", id="its name"),
        pytest.param("Phase-Ends", "phase_ends", id="hyphen and capitals"),
        pytest.param(" phase ends ", "phase_ends", id="spaces"),
        pytest.param("阶段结束", "phase_ends", id="Chinese"),
        pytest.param("digest", None, id="of the daily round"),
        pytest.param("站会提问", None, id="of the daily round, in Chinese"),
        pytest.param("phase", None, id="half a name"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_rule_is_found_by_its_name(word: str, name: str | None) -> None:
    found = SERVICE.find_rule(word)
    assert (found.name if found else None) == name
    assert find_rule("日报") is BY_NAME["digest"]


def test_a_card_of_one_is_the_line_itself() -> None:
    item = _item("action_due")
    assert personal([item], _wording(), {}) == Card(
        _wording().line(item), actions=personal([item], _wording(), {}).actions, tone=Tone.INFO
    )
