"""Lines of a log are numbered, and some of them can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from domain.event_log import Event, Undone, following, undone

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class Said:
    """Can be taken back."""


class Joined:
    """Cannot."""


class Sealed:
    """Nothing before it can be taken back any more."""


def test_new_lines_follow_the_last() -> None:
    said, joined = Said(), Joined()
    assert following(4, (said, joined), actor="po", at=NOW) == [
        Event(5, "po", NOW, said), Event(6, "po", NOW, joined),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("bodies", "gone"),
    [
        pytest.param((Said(), Undone(1)), {1}, id="an earlier one"),
        pytest.param((Said(), Undone(1), Undone(1)), {1}, id="the same twice"),
        pytest.param((Said(), Said(), Undone(2), Undone(1)), {1, 2}, id="one after the other"),
        pytest.param((Joined(), Undone(1)), set(), id="of no kind that can be"),
        pytest.param((Undone(2), Said()), set(), id="a later one"),
        pytest.param((Said(), Undone(1), Undone(2)), {1}, id="an undo stays"),
        pytest.param((Said(), Undone(7)), set(), id="one that is not there"),
        pytest.param((Said(), Sealed(), Undone(1)), set(), id="a sealed one"),
        pytest.param((Said(), Undone(1), Sealed()), {1}, id="taken back before the seal"),
        pytest.param((Said(), Sealed(), Said(), Undone(3)), {3}, id="one after the seal"),
    ],
)
def test_what_counts_no_more(bodies: Sequence[object], gone: set[int]) -> None:
    log = following(0, bodies, actor=None, at=NOW)
    assert undone(log, (Said,), sealed_by=Sealed) == gone
