"""Reading ZenTao's answers and values, in every form that was recorded."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from trackers.zentao import values
from trackers.zentao.modules import module_names
from trackers.zentao.wire import Shape, complaint, read_body, rows, sentence

SHANGHAI = ZoneInfo("Asia/Shanghai")
RECORDINGS = Path(__file__).parent / "recordings"


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        pytest.param(' {"a":1}', Shape.JSON, id="blank in front"),
        pytest.param("[]", Shape.JSON, id="list"),
        pytest.param("", Shape.EMPTY, id="empty"),
        pytest.param(" \n", Shape.EMPTY, id="white space"),
        pytest.param('{"status":"fail"}{"page":1}', Shape.GLUED, id="glued"),
        pytest.param('{"status":"fail"}\n\n[1]', Shape.GLUED, id="glued with a line between"),
        pytest.param('{"a":[1,', Shape.HALF, id="half"),
        pytest.param("<html><body>x", Shape.OTHER, id="page"),
        pytest.param('{"a":1}<br />Notice', Shape.OTHER, id="a warning of PHP behind it"),
        pytest.param("ZenTao", Shape.OTHER, id="words"),
    ],
)
def test_what_a_body_is(text: str, shape: Shape) -> None:
    assert read_body(text).shape is shape


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param({"error": "文"}, "文", id="text"),
        pytest.param({"error": {"field": "文"}}, "文", id="object of texts"),
        pytest.param({"error": {"field": ["一", "二"]}}, "一 二", id="object of lists"),
        pytest.param({"error": ["文"]}, "文", id="list"),
        pytest.param({"result": "fail", "message": {"title": ["文"]}}, "文", id="result"),
        pytest.param({"status": "fail", "message": "文"}, "文", id="status"),
        pytest.param({"status": "failed", "reason": "文"}, "文", id="login of v2"),
        pytest.param({"status": "error", "message": "文"}, "文", id="not allowed"),
        pytest.param({"status": "fail"}, "", id="without a word"),
        pytest.param({"status": "success", "message": "保存成功"}, None, id="success"),
        pytest.param({"id": 8, "status": "reviewing"}, None, id="a story"),
        pytest.param([1], None, id="a list"),
    ],
)
def test_what_a_complaint_says(data: Any, said: str | None) -> None:
    assert complaint(data) == said


def test_a_sentence_of_numbers_and_nothing() -> None:
    assert (sentence(None), sentence(False), sentence(12)) == ("", "", "12")


def _recorded() -> list[Any]:
    found: list[Any] = []
    for file in sorted(RECORDINGS.glob("*.json")):
        for number, pair in enumerate(json.loads(file.read_text(encoding="utf-8"))):
            body = pair["response"]["body"]
            status = pair["response"]["status"]
            if isinstance(body, dict) and (status >= 400 or "fail" in str(body)[:200]):
                found.append(pytest.param(status, body, id=f"{file.stem}-{number}"))
    return found


@pytest.mark.parametrize(("status", "body"), _recorded())
def test_every_recorded_failure_is_seen(status: int, body: dict[str, Any]) -> None:
    failed = body.get("result") == "fail" or body.get("status") in {"fail", "failed", "error"}
    if status >= 400 or failed or "error" in body:
        assert complaint(body) is not None


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        pytest.param("2026-11-23T07:57:03Z", datetime(2026, 11, 23, 7, 57, 3, tzinfo=UTC), id="v1"),
        pytest.param("2026-11-23 15:57:03", datetime(2026, 11, 23, 7, 57, 3, tzinfo=UTC), id="v2"),
        pytest.param("2026-11-23", datetime(2026, 11, 22, 16, 0, tzinfo=UTC), id="bare day"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="null"),
        pytest.param("0000-00-00 00:00:00", None, id="zero"),
        pytest.param("待定", None, id="words"),
    ],
)
def test_moments_are_utc(value: Any, moment: datetime | None) -> None:
    assert values.instant(value, SHANGHAI) == moment


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-12-04", date(2026, 12, 4)),
        ("2030-01-01", None),
        ("待定", None),
        ("", None),
        ("0000-00-00", None),
    ],
)
def test_days_and_undated_ones(value: str, day: date | None) -> None:
    assert values.day(value) == day


@pytest.mark.parametrize(
    ("value", "account"),
    [
        pytest.param({"id": 4, "account": "dev1", "realname": "开发甲"}, "dev1", id="object"),
        pytest.param("dev1", "dev1", id="text"),
        pytest.param(None, "", id="null"),
        pytest.param({"id": 4}, "", id="object without one"),
    ],
)
def test_accounts(value: Any, account: str) -> None:
    assert values.account(value) == account


@pytest.mark.parametrize(
    ("value", "accounts"),
    [
        (",pobot,po2", ("pobot", "po2")),
        (["ann", {"account": "ben"}, None], ("ann", "ben")),
        (None, ()),
        ("", ()),
    ],
)
def test_lists_of_accounts(value: Any, accounts: tuple[str, ...]) -> None:
    assert values.accounts(value) == accounts


@pytest.mark.parametrize(
    ("value", "refs"),
    [
        ("2", ("2",)),
        (2, ("2",)),
        ("0", ()),
        ("", ()),
        (",3,4,", ("3", "4")),
        ([2], ("2",)),
        ([], ()),
    ],
)
def test_ids(value: Any, refs: tuple[str, ...]) -> None:
    assert values.refs(value) == refs


@pytest.mark.parametrize(
    ("value", "hours"),
    [("2.00", 2.0), (2, 2.0), ("2.00h", 2.0), ("", 0.0), (None, 0.0), ("x", 0.0)],
)
def test_hours(value: Any, hours: float) -> None:
    assert values.hours(value) == hours


def test_maps_that_become_lists_when_empty() -> None:
    assert rows([]) == ()
    assert rows({"3": {"id": 3}}) == ({"id": 3},)
    assert rows("x") == ()


def test_modules_are_a_tree() -> None:
    tree = [
        {
            "id": 1,
            "name": "订单",
            "children": [{"id": 2, "name": "导出"}, {"id": 3, "name": "列表"}],
        },
        {"id": 4, "name": "运单", "children": [{"id": 5, "name": "导出"}]},
    ]
    modules = module_names({"modules": tree})
    assert modules.names == {
        "1": "订单", "2": "订单/导出", "3": "列表", "4": "运单", "5": "运单/导出",
    }  # fmt: skip
    assert (modules.ref_of("列表"), modules.ref_of("订单/列表"), modules.ref_of("导出")) == (
        "3",
        "3",
        None,
    )
    assert module_names({"modules": []}).names == {}
