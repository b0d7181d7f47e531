"""The company's own Word templates: tried out, put in place by the worker, taken back."""

from __future__ import annotations

import hashlib

import pytest

from bot.cards.text import render_text
from bot.templates import template_effect
from commands.setup_template import template as command
from documents.template_store import KINDS, Templates, shipped
from domain.messages import FileRef
from domain.people import Role, RoleGrant
from domain.requests import Kind
from storage.records import StoredFile
from tests.documents.docx_help import template
from tests.harness import Team

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OURS = template("我们的纪要 {{ product }}", "{{ heading }}")


@pytest.fixture
def shelf(team: Team) -> Templates:
    """The folder in which the templates lie."""
    found = team.services.templates
    assert isinstance(found, Templates)
    return found


def _upload(team: Team, data: bytes = OURS, name: str = "纪要.docx") -> FileRef:
    file = team.upload(name, data, DOCX)
    digest, now = hashlib.sha256(data).hexdigest(), team.clock.now()
    with team.write() as uow:
        uow.files.add(StoredFile(file.file_id, name, DOCX, len(data), digest, now, None))
    return file


def _work(team: Team, shelf: Templates) -> list[str]:
    """What the worker answers to the rows that wait."""
    run = template_effect(team.files, shelf)
    with team.write() as uow:
        items = [i for i in uow.outbox.pending(team.clock.now()) if i.kind == "template"]
        for item in items:
            uow.outbox.done(item.id, team.clock.now(), None)
    return [render_text(run(team.workspace.id, item), team.reader("admin")) for item in items]


def test_a_template_is_tried_out_put_in_place_and_taken_back(team: Team, shelf: Templates) -> None:
    file = _upload(team)
    assert "检查通过" in team.say("admin", "/设置 模板 纪要", files=(file,))
    assert shelf.own() == frozenset()
    (done,) = _work(team, shelf)
    assert "评审纪要（中英文） 的模板已换成公司自己的" in done
    assert "/setup template remove minutes" in done
    assert shelf.get("minutes", "zh") == OURS
    assert "公司模板：中英文" in team.say("admin", "/setup template")
    assert "正在恢复" in team.say("admin", "/setup template remove minutes")
    (done,) = _work(team, shelf)
    assert f"/setup template minutes id={file.file_id}" in done
    assert shelf.get("minutes", "zh") == shipped("minutes", "zh")
    team.say("admin", f"/setup template minutes id={file.file_id}")
    _work(team, shelf)
    assert shelf.get("minutes", "zh") == OURS


def test_the_one_before_comes_back(team: Team, shelf: Templates) -> None:
    first = _upload(team)
    team.say("admin", "/setup template minutes", files=(first,))
    _work(team, shelf)
    second = _upload(team, template("新的 {{ heading }}"))
    team.say("admin", "/setup template minutes", files=(second,))
    (done,) = _work(team, shelf)
    assert f"/setup template minutes id={first.file_id}" in done


def test_one_language_only(team: Team, shelf: Templates) -> None:
    team.say("admin", "/setup template minutes en", files=(_upload(team),))
    _work(team, shelf)
    assert shelf.own() == {("minutes", "en")}
    assert shelf.get("minutes", "en") == OURS
    assert shelf.get("minutes", "zh") == shipped("minutes", "zh")
    assert "恢复自带（英文）: /setup template remove minutes en" in team.say(
        "admin", "/setup template"
    )


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        pytest.param(template("{{ nonsense }}"), "不认识的字段", id="unknown field"),
        pytest.param(template("{{ heading.x() }}"), "不允许的内容：x()", id="a call"),
        pytest.param(template("{% if heading %}"), "语法错误", id="syntax"),
        pytest.param(b"PK\x03\x04 no word", "不是有效的 Word 文档", id="no docx"),
    ],
)
def test_a_broken_one_is_refused_in_words(
    team: Team, shelf: Templates, data: bytes, shown: str
) -> None:
    file = _upload(team, data)
    answer = team.ask(team.request("admin", "/setup template minutes", files=(file,)))
    assert answer.failed
    assert shown in team.shown("admin", answer)
    assert _work(team, shelf) == []
    with team.read() as uow:
        assert uow.people.workspace_settings() == {}


def test_without_a_file_the_form_opens_and_keeps_what_was_chosen(team: Team) -> None:
    form = team.ask(team.request("admin", "/setup template change")).reply.form
    assert form is not None
    assert [(f.name, f.value, f.required) for f in form.fields] == [
        ("document", "change", True), ("language", "", False), ("file", "", True),
    ]  # fmt: skip
    values = {"document": "minutes", "language": "zh"}
    bad = _upload(team, b"nothing")
    request = team.request("admin", "setup template", kind=Kind.FORM, values=values, files=(bad,))
    form = team.ask(request).reply.form
    assert form is not None
    assert [f.error is not None for f in form.fields] == [False, False, True]
    good = _upload(team)
    request = team.request("admin", "setup template", kind=Kind.FORM, values=values, files=(good,))
    assert "检查通过" in team.shown("admin", team.ask(request))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("/setup template letter", "没有“letter”这种文档", id="unknown document"),
        pytest.param("/setup template remove plan", "就是自带模板", id="nothing of ours"),
        pytest.param("/setup template plan id=nothing", "找不到编号为 nothing", id="no such file"),
        pytest.param("/setup template", "评审纪要  自带模板", id="list"),
    ],
)
def test_what_is_said_otherwise(team: Team, line: str, shown: str) -> None:
    assert shown in team.say("admin", line)


def test_only_administrators(team: Team) -> None:
    assert "需要角色" in team.say("po", "/setup template minutes", files=(_upload(team),))
    with team.write() as uow:
        uow.people.grant(RoleGrant(team.id("po"), Role.ADMIN), "g" * 26)
    assert "检查通过" in team.say("po", "/setup template minutes", files=(_upload(team),))


def test_every_document_with_a_template_has_its_words(team: Team) -> None:
    sub = next(s for c in team.registry.commands for s in c.subcommands if s.handler is command)
    documents = next(a for a in sub.args if a.name == "document")
    assert tuple(c.value for c in documents.choices) == KINDS


def test_english(english_team: Team) -> None:
    shown = english_team.say("admin", "/setup template")
    assert "review minutes  shipped with Duban" in shown
