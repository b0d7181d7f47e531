"""The log tells what happened and to which records; never what people wrote, nor a token."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import translated

ROOT = Path(__file__).parents[2]
SECRET = "只有两个人知道的话"

BROKEN = f"""
import sys
from pathlib import Path
from bot.logs import configure_logs
from commands.registry import Arg, ArgKind, Command
from domain.messages import T
from storage.database import Database
from tests.harness import Team

configure_logs(as_json=sys.argv[2] == "json")
team = Team(Database("sqlite:///" + sys.argv[1]), Path(sys.argv[1] + ".files"))
broken = Command("break", "打破", T("x"))

@broken.sub("now", "现在", args=(Arg("text", "话", ArgKind.TEXT, T("x")),))
def now(ctx, args):
    words = args.text("text")
    raise RuntimeError("the handler fails")

team.registry.add(broken)
print(team.say("dev", "/break now {SECRET}"))
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_bug_is_found_by_its_reference_and_shows_no_words(sqlite_url: str, form: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BROKEN, sqlite_url.removeprefix("sqlite:///"), form],
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=180, check=True,
    )  # fmt: skip
    shown, log = done.stdout, done.stderr
    assert "dispatch.bug" in log
    assert "RuntimeError: the handler fails" in log
    assert SECRET not in log
    if form == "json":
        (line,) = [json.loads(line) for line in log.splitlines()]
        reference = line["reference"]
        assert line["level"] == "error"
        assert "Traceback" in line["exception"]
    else:
        reference = log.partition("reference=")[2][:8]
    assert reference
    assert reference in shown
    assert "Traceback" not in shown


def test_a_statement_that_fails_shows_no_values(db: Database) -> None:
    with pytest.raises(Exception, match="no_such_table") as failed, translated(), db.write() as c:
        c.exec_driver_sql(
            "INSERT INTO no_such_table VALUES (:a)"
            if db.dialect == "sqlite"
            else "INSERT INTO no_such_table VALUES (%(a)s)",
            {"a": SECRET},
        )
    chain: list[str] = []
    error: BaseException | None = failed.value
    while error is not None:
        chain.append(str(error))
        error = error.__cause__ or error.__context__
    assert SECRET not in "\n".join(chain)
