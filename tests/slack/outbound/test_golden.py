"""What people read in Slack, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.blocks import Metadata, card_messages, form_view
from domain.messages import Card
from tests.slack.outbound.everything import SampleCompany, Seen, sample_company
from tests.slack.outbound.reading import read

FOLDER = Path(__file__).parent / "golden"
DIALOG = (
    ("review", "review start {title} S17 S18"),
    ("verdict", "review verdict S18 clarify {reason}"),
    ("change", "change show CR-1"),
    ("change_form", "change submit CR-1"),
    ("plan", "plan show"),
    ("shift", "plan shift {phase} +3wd"),
    ("story", "story show S18"),
    ("close", "close S4"),
    ("verify_form", "verify S4"),
    ("digest", "digest now"),
    ("refused", "close agree S2"),
)
WORDS = {
    "zh": {"title": "三期评审", "reason": "缺少<异常>流程", "phase": "系统测试"},
    "en": {"title": "Third review", "reason": "what about <errors>", "phase": '"System test"'},
}


@pytest.fixture(scope="module", params=["zh", "en"])
def company(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SampleCompany]:
    """The sample product in one language."""
    with sample_company(tmp_path_factory.mktemp(request.param), request.param) as made:
        yield made


def test_what_people_read(company: SampleCompany) -> None:
    shown: list[str] = []
    words = WORDS[company.locale]
    for name, line in DIALOG:
        typed = line.format(**words)
        seen = list(company.ask(company.people["po"], typed))
        assert seen, typed
        shown += [f"======== {name}: /{typed}", *(_read(company, each) for each in seen)]
    golden(f"slack.{company.locale}.txt", "\n\n".join(shown))


def _read(company: SampleCompany, seen: Seen) -> str:
    if isinstance(seen.shown, Card):
        messages = card_messages(seen.shown, company.reader, company.users)
        return "\n\n-------- \n\n".join(read(m.blocks) for m in messages)
    view = form_view(seen.shown, company.reader, company.users, Metadata())
    return f"<<{view['title']['text']}>>\n\n{read(view['blocks'])}\n\n<<{view['submit']['text']}>>"


def golden(name: str, text: str) -> None:
    """Compare with the stored file. Delete the file to renew it: it is written, and the test fails
    once, so that a person looks at the difference."""
    file = FOLDER / name
    if not file.exists():
        file.write_text(text + "\n", encoding="utf-8")
        raise AssertionError(f"{name} was written anew: look at it and run again")
    assert file.read_text(encoding="utf-8") == text + "\n"
