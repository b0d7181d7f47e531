"""What is to be typed stands there in the reader's words, and is understood as it was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from bot.cards import words as shown
from bot.cards.way import Way
from bot.dingtalk import ways
from bot.dingtalk.inbound.typed import bare, spaced
from commands.args import MissingArgs, Reading, read_line
from commands.catalog import build_registry
from commands.grammar import parse
from commands.registry import Registry
from domain.calendar import WorkingCalendar
from domain.errors import DubanError
from domain.message_json import to_json
from domain.messages import Card, Form, T
from domain.people import Person
from storage.calendars import working_calendar
from tests.slack.outbound.everything import SampleCompany, sample_company

REGISTRY = build_registry()
HEADS = [
    pytest.param(f"{command.name} {sub.name}", id=f"{command.name}-{sub.name}")
    for command in REGISTRY.commands
    for sub in command.subcommands
]
EXAMPLES = [
    pytest.param(line, id=line)
    for command in REGISTRY.commands
    for sub in command.subcommands
    for _, line in sub.examples
]
PLACES = [pytest.param(ways.GROUP, id="group"), pytest.param(ways.DIRECT, id="alone")]


class Reader:
    """Reads lines as the dispatcher does, with people and days of a company."""

    def __init__(self, registry: Registry, days: WorkingCalendar, somebody: Person) -> None:
        self._registry = registry
        self._reading = Reading(
            lambda: date(2026, 11, 23), lambda: days, lambda name: replace(somebody, id=name)
        )

    def meant(self, line: str) -> object:
        """What a line stands for: the same for two lines that do the same."""
        found = parse(self._registry, line)
        assert found.command is not None, line
        assert found.sub is not None, line
        head = (found.command.name, found.sub.name, found.explicit, found.product)
        try:
            args = read_line(found.sub, found, self._reading)
        except MissingArgs as missing:
            return (*head, missing.names, _shared(dict(missing.given)))
        except DubanError as error:
            return (*head, type(error))
        return (*head, _shared(dict(args.raw)))


def _shared(raw: dict[str, str]) -> dict[str, str]:
    """Values, with the words in a text that mean the same in both languages made one."""
    same = {c.zh: c.name for c in REGISTRY.commands if "command" in raw}
    same |= {"确认": "yes", "关闭": "off", "关": "off", "全部": "all"} if not same else {}
    whole = {"1小时": "1h", "明天": "tomorrow", "下个工作日": "next working day"}
    read = {k: whole.get(v, v) for k, v in raw.items()}
    return {
        k: " ".join([*v.split()[:-1], same.get(v.split()[-1], v.split()[-1])]) if v.split() else v
        for k, v in read.items()
    }


def typed_there(way: Way, shown: str) -> str:
    """What arrives when somebody types what is shown: without the mention, as DingTalk sends it."""
    assert shown.startswith(way.lead)
    return spaced(REGISTRY, bare(f" {shown.removeprefix(way.lead)}"))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleCompany]:
    with sample_company(tmp_path_factory.mktemp("words")) as made:
        yield made


@pytest.fixture(scope="module")
def offered(company: SampleCompany) -> list[str]:
    """All lines that the sample's cards and forms offer."""
    return sorted({line for seen in company.everything() for line in _lines(seen.shown)})


@pytest.fixture(scope="module")
def reader(company: SampleCompany) -> Reader:
    with company.store.read(company.workspace) as uow:
        days = working_calendar(uow, uow.people.workspace(), company.services.holidays)
    return Reader(REGISTRY, days, company.people["po"])


@pytest.mark.parametrize("line", [*HEADS, *EXAMPLES])
def test_a_line_is_understood_as_it_is_shown(reader: Reader, line: str) -> None:
    meant = reader.meant(line)
    for way in (ways.GROUP, ways.DIRECT):
        assert way.typed(line, "en") == f"{way.lead}{line}"
        for locale in ("zh", "en"):
            assert reader.meant(typed_there(way, way.typed(line, locale))) == meant


