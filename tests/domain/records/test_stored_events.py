"""What is stored of every event, to the letter: a log of today is read by every later Duban.

``stored_events.jsonl`` is added to when there is a new event or a new field, and never rewritten:
a line that no longer fits is a log that can no longer be read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain import designs as d
from domain.changes import events as c
from domain.closures import events as k
from domain.event_log import Unknown, Vocabulary
from domain.lanhu import DesignKind, DesignLink
from domain.people import Role
from domain.reviews import events as r
from domain.settings import ReviewRule
from domain.stories import Verdict

LINK = DesignLink(
    "https://lanhuapp.com/web/#/item/project/product?pid=p1&docId=d1&versionId=v2",
    DesignKind.DOC, "lanhuapp.com", "t1", "p1", doc="d1", version="v2", page="g1",
)  # fmt: skip
CONTENT = c.Content(
    12, "改用短信登录", "客户要求", "评审 R-5", "短信登录", "输入手机号", "- 收到", (LINK,)
)
IMPACT = c.Impact(
    2.5, 3, (12, 14), ("开发",), ("提测",), (7,), ("dev",), "联调顺延", "plan1", "ph1"
)
MOVES = (
    c.PlanMove(
        "开发", date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 25), date(2026, 12, 1)
    ),
    c.PlanMove("提测", None, date(2026, 11, 30), None, date(2026, 12, 2)),
)

FAMILIES: Mapping[str, tuple[Vocabulary[Any], Sequence[Any]]] = {
    "change": (
        c.WORDS,
        (
            c.Logged(12, "p", CONTENT, "c1"),
            c.Edited(c.Content(12, "改用短信登录"), "写清楚"),
            c.Submitted(IMPACT, (Role.PO, Role.PM), 2),
            c.Approved("3f2a", "客户已确认", override=True),
            c.Rejected("来不及"),
            c.Withdrawn("重复"),
            c.Applied(1, 2, ("dev", "tester"), MOVES, ("title", "spec")),
            c.Acknowledged("dev"),
            c.Linked(LINK, "改了按钮", changed=True),
            c.Undone(3),
        ),
    ),
    "review": (
        r.WORDS,
        (
            r.Started(5, "p", "登录改版", "po", ReviewRule.MAJORITY, "c1", "1700.1", "plan1"),
            r.Invited(("dev", "tester")),
            r.Joined("dev"),
            r.Excused("pm", "出差"),
            r.AgendaAdded(12, 2, "短信登录", ("dev",), "上次未定"),
            r.TopicAdded("谁来测？", "R-4"),
            r.AgendaRemoved(12),
            r.VerdictGiven(12, 2, "dev", Verdict.CLARIFY, "补充异常流程"),
            r.Decided("先做短信", "1700.2", "dev"),
            r.ActionAdded(3, "补文档", "dev", date(2026, 11, 30), "1700.3"),
            r.ActionAdded(4, "问客户", None),
            r.QuestionRaised(5, "谁来测？", "1700.4", "tester"),
            r.Noted("同意", "1700.5"),
            r.Edited(9, "先做短信登录"),
            r.Removed(9),
            r.Undone(8),
            r.Ended(
                "9c1d",
                (
                    r.Outcome(12, 2, Verdict.PASS, "recorded"),
                    r.Outcome(14, 1, None, "refused", "zentao.refused"),
                ),
            ),
            r.Reopened("漏了一条"),
            r.Cancelled("改期"),
            r.Nudged(),
            r.Shelved(),
        ),
    ),
    "closure": (
        k.WORDS,
        (
            k.Requested("请关闭"),
            k.Ticked(2, ("有 Excel", "有 CSV")),
            k.Waived("CR-3", "不影响"),
            k.Verified(2, "好"),
            k.Agreed(2),
            k.Refused("少列"),
            k.Closed(2),
            k.Reopened("客户"),
            k.Undone(3),
        ),
    ),
    "design": (
        d.WORDS,
        (
            d.Posted(3, "p", LINK, (12,), "登录页", "1700.1", asks=True),
            d.Confirmed("改了按钮", (12,)),
            d.Unchanged(),
        ),
    ),
}

STORED = [
    json.loads(line)
    for line in Path(__file__).with_name("stored_events.jsonl").read_text("utf-8").splitlines()
]
EVENTS = [(family, body) for family, (_, bodies) in FAMILIES.items() for body in bodies]
CASES = [
    pytest.param(family, body, stored, id=f"{family} {stored['type']}")
    for (family, body), stored in zip(EVENTS, STORED, strict=True)
]


@pytest.mark.parametrize(("family", "body", "stored"), CASES)
def test_an_event_is_written_as_ever(family: str, body: Any, stored: Mapping[str, Any]) -> None:
    words, _ = FAMILIES[family]
    written = {"type": words.word_of(body), "payload": words.payload_of(body)}
    assert {"family": family, **json.loads(json.dumps(written))} == stored


@pytest.mark.parametrize(("family", "body", "stored"), CASES)
def test_an_event_is_read_as_ever(family: str, body: Any, stored: Mapping[str, Any]) -> None:
    words, _ = FAMILIES[family]
    assert words.body_of(stored["type"], stored["payload"]) == body


@pytest.mark.parametrize("family", FAMILIES)
def test_every_event_has_its_line(family: str) -> None:
    assert {e["type"] for e in STORED if e["family"] == family} == FAMILIES[family][0].types.keys()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_word_of_an_event_of_a_newer_duban_is_kept(family: str) -> None:
    words, _ = FAMILIES[family]
    newer = words.body_of("of_2030", {"x": 1})
    assert newer == Unknown("of_2030")
    assert words.word_of(newer) == "of_2030"
