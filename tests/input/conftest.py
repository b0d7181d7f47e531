from __future__ import annotations

import pytest

from tests.harness import Team


@pytest.fixture
def busy_team(team: Team) -> Team:
    """The company in the middle of its work: stories, a plan, a review, changes, deliverables."""
    for line in (
        *(f"/story new 需求{n}" for n in range(1, 7)),
        "/plan backward 一期 2027-03-31",
        "/story plan S1 S2 S3 一期",
        "/review start 登录改版 S1 S2 @dev @tester",
        "/review action @dev 明天 写接口文档",
        "/change log S1 改成短信登录 reason=安全",
        "/change log S2 加一个导出按钮",
    ):
        team.say("po", line)
    return team
