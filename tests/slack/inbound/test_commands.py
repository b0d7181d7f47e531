"""Slash commands, over both ways in."""

from __future__ import annotations

from tests.slack.inbound.stage import ROOM, Stage


def test_a_reading_command_is_answered_in_the_acknowledgment(both: Stage) -> None:
    seen = both.slack.person("po").command("/help", "", ROOM)
    assert seen.ok
    assert seen.body["response_type"] == "ephemeral", seen.body
    assert "评审" in str(seen.body["blocks"])
    assert both.queued() == []
