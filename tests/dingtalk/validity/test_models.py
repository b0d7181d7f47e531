"""Bodies of calls are those of DingTalk's generated models."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dingtalk.harness import DingtalkTeam
from tests.dingtalk.main_job.whole import main_job
from tests.dingtalk.validity.models import Models, strange
from tests.dingtalk.world import Program
from tests.fakes.dingtalk.bodies import BODIES, MODELS
from tests.fakes.dingtalk.shapes import Kind, shape

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def official() -> Models:
    return Models()


def test_every_body_that_the_stand_in_takes_has_a_model() -> None:
    assert set(MODELS) == set(BODIES)


def test_the_stand_in_takes_nothing_that_the_models_do_not_have(official: Models) -> None:
    found = {o: strange(BODIES[o], official.fields[m]) for o, m in MODELS.items()}
    assert {o: s for o, s in found.items() if s} == {}


def test_what_the_models_do_not_have_is_found_out(official: Models) -> None:
    model = official.fields[MODELS["group.send"]]
    wrong = shape(robotCode=Kind.WHOLE, conversationId=Kind.TEXT)
    assert strange(wrong, model) == [
        ".robotCode is text, not whole", ".conversationId is unknown",
    ]  # fmt: skip
    body = {"robotCode": "ding1", "conversationId": "cid"}
    ((_, _, kept),) = official.losses([("group.send", body)])
    assert kept == {"robotCode": "ding1"}


def test_everything_sent_in_the_main_job_is_what_the_models_have(
    official: Models, sqlite_url: str, tmp_path: Path
) -> None:
    with Program(sqlite_url, tmp_path / "data").running() as program:
        company = DingtalkTeam(program, bare=True)
        main_job(company)
        calls = [c for c in company.dingtalk.calls if c.operation in MODELS]
    assert {"token", "group.send", "oto.send"} <= {c.operation for c in calls}
    assert [c for c in calls if c.status != 200] == []
    assert official.losses((c.operation, c.body) for c in calls) == []