@pytest.mark.parametrize("line", HEADS)
def test_a_chinese_reader_gets_no_latin_letters(line: str) -> None:
    assert not re.search("[a-z]", ways.DIRECT.typed(line, "zh"))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("review verdict S12 pass", "评审 意见 S12 通过", id="choice"),
        pytest.param("review end R-1 yes", "评审 结束 R-1 确认", id="choice-behind-a-number"),
        pytest.param("change approve CR-3 seen=ab1", "变更 批准 CR-3 看到=ab1", id="named"),
        pytest.param('story edit S1 title="a b"', '需求 编辑 S1 标题="a b"', id="quoted"),
        pytest.param("plan list in=tms", "计划 列表 产品=tms", id="product"),
        pytest.param("home", "首页", id="default"),
        pytest.param("help review", "帮助 评审", id="name-of-a-command"),
        pytest.param("digest config off", "日报 设定 关闭", id="word-in-a-text"),
        pytest.param("standup config off", "站会 设定 关闭", id="word-in-a-text-2"),
        pytest.param("reminders snooze k3f9x2 1h", "提醒 推迟 k3f9x2 1小时", id="hour"),
        pytest.param(
            "reminders snooze k3f9x2 next working day", "提醒 推迟 k3f9x2 下个工作日", id="day"
        ),
        pytest.param("review decide pass it on", "评审 决定 pass it on", id="text-as-typed"),
        pytest.param("评审 意见 S1 不通过", "评审 意见 S1 不通过", id="chinese-already"),
        pytest.param("po review undo", "评审 撤回", id="umbrella"),
        pytest.param("no such thing", "no such thing", id="no-command"),
    ],
)
def test_lines_in_chinese(line: str, shown: str) -> None:
    assert ways.DIRECT.typed(line, "zh") == shown


@pytest.mark.parametrize("way", PLACES)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_action_of_the_sample(
    offered: list[str], reader: Reader, locale: str, way: Way
) -> None:
    assert len(offered) > 150
    for line in offered:
        shown = way.typed(line, locale)
        assert reader.meant(typed_there(way, shown)) == reader.meant(line), (line, shown)


def _lines(shown: Card | Form) -> Iterator[str]:
    """What the buttons of a card stand for and what they say to type; what a form submits."""
    if isinstance(shown, Form):
        yield shown.command
        return
    for part in _parts(to_json(shown)):
        if part.get("_") == "Action":
            yield part["command"]
            yield part.get("typed") or part["command"]


def _parts(value: object) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _parts(each)


@pytest.mark.parametrize(
    ("ours", "locale", "shown"),
    [
        pytest.param("频道 {channel} 已绑定", "zh", "群 {channel} 已绑定", id="chinese"),
        pytest.param("Channels: {channel}", "en", "Groups: {channel}", id="several"),
        pytest.param(
            "/setup channel restore brings a channel back",
            "en",
            "setup channel restore brings a group back",
            id="not-in-a-command",
        ),
        pytest.param("to=channel,owner", "en", "to=channel,owner", id="not-a-value"),
    ],
)
def test_a_group_is_no_channel(ours: str, locale: str, shown: str) -> None:
    assert ways.DIRECT.within(ours, locale) == shown
    assert Way().within(ours, locale) == ours


@pytest.mark.parametrize(
    ("company", "reader", "name"),
    [("zh", "en", "@督办"), ("en", "zh", "@Duban"), ("zh", "zh", "@督办"), ("en", "en", "@Duban")],
)
def test_the_robot_has_one_name_in_whatever_language_a_group_reads(
    company: str, reader: str, name: str
) -> None:
    said = shown.words(
        T("dingtalk.menu_review"), shown.Reader(reader, "UTC", way=ways.group(company))
    )
    assert name in said
    assert not [other for other in {"@督办", "@Duban"} - {name} if other in said]
