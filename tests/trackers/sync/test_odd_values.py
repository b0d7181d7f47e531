"""Words that an administrator of ZenTao made, and numbers that it takes though it has none."""

from __future__ import annotations

from typing import Any

import pytest

from domain.tracking import WriteState
from tests.trackers.sync.world import World


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        pytest.param({"category": "bespoke"}, ": bespoke", id="a category of their own"),
        pytest.param({"category": ""}, "类别: 无", id="no category"),
        pytest.param({"pri": 0}, ": P0", id="no priority"),
        pytest.param({"pri": 9}, ": P9", id="a priority of their own"),
        pytest.param({"stage": "launched"}, "未开始", id="a stage of their own"),
    ],
)
def test_what_a_form_showed_and_nobody_touched_stays(
    world: World, columns: dict[str, Any], shown: str
) -> None:
    number = world.fake.add_story(world.product, "导出运单", **columns)
    world.keep()
    before = world.fake.story(number)
    assert shown in world.team.say("po", f"/story show S{number}").replace("：", ": ")
    form = world.team.ask(world.team.request("po", f"/story edit S{number}")).reply.form
    assert form is not None
    typed = {field.name: field.value for field in form.fields}
    for field in form.fields:
        known = {option.value for option in field.options}
        assert not known or not field.value or field.value in known, field.name
    typed["estimate"] = "3"
    world.team.submit("po", "story edit", **typed)
    world.deliver()
    assert {w.state for w in world.writes()} == {WriteState.DONE}
    after = world.fake.story(number)
    assert after["estimate"] == 3
    for name in ("category", "pri", "stage", "title"):
        assert after[name] == before[name], name


def test_a_change_to_a_category_of_their_own_is_told_in_its_words(world: World) -> None:
    number = world.fake.add_story(world.product, "导出运单", category="bespoke")
    world.keep()
    world.fake.person("outsider").edit(number, category="rework")
    world.keep()
    said = world.team.say("po", f"/story history S{number}") + world.team.say("po", "/digest")
    assert "bespoke" in said
    assert "rework" in said
    assert "story.category." not in said + world.team.say("po", f"/story show S{number}")
