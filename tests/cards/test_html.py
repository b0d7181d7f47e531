import re
from html.parser import HTMLParser

import pytest

from bot.cards.html import Choices, render_card, render_form, render_typed
from bot.cards.words import Reader
from domain.messages import (
    Action,
    Bar,
    Bullet,
    Bullets,
    Card,
    Code,
    FieldKind,
    Fields,
    FileRef,
    Form,
    FormField,
    Grid,
    Heading,
    Link,
    Option,
    Para,
    PersonRef,
    Strong,
    T,
)
from tests.cards.samples import CARD, FORM

ZH = Reader("zh", "Asia/Shanghai", "p1", {"p1": "王芳"})
CHOICES = Choices((("p1", "王芳"), ("p2", "李雷")), (("S1", "S1 登录"), ("S2", "S2 注册")))

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>&amp; @all <!channel> <@p9>"


class Page(HTMLParser):
    """The elements of a piece of HTML, and whether they nest."""

    VOID = frozenset({"input", "img", "br"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]

    def named(self, name: str) -> dict[str, str | None]:
        return next(attrs for _, attrs in self.elements if attrs.get("name") == name)


def everywhere(text: str) -> Card:
    """A card with the text in every place that takes one."""
    return Card(
        text,
        (
            Para(text),
            Heading(Strong(text)),
            Fields(((text, text),)),
            Bullets((Bullet(text, (Action(text, text, confirm=text),)),)),
            Grid((text,), ((text,),)),
            Bar(text, 10),
            FileRef("01f", text, "text/plain", 1, text),
            FileRef("01g", text, "image/png", 1, text),
            Para(Link(text, text)),
            Para(Code(text)),
            Para(PersonRef(text, text)),
            Para(T("core.missing", {"what": text})),
        ),
        (Action(text, text, confirm=text),),
        status=text,
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(EVIL, id="markup"),
        pytest.param("\u202eevil\u2066 שלום \u200f", id="direction marks"),
        pytest.param("{{ 7*7 }}{% include 'card.html.j2' %}", id="template syntax"),
        pytest.param("督办" * 2500, id="5,000 Chinese characters"),
        pytest.param("👩‍👩‍👧‍👦🏳️‍🌈", id="emoji"),
        pytest.param("\x00\x1b[31m\ud800", id="control characters"),
    ],
)
def test_typed_words_change_nothing_but_themselves(text):
    page = Page(render_card(everywhere(text), ZH))
    plain = Page(render_card(everywhere("x"), ZH))
    bare = [(tag, sorted(attrs)) for tag, attrs in page.elements if tag not in ("bdi", "a")]
    assert bare == [
        (tag, sorted(attrs)) for tag, attrs in plain.elements if tag not in ("bdi", "a")
    ]
    assert "49" not in page.text or "49" in text
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.text)


def test_a_card_of_empty_words_is_still_a_card():
    page = Page(render_card(everywhere(""), ZH))
    assert page.all("button")[0]["data-command"] == ""
    assert "10%" in page.text


def test_typed_words_are_isolated_and_ours_are_not():
    html = render_card(Card(T("core.missing", {"what": "שלום"})), ZH)
    assert '还缺：<bdi class="typed">שלום</bdi>' in html


def test_a_card_has_its_buttons_fields_and_pictures():
    page = Page(render_card(CARD, ZH))
    buttons = page.all("button")
    assert [b["data-command"] for b in buttons] == [
        "review verdict S12 pass",
        "change approve CR-12",
        "review end",
    ]
    assert [b.get("data-confirm") for b in buttons] == [None, None, "确定？"]
    assert all(b["type"] == "button" for b in buttons)
    assert [i["alt"] for i in page.all("img")] == ["十二月的计划"]
    assert page.all("progress")[0]["value"] == "40"
    assert {"card", "tone-good"} <= set((page.all("article")[0]["class"] or "").split())
    assert not any(name.startswith("on") for _, attrs in page.elements for name in attrs)


@pytest.mark.parametrize(
    ("url", "href"),
    [
        pytest.param("https://a.cn/?a=1&b=2", "https://a.cn/?a=1&b=2", id="web"),
        pytest.param("/files/x", "/files/x", id="inside"),
        pytest.param("javascript:alert(1)", None, id="script"),
        pytest.param("//evil.example", None, id="protocol-relative"),
    ],
)
def test_links(url, href):
    found = [a["href"] for a in Page(render_card(Card(Link("x", url)), ZH)).all("a")]
    assert found == ([href] if href else [])


def test_what_a_person_said_has_links_and_mentions():
    page = Page(render_typed("看 https://a.cn/x，<@p1> <b>（https://b.cn）。", (), ZH))
    assert [a["href"] for a in page.all("a")] == ["https://a.cn/x", "https://b.cn"]
    assert page.text.strip() == "看 https://a.cn/x，@王芳 <b>（https://b.cn）。"
    outside = page.all("a")[0]
    assert outside["rel"] == "noopener noreferrer nofollow"


def test_every_kind_of_field_is_drawn_and_keeps_its_value():
    html = render_form(FORM, ZH, CHOICES)
    page = Page(html)
    assert page.all("form")[0]["data-command"] == "change log"
    assert [(a["data-field"], a["data-kind"]) for _, a in page.elements if "data-field" in a] == [
        (f.name, f.kind.value) for f in FORM.fields
    ]
    assert page.named("day")["type"] == "date"
    assert (page.named("late")["type"], page.named("late")["value"]) == ("text", "下周三")
    assert page.named("proof")["type"] == "file"
    assert page.named("name")["maxlength"] == "40"
    assert "\n一\n二</textarea>" in html
    chosen = [a["value"] for _, a in page.elements if "selected" in a or "checked" in a]
    assert chosen == ["S99", "S1", "S99", "p2", "p1", "p2", "lo", "db"]


def test_an_error_stands_beside_its_field_and_is_announced():
    page = Page(render_form(FORM, ZH, CHOICES, prefix="a"))
    late = page.named("late")
    assert late["aria-invalid"] == "true"
    assert late["aria-describedby"] in {a.get("id") for _, a in page.elements}
    assert page.named("day").get("aria-invalid") is None
    assert page.named("text")["aria-required"] == "true"


def test_without_known_stories_their_numbers_can_be_typed():
    page = Page(render_form(FORM, ZH, Choices()))
    assert (page.named("story")["type"], page.named("story")["value"]) == ("text", "S99")


@pytest.mark.parametrize("kind", FieldKind)
def test_a_form_takes_evil_words_in_every_field(kind):
    field = FormField(EVIL, EVIL, kind, True, (Option(EVIL, EVIL),), EVIL, EVIL, EVIL)
    page = Page(render_form(Form(EVIL, EVIL, (field,), EVIL, EVIL), ZH, Choices(((EVIL, EVIL),))))
    assert not {"script", "img", "b"} & {tag for tag, _ in page.elements}
    assert not any(name.startswith("on") for _, attrs in page.elements for name in attrs)
