from __future__ import annotations

import io
import time
import zipfile

import pytest

from documents.docx_render import LARGEST_TEMPLATE, check_package, fill
from documents.minutes import minutes_docx
from documents.template_samples import sample_fields
from documents.template_store import KINDS, Templates, shipped, validate
from domain.errors import NotFoundError, UserError
from tests.documents.docx_help import changed, template, text_of
from tests.documents.samples import AT, MINUTES


def filled(data: bytes, **fields: object) -> str:
    return text_of(fill(data, fields, title="t", at=AT))


def refusal(data: bytes) -> tuple[str, dict[str, object]]:
    with pytest.raises(UserError) as caught:
        validate("minutes", data)
    return caught.value.key, dict(caught.value.params)


@pytest.mark.parametrize(
    ("source", "what"),
    [
        pytest.param("{{ ''.__class__.__mro__ }}", "__mro__", id="reaching into Python"),
        pytest.param("{{ title.__init__.__globals__ }}", "__globals__", id="globals"),
        pytest.param("{% for x in range(10**9) %}x{% endfor %}", "range()", id="endless loop"),
        pytest.param("{{ 10**9 }}", "pow", id="arithmetic"),
        pytest.param("{{ 'a'*10 }}", "mul", id="repetition"),
        pytest.param("{{ cycler('a') }}", "cycler()", id="helper function"),
        pytest.param("{{ title.format(1) }}", "format()", id="method call"),
        pytest.param("{{ title|attr('x') }}", "|attr", id="filter that reaches attributes"),
        pytest.param("{{ title|center(10000000) }}", "|center", id="filter that fills the memory"),
        pytest.param("{{ title|e }}", "|e", id="filter that is not needed"),
        pytest.param("{% set x = 1 %}", "assign", id="assignment"),
        pytest.param("{% macro m() %}{% endmacro %}", "macro", id="macro"),
        pytest.param("{% include '/etc/passwd' %}", "include", id="include"),
        pytest.param("{% import 'x' as y %}", "import", id="import"),
        pytest.param("{% extends 'x' %}", "extends", id="extends"),
        pytest.param("{{ [1, 2, 3] }}", "list", id="list"),
        pytest.param("{{ items[0:2] }}", "getitem", id="slice"),
        pytest.param(
            "{% for a in items %}{% for b in items %}{% for c in items %}{% for d in items %}"
            "{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
            "for",
            id="loops in loops in loops in loops",
        ),
    ],
)
def test_a_hostile_expression_is_refused_and_named(source, what):
    assert refusal(template(source)) == ("document.template_refused", {"what": what})


def test_a_refusal_runs_nothing():
    """Run, the loop would take minutes."""
    started = time.perf_counter()
    refusal(template("{% for x in range(10**9) %}{{ x }}{% endfor %}"))
    assert time.perf_counter() - started < 30


@pytest.mark.parametrize("place", ["body", "header", "table"])
def test_hostile_expressions_are_found_everywhere(place):
    hostile = "{{ ''.__class__ }}"
    data = {
        "body": template(hostile),
        "header": template("x", header=hostile),
        "table": template("x", rows=(hostile,)),
    }[place]
    assert refusal(data)[0] == "document.template_refused"


def test_a_mapping_is_its_fields_and_not_its_methods():
    with pytest.raises(UserError):
        filled(template("{{ row.update }}"), row={"a": "b"})


def test_an_unknown_field_is_named():
    key, params = refusal(template("{{ titel }}"))
    assert key == "document.template_unknown_field"
    assert "titel" in str(params["detail"])


def test_an_unknown_field_of_a_row_is_named_too():
    key, params = refusal(template("{% for row in items %}{{ row.colour }}{% endfor %}"))
    assert key == "document.template_unknown_field"
    assert "colour" in str(params["detail"])


@pytest.mark.parametrize("source", ["{{ title", "{% if title %}", "{% endfor %}", "{{ | }}"])
def test_a_slip_in_the_template_is_a_clear_error(source):
    assert refusal(template(source))[0] in (
        "document.template_broken",
        "document.template_not_docx",
    )


