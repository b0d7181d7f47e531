"""Suggestions while typing."""

import pytest

from bot.webchat.mentions import addressed, addressed_within, keep_mentions, typed_mentions
from domain.people import Person
from domain.stories import StoryDraft


@pytest.fixture
def typing(lite):
    with lite.browser("po") as po:

        def complete(text: str, channel: str | None = None):
            found = po.get("/api/v1/chat/complete", text=text, channel=channel or po.channel)
            return [i["insert"] for i in found["items"]], found["at"], found["usage"]

        yield complete


@pytest.mark.parametrize(
    ("text", "first", "at"),
    [
        pytest.param("/samp", "/sampler ", 0, id="command"),
        pytest.param("/样", "/样张 ", 0, id="Chinese command"),
        pytest.param("/sampler ", "show ", 9, id="subcommands"),
        pytest.param("/sampler jo", "join ", 9, id="subcommand"),
        pytest.param("/样张 登", "登记 ", 4, id="Chinese subcommand"),
        pytest.param("/sampler log @d", "@dev ", 13, id="person"),
        pytest.param("请 @李", "@dev ", 2, id="person in talk"),
        pytest.param("请看@李", "@dev ", 2, id="no space before a mention"),
        pytest.param("/sampler log hi", "high ", 13, id="choice"),
        pytest.param("/sampler log 紧", "紧急 ", 13, id="Chinese choice"),
        pytest.param("/sampler log 明", "明天 ", 13, id="date"),
        pytest.param("@督", "@督办 ", 0, id="Duban"),
        pytest.param("@督办 sampl", "sampler ", 4, id="after a mention"),
        pytest.param("@督办 sampler jo", "join ", 12, id="subcommand after a mention"),
    ],
)
def test_the_first_suggestion(typing, text, first, at):
    items, begins, _ = typing(text)
    assert (items[0], begins) == (first, at)


@pytest.mark.parametrize("text", ["hello", "", "hello wor", "/nosuch x", "a / b"])
def test_talk_gets_none(typing, text):
    assert typing(text)[0] == []


def test_a_slash_alone_offers_every_command_that_fits(typing):
    items, _, _ = typing("/")
    assert "/review " in items
    assert "/help " in typing("/h")[0]


def test_alone_with_duban_no_slash_is_needed(typing, lite):
    with lite.browser("po") as po:
        assert typing("sampl", po.direct())[0] == ["sampler "]


def test_the_usage_line_stands_above(typing):
    _, _, usage = typing("/sampler log ")
    assert usage.startswith("/sampler log <改什么>")


def test_stories_and_open_changes_are_offered(lite):
    team = lite.team
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        numbers = [
            tracker.create(StoryDraft(team.product.id, title), team.id("po")).number
            for title in ("手机号一键登录", "找回密码")
        ]
    first, second = (f"S{n} " for n in numbers)
    with lite.browser("po") as po:

        def items(text):
            found = po.get("/api/v1/chat/complete", text=text, channel=po.channel)["items"]
            return [(i["insert"], i["detail"]) for i in found]

        assert items("看 #") == [(second, "找回密码"), (first, "手机号一键登录")]
        assert items(f"看 #{numbers[0]}") == [(first, "手机号一键登录")]
        assert items("看 #登录") == [(first, "手机号一键登录")]
        assert f'value="S{numbers[0]}"' in po.say("/sampler log")["form"]


def test_another_conversation_is_not_searched(lite):
    with lite.browser("po") as po, lite.browser("dev") as dev:
        params = {"text": "/h", "channel": po.direct()}
        assert dev.http.get("/api/v1/chat/complete", params=params).status_code == 404


PEOPLE = (
    Person("1", "dev", "李雷"),
    Person("2", "dev2", "李雷雷"),
    Person("3", "ann", "Ann"),
    Person("4", "x", "王芳"),
    Person("5", "y", "王芳"),
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("@dev 好", "<@1> 好", id="handle"),
        pytest.param("@DEV2，好", "<@2>，好", id="capital letters"),
        pytest.param("@李雷请看", "<@1>请看", id="Chinese name without a space"),
        pytest.param("@李雷雷请看", "<@2>请看", id="the longest name"),
        pytest.param("@annabel", "@annabel", id="a longer word is another"),
        pytest.param("@Ann, @dev", "<@3>, <@1>", id="two"),
        pytest.param("@王芳", "@王芳", id="two people of one name"),
        pytest.param("＠dev", "<@1>", id="full width"),
        pytest.param("mail@dev.example", "mail@dev.example", id="mail address"),
        pytest.param("<@dev>", "<@dev>", id="made by hand"),
        pytest.param("@", "@", id="nothing"),
        pytest.param("@all @here", "@all @here", id="nobody is all"),
    ],
)
def test_mentions_are_kept_by_id(typed, kept):
    assert keep_mentions(typed, PEOPLE) == kept


def test_mentions_can_be_typed_again():
    assert typed_mentions("<@1> 和 <@9>", PEOPLE) == "@dev 和 <@9>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@督办 评审", ("评审", True)),
        ("@Duban: review", ("review", True)),
        ("督办 评审", ("督办 评审", False)),
        ("@dubanner x", ("@dubanner x", False)),
    ],
)
def test_who_is_meant(text, expected):
    assert addressed(text) == expected


def test_a_mention_within():
    assert addressed_within("大家好 @督办 评审") == "评审"
    assert addressed_within("大家好") is None
