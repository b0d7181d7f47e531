"""A look never waits behind work; slow work is kept first, and done after a crash."""

from __future__ import annotations

import asyncio
import threading

from bot.intake import KIND, THREADS, Intake
from bot.surfaces.outward import queue_reply
from commands.context import Context
from commands.dispatcher import Answer
from domain.messages import Reply, say
from domain.requests import Kind
from tests.harness import Team

MOST_SECONDS = 120.0


async def _never(_answer: Answer) -> None:
    return None


def test_a_look_does_not_wait_behind_writes(team: Team) -> None:
    gate = threading.Event()

    def stuck(_ctx: Context) -> Reply:
        gate.wait(MOST_SECONDS)
        return say("core.empty")

    team.registry.on_message.insert(0, stuck)

    async def run() -> Answer | None:
        intake = Intake(team.store, team.dispatcher, team.clock)
        waiting = [
            asyncio.create_task(
                intake.handle(team.request("dev", "x", kind=Kind.MESSAGE, message_id=str(n)),
                              None, _never, patience=MOST_SECONDS)
            )
            for n in range(THREADS + 2)
        ]  # fmt: skip
        await asyncio.sleep(0)
        look = team.request("po", "/help")
        answer = await intake.handle(look, None, _never, patience=MOST_SECONDS / 2)
        gate.set()
        await asyncio.gather(*waiting)
        intake.close()
        return answer

    answer = asyncio.run(run())
    assert answer is not None, "it was answered while the others were still stuck"
    assert "/review" in team.shown("po", answer)


def test_a_request_whose_process_died_is_done_once(team: Team) -> None:
    intake = Intake(team.store, team.dispatcher, team.clock)
    team.say("po", "/story new 登录改版")
    request = team.request("dev", "/change log S1 改用短信登录")

    async def kept() -> None:
        gate = threading.Event()
        dispatch = team.dispatcher.dispatch

        class Slow:
            """The dispatcher of a process that is killed before it begins."""

            def dispatch(self, *args: object) -> Answer:
                gate.wait(MOST_SECONDS)
                return dispatch(request)

            def only_reads(self, *args: object) -> bool:
                return False

        dying = Intake(team.store, Slow(), team.clock)  # type: ignore[arg-type]
        answer = await dying.handle(request, queue_reply(request, team.clock), _never, 0.01)
        assert answer is None
        with team.read() as uow:
            due = team.clock.now().replace(year=2027)
            rows = [i for i in uow.outbox.pending(due) if i.kind == KIND]
        assert len(rows) == 1
        assert intake.effect(team.workspace.id, rows[0]) is None
        assert intake.effect(team.workspace.id, rows[0]) is None
        gate.set()
        await dying.settle()
        dying.close()

    asyncio.run(kept())
    with team.read() as uow:
        assert [c.number for c in uow.changes.recent(team.product.id)] == [1]
    assert sum("已登记变更 CR-1" in m for m in team.sent()) == 1