def zip_of(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def bomb() -> bytes:
    """A few kilobytes that unpack to 200 MB."""
    out = io.BytesIO(template("x"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        for n in range(20):
            package.writestr(f"word/media/{n}.bin", b"\0" * 10_000_000)
    return out.getvalue()


def with_part(name: str, data: bytes) -> bytes:
    out = io.BytesIO(template("x"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return out.getvalue()


def declared_smaller() -> bytes:
    """A package whose directory lies about the size of a part."""
    data = bytearray(with_part("word/media/a.xml", b"<a/>" + b" " * 3_000_000))
    place = data.rfind(b"word/media/a.xml") - 46
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        pytest.param(b"", "not_docx", id="nothing"),
        pytest.param(b"hello", "not_docx", id="text"),
        pytest.param(b"PK\x03\x04" + b"\0" * 50, "not_docx", id="a broken zip"),
        pytest.param(zip_of(readme_dot_txt=b"x"), "not_docx", id="another zip"),
        pytest.param(
            zip_of(word__document_dot_xml=b"<x/>", **{"[Content_Types].xml": b"<y/>"}),
            "not_docx",
            id="the right names, the wrong contents",
        ),
        pytest.param(b"PK" + b"\0" * (LARGEST_TEMPLATE + 1), "too_large", id="too large a file"),
        pytest.param(bomb(), "too_large", id="zip bomb"),
        pytest.param(declared_smaller(), "not_docx", id="a zip that lies about a size"),
        pytest.param(with_part("word/huge.xml", b" " * 9_000_000), "too_large", id="one huge part"),
        pytest.param(with_part("word/vbaProject.bin", b"x"), "refused", id="macros"),
        pytest.param(
            with_part("word/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            "refused",
            id="entities",
        ),
        pytest.param(
            changed(template("x"), "word/document.xml", lambda _: b"<broken"),
            "not_docx",
            id="broken XML",
        ),
    ],
)
def test_what_is_no_usable_document_is_refused(data, key):
    assert refusal(data)[0] == f"document.template_{key}"


def test_the_small_language_is_enough_for_a_form_letter():
    source = (
        "{{ title|upper }}: {% if items and not draft %}{{ items|length }}{% else %}none{% endif %}"
        "{% for row in items %}[{{ loop.index }} {{ row.a|default('-') }}"
        "{% if not loop.last %}, {% endif %}]{% endfor %}{{ 'x' if title == 'abc' else 'y' }}"
    )
    shown = filled(template(source), title="abc", draft=False, items=[{"a": "1"}, {"a": "2"}])
    assert "ABC: 2[1 1, ][2 2]x" in shown


def test_values_are_escaped_and_never_evaluated_again():
    shown = filled(template("{{ a }}", header="{{ a }}"), a="<w:p/> & {{ b }} {% raw %}")
    assert shown.count("<w:p/> & {{ b }} {% raw %}") == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_shipped_templates_pass_the_check(kind, locale):
    check_package(shipped(kind, locale))
    validate(kind, shipped(kind, locale), locale)


def test_a_companys_template_takes_the_place_of_the_shipped_one(tmp_path):
    templates = Templates(tmp_path / "templates")
    assert templates.get("minutes", "zh") == shipped("minutes", "zh")
    ours = template(
        "公司红头 {{ heading }}",
        rows=("{%tr for row in items %}", "{{ row.title }}", "{%tr endfor %}"),
    )
    templates.save("minutes", ours)
    made = text_of(minutes_docx(MINUTES, "zh", templates.get("minutes", "zh")))
    assert "公司红头 R-5 运输计划与电子围栏评审" in made
    assert "运输计划批量导入" in made
    assert templates.get("minutes", "en") == ours
    assert templates.remove("minutes")
    assert not templates.remove("minutes")
    assert templates.get("minutes", "zh") == shipped("minutes", "zh")


def test_a_template_of_one_language_leaves_the_other_alone(tmp_path):
    templates = Templates(tmp_path)
    english = template("Ours {{ heading }}")
    templates.save("minutes", english, "en")
    assert templates.get("minutes", "en") == english
    assert templates.get("minutes", "zh") == shipped("minutes", "zh")


def test_a_refused_template_changes_nothing(tmp_path):
    templates = Templates(tmp_path)
    good = template("{{ heading }}")
    templates.save("minutes", good)
    with pytest.raises(UserError):
        templates.save("minutes", template("{{ ''.__class__ }}"))
    assert templates.get("minutes", "zh") == good
    assert [p.name for p in tmp_path.iterdir()] == ["minutes.docx"]


def test_a_template_that_was_put_there_by_hand_is_checked_when_it_is_used(tmp_path):
    (tmp_path / "minutes.docx").write_bytes(template("{{ ''.__class__ }}"))
    with pytest.raises(UserError) as caught:
        minutes_docx(MINUTES, "zh", Templates(tmp_path).get("minutes", "zh"))
    assert caught.value.key == "document.template_refused"


@pytest.mark.parametrize("name", ["../secret", "minutes/../../x", "unknown", ""])
def test_only_known_documents_have_templates(tmp_path, name):
    with pytest.raises(NotFoundError):
        Templates(tmp_path).get(name, "zh")


@pytest.mark.parametrize("kind", KINDS)
def test_samples_fill_every_list_and_leave_every_list_empty(kind):
    full, empty = sample_fields(kind, "zh")
    assert full.keys() == empty.keys()
    for name, value in full.items():
        if isinstance(value, list) and name != "versions":  # a change has at least one
            assert value, name
            assert empty[name] == [], name
