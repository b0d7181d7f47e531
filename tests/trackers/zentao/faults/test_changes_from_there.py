"""A change that somebody made in ZenTao, before we looked or meanwhile, can be taken back here."""

from __future__ import annotations

import pytest

from domain.stories import Status
from domain.tracking import WriteState
from tests.trackers.sync.world import World
from tests.trackers.zentao.faults.acts import mirror, wait_out


def _changed(world: World, *, seen_before: bool) -> int:
    number = world.fake.add_story(world.product, "导出 & <运单>", spec="<p>一</p>", verify="能导")
    if seen_before:
        mirror(world, number)
    world.fake.person("chenmin").change(number, reviewers=["lilei"], title="改名", spec="二")
    row = world.fake.state.stories.get(number)
    assert row is not None
    row["status"] = "reviewing"  # 18.10 leaves it active until somebody edits it
    mirror(world, number)
    return number


@pytest.mark.parametrize("seen", [pytest.param(True, id="seen"), pytest.param(False, id="unseen")])
def test_a_review_takes_it_back(world: World, *, seen: bool) -> None:
    number = _changed(world, seen_before=seen)
    world.say("po", f"/review start S{number}")
    world.say("dev", f"/review verdict S{number} revert 不要了")
    world.say("po", "/review end")
    wait_out(world)
    assert [w.state for w in world.writes()] == [WriteState.DONE]
    here, there = world.story(number), world.fake.story(number)
    assert (here.status, here.version) == (Status.ACTIVE, 1)
    assert (here.title, here.spec) == ("导出 & <运单>", "一")
    assert (there["status"], there["version"], there["title"]) == ("active", 1, "导出 & <运单>")
