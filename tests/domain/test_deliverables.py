"""The catalogue of twenty-six and the life of a deliverable."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.deliverables import (
    CATALOGUE,
    Deliverable,
    DeliverableAction,
    DeliverableStatus,
    DeliverableVersion,
    HandbookStage,
    Source,
    allowed_actions,
    catalogue_item,
    next_status,
)
from domain.errors import NotFoundError, UserError
from domain.messages import T
from locales import LOCALES, catalogue

S, A = DeliverableStatus, DeliverableAction


def test_the_catalogue_is_the_handbooks() -> None:
    assert [item.number for item in CATALOGUE] == list(range(1, 27))
    counts = {stage: sum(item.stage is stage for item in CATALOGUE) for stage in HandbookStage}
    assert list(counts.values()) == [8, 8, 5, 4, 1]
    assert [item.number for item in CATALOGUE if item.optional] == [26]
    made = [item.number for item in CATALOGUE if item.source is Source.RECORDS]
    assert made == [17, 19, 20, 21, 24, 25, 26]
    started = [item.number for item in CATALOGUE if item.source is Source.TEMPLATE]
    assert started == [3, 9, 10, 13, 23]


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_has_a_name(locale: str) -> None:
    texts = catalogue(locale)
    wanted: list[T] = [item.title for item in CATALOGUE]
    wanted += [item.activity_text for item in CATALOGUE]
    wanted += [each.text for kind in (S, A, HandbookStage) for each in kind]
    assert [text.key for text in wanted if text.key not in texts] == []
    assert len({texts[item.title.key] for item in CATALOGUE}) == 26


@pytest.mark.parametrize("number", [0, 27, -1])
def test_there_is_no_other_number(number: int) -> None:
    with pytest.raises(NotFoundError) as caught:
        catalogue_item(number)
    assert caught.value.key == "deliverable.no_number"


@pytest.mark.parametrize(
    ("status", "action", "after"),
    [
        pytest.param(S.NOT_STARTED, A.DRAFT, S.DRAFTED, id="first draft"),
        pytest.param(S.DRAFTED, A.DRAFT, S.DRAFTED, id="a newer draft"),
        pytest.param(S.DRAFTED, A.SUBMIT, S.SUBMITTED, id="submit"),
        pytest.param(S.SUBMITTED, A.DRAFT, S.DRAFTED, id="a newer version takes it back"),
        pytest.param(S.SUBMITTED, A.ACCEPT, S.ACCEPTED, id="accept"),
        pytest.param(S.SUBMITTED, A.RETURN, S.DRAFTED, id="return"),
        pytest.param(S.NOT_STARTED, A.WAIVE, S.WAIVED, id="waive"),
        pytest.param(S.ACCEPTED, A.REOPEN, S.DRAFTED, id="reopen accepted"),
        pytest.param(S.WAIVED, A.REOPEN, S.NOT_STARTED, id="reopen waived"),
        pytest.param(S.NOT_STARTED, A.SUBMIT, None, id="nothing to submit"),
        pytest.param(S.DRAFTED, A.ACCEPT, None, id="not submitted"),
        pytest.param(S.ACCEPTED, A.WAIVE, None, id="what is accepted cannot be waived"),
        pytest.param(S.ACCEPTED, A.DRAFT, None, id="what is accepted must be reopened first"),
        pytest.param(S.WAIVED, A.DRAFT, None, id="what is waived must be reopened first"),
    ],
)
def test_actions(
    status: DeliverableStatus, action: DeliverableAction, after: DeliverableStatus | None
) -> None:
    assert (action in allowed_actions(status)) is (after is not None)
    if after is not None:
        assert next_status(status, action, "缘由") is after
        return
    with pytest.raises(UserError) as caught:
        next_status(status, action, "缘由")
    assert caught.value.key == "deliverable.cannot"


@pytest.mark.parametrize(
    ("status", "action"),
    [
        pytest.param(S.DRAFTED, A.WAIVE, id="waive"),
        pytest.param(S.SUBMITTED, A.RETURN, id="return"),
        pytest.param(S.ACCEPTED, A.REOPEN, id="reopen"),
    ],
)
def test_some_actions_need_a_reason(status: DeliverableStatus, action: DeliverableAction) -> None:
    with pytest.raises(UserError) as caught:
        next_status(status, action, "  ")
    assert caught.value.key == "deliverable.reason_needed"


def test_overdue_until_it_is_settled() -> None:
    due = date(2026, 11, 20)
    late = Deliverable(id="d", product_id="p", number=9, due=due)
    waived = Deliverable(id="d", product_id="p", number=9, due=due, status=S.WAIVED)
    assert late.is_overdue(date(2026, 11, 21))
    assert not late.is_overdue(due)
    assert not waived.is_overdue(date(2026, 11, 21))
    assert not Deliverable(id="d", product_id="p", number=9).is_overdue(date(2027, 1, 1))
    assert late.item.code == "09"


def test_a_version_is_a_link_or_a_file_and_has_an_instant() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert DeliverableVersion(1, "报告", "p1", at, file_id="f").file_id == "f"
    with pytest.raises(ValueError, match="link or a file"):
        DeliverableVersion(1, "报告", "p1", at)
    with pytest.raises(ValueError, match="link or a file"):
        DeliverableVersion(1, "报告", "p1", at, url="https://example.com", file_id="f")
    with pytest.raises(ValueError, match="zone"):
        DeliverableVersion(1, "报告", "p1", at.replace(tzinfo=None), file_id="f")
