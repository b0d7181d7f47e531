"""Cards survive the way through JSON, and what is no card is refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from domain.message_json import from_json, to_json
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
    FileRef,
    Form,
    FormField,
    Grid,
    Heading,
    Inline,
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

EVERYTHING: tuple[Inline, ...] = (
    "<script>_</script>",
    T("review.started", {"n": 1, "who": PersonRef("p1", "张三")}),
    Day(date(2026, 12, 31)),
    Moment(datetime(2026, 12, 31, 6, tzinfo=UTC)),
    Link("S12", "https://example.com/"),
    Strong("粗"),
    Code("/help"),
)

CARD = Card(
    T("x.title"),
    (
        Para(Join(EVERYTHING, " "), muted=True),
        Heading("h"),
        Fields((("label", Day(date(2026, 1, 2))), ("empty", ""))),
        Bullets(
            (Bullet("row", (Action(T("x.go"), "change approve CR-1", Style.DANGER, "sure?"),)),)
        ),
        Grid(("a", "b"), (("1", "2"), ("", ""))),
        Bar("done", 40),
        FileRef("f1", "计划.xlsx", "application/x", 12, "alt"),
    ),
    (Action("go", "help"),),
    T("x.status"),
    Tone.WARN,
    "review:1",
)
FORM = Form(
    "change log",
    T("x.form"),
    (FormField("story", T("x.story"), FieldKind.STORY, True, (Option("1", "S1"),), "v", "h", "e"),),
    T("core.submit"),
)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(CARD, id="card with every block"),
        pytest.param(Reply((CARD,), FORM, private=True), id="reply with form"),
        pytest.param(Reply(), id="empty reply"),
    ],
)
def test_round_trip(value: object) -> None:
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"_": "Path", "x": 1}, id="a class of its own choosing"),
        pytest.param({"_": "Card", "nonsense": 1}, id="unknown field"),
        pytest.param({"_": "Moment", "at": "2026-12-31T06:00:00"}, id="moment without a zone"),
        pytest.param({"_": "Card", "title": "x", "tone": "loud"}, id="unknown tone"),
    ],
)
def test_foreign_data_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r"message part|zone|tone|loud|Tone"):
        from_json(data)


def test_what_is_no_message_part_is_refused() -> None:
    with pytest.raises(TypeError):
        to_json(object())
