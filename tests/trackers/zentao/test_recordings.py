"""The stand-in for ZenTao answers as real servers did: every recorded exchange is replayed."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from tests.trackers.zentao.replay.compare import Comparison, mask
from tests.trackers.zentao.replay.hooks import FIRING, listening
from tests.trackers.zentao.replay.receiver import Received, Receiver
from tests.trackers.zentao.replay.table import SCENES
from tests.trackers.zentao.replay.world import RECORDINGS, World, recording

PAYLOADS = "webhook-payloads"


@pytest.mark.parametrize("name", sorted(SCENES))
def test_every_recorded_answer_is_given_again(name: str) -> None:
    scene = SCENES[name]
    world = World(scene.version, bots=scene.bots)
    found: list[str] = []
    try:
        scene.start(world)
        for index, exchange in enumerate(recording(name)):
            if index in scene.before:
                scene.before[index](world)
            if index in scene.skipped:
                continue
            answer = world.ask(exchange["request"], exchange.get("as", ""), scene.raw.get(index))
            recorded = exchange["response"]
            comparison = Comparison(
                trimmed=exchange.get("trimmed", False),
                ignored=scene.ignored.get(index, frozenset()),
            )
            comparison.value("status", recorded["status"], answer.status_code)
            for header, value in recorded.get("headers", {}).items():
                comparison.value(header, value, answer.headers.get(header))
            differences = comparison.body(recorded["body"], answer.content)
            found += [f"{index} {exchange['note']}: {text}" for text in differences]
    finally:
        world.close()
    assert not found, "\n".join(found)


def test_every_recording_is_played_and_little_is_left_out() -> None:
    files = {file.stem for file in RECORDINGS.glob("*.json")}
    assert files == {*SCENES, PAYLOADS}
    exchanges = sum(len(recording(name)) for name in files)
    left_out = [(name, index) for name, scene in SCENES.items() for index in scene.skipped]
    assert exchanges == 361
    assert len(left_out) == 14, "name the reason beside each one that is left out"
    assert all(SCENES[name].skipped[index] for name, index in left_out)


def test_web_hooks_are_sent_as_recorded() -> None:
    world = World("22.4")
    receiver = Receiver()
    try:
        listening(world, receiver)
        for index in range(len(recording(PAYLOADS))):
            if index in FIRING:
                FIRING[index](world)
    finally:
        world.close()
        receiver.stop()
    missing = [
        f"{index} {exchange['request']['body']}"
        for index, exchange in enumerate(recording(PAYLOADS))
        if not any(_same(exchange["request"], sent) for sent in receiver.received)
    ]
    assert not missing, "\n".join(missing)


def _same(recorded: dict[str, Any], sent: Received) -> bool:
    ours = {"path": sent.path, "headers": dict(sent.headers), "body": sent.body}
    theirs = {key: recorded[key] for key in ours}
    return _masked(ours) == _masked(theirs)


def _masked(value: dict[str, Any]) -> str:
    return mask(json.dumps(value, ensure_ascii=False, sort_keys=True))


def _story() -> dict[str, Any]:
    return deepcopy(recording("stories-create-edit")[42]["response"]["body"])


def _without_reviewer(body: dict[str, Any]) -> None:
    del body["reviewer"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda body: body.update(status="active"), id="another value"),
        pytest.param(lambda body: body.update(pri="3"), id="another type"),
        pytest.param(_without_reviewer, id="a missing key"),
        pytest.param(lambda body: body.update(closedBy={"id": 1}), id="filled, recorded empty"),
        pytest.param(lambda body: body["actions"].pop(2), id="an action missing"),
        pytest.param(lambda body: body["actions"].reverse(), id="actions in another order"),
        pytest.param(
            lambda body: body["actions"][3]["history"][0].update(old="评审完"), id="deep inside"
        ),
        pytest.param(
            lambda body: body.update(openedDate="2026-11-23 08:00:45"), id="a time of another form"
        ),
    ],
)
def test_the_comparison_sees_a_difference(spoil: Any) -> None:
    ours = _story()
    assert Comparison(trimmed=True).body(_story(), json.dumps(ours).encode()) == []
    spoil(ours)
    assert Comparison(trimmed=True).body(_story(), json.dumps(ours).encode())


def test_the_comparison_sees_a_field_too_many_in_a_whole_body() -> None:
    body = recording("stories-close")[0]["response"]["body"]
    ours = json.dumps({**body, "surprise": 1}).encode()
    assert Comparison(trimmed=False).body(body, ours) == [".surprise: not recorded"]


def test_the_comparison_reads_glued_documents() -> None:
    recorded = recording("stories-list")[8]["response"]["body"]
    assert Comparison(trimmed=False).body(recorded, recorded.encode()) == []
    shorter = recorded[: recorded.rindex("{")].encode()
    assert Comparison(trimmed=False).body(recorded, shorter)
