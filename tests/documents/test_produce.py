from __future__ import annotations

import pytest

from documents.fonts import NO_FONT, ChartFont, chart_font
from documents.produce import KINDS, Loaded, Workshop, file_name, produce
from documents.template_store import Templates
from domain.errors import NotFoundError
from tests.documents.samples import MINUTES, RECORD, view


def loaded_for(kind: str) -> Loaded:
    return {"minutes": MINUTES, "change": RECORD}.get(kind.partition(".")[0], view())


def workshop(tmp_path, font: ChartFont = NO_FONT) -> Workshop:
    return Workshop(Templates(tmp_path), lambda: font)


NAMES = {
    "minutes.docx": "需求评审记录 R-5 运输计划与电子围栏评审.docx",
    "minutes.md": "需求评审记录 R-5 运输计划与电子围栏评审.md",
    "change.docx": "需求变更记录 CR-12 批量导入支持 5000 行.docx",
    "change.md": "需求变更记录 CR-12 批量导入支持 5000 行.md",
    "plan.docx": "产品计划 物流运输管理系统 V2.0 上线计划 2026-10-16.docx",
    "plan.xlsx": "产品计划 物流运输管理系统 V2.0 上线计划 2026-10-16.xlsx",
    "plan.ics": "产品计划 物流运输管理系统 V2.0 上线计划 2026-10-16.ics",
    "chart.svg": "计划图 物流运输管理系统 V2.0 上线计划 2026-10-16.svg",
    "chart.png": "计划图 物流运输管理系统 V2.0 上线计划 2026-10-16.png",
}


def test_every_kind_has_a_name_here():
    assert NAMES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", NAMES)
def test_files_are_named_in_the_readers_language_and_made_the_same_twice(tmp_path, kind):
    made = produce(kind, loaded_for(kind), "zh", workshop(tmp_path, chart_font()))
    assert made.name == NAMES[kind]
    assert made == produce(kind, loaded_for(kind), "zh", workshop(tmp_path, chart_font()))
    english = produce(kind, loaded_for(kind), "en", workshop(tmp_path, chart_font()))
    assert english.name != made.name
    assert english.mime == made.mime


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        pytest.param("minutes.docx", b"PK", id="docx"),
        pytest.param("plan.xlsx", b"PK", id="xlsx"),
        pytest.param("plan.ics", b"BEGIN:VCALENDAR", id="ics"),
        pytest.param("chart.svg", b"<svg", id="svg"),
        pytest.param("chart.png", b"\x89PNG", id="png"),
        pytest.param("change.md", b"# CR-12", id="md"),
    ],
)
def test_a_file_is_what_its_name_says(tmp_path, kind, start):
    made = produce(kind, loaded_for(kind), "zh", workshop(tmp_path))
    assert made.data.startswith(start)


def test_a_picture_without_a_chinese_font_comes_with_a_warning_and_in_words(tmp_path):
    made = produce("chart.png", view(), "zh", workshop(tmp_path, NO_FONT))
    assert made.warning is not None
    assert made.warning.key == "document.no_chinese_font"
    assert "开发与联调" in str(made.alt)
    found = ChartFont("X", (), chinese=True)
    assert produce("chart.png", view(), "zh", workshop(tmp_path, found)).warning is None


def test_an_unknown_kind_is_a_clear_error(tmp_path):
    with pytest.raises(NotFoundError) as caught:
        produce("minutes.exe", MINUTES, "zh", workshop(tmp_path))
    assert caught.value.key == "document.unknown_kind"


@pytest.mark.parametrize("kind", NAMES)
def test_the_wrong_value_for_a_kind_is_a_mistake_in_the_program(tmp_path, kind):
    wrong = RECORD if kind.startswith("minutes") else MINUTES
    with pytest.raises(TypeError):
        produce(kind, wrong, "zh", workshop(tmp_path))


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        pytest.param("R-1 登录改版", "R-1 登录改版.docx", id="plain"),
        pytest.param("../../etc/passwd", "etc passwd.docx", id="no path"),
        pytest.param('a\\b:c*?"<>|d', "a b c d.docx", id="no reserved signs"),
        pytest.param("a\u202egpj\x00", "a gpj.docx", id="no tricks with the direction"),
        pytest.param(" .. ", "duban.docx", id="nothing left"),
        pytest.param("督" * 200, "督" * 80 + ".docx", id="not too long"),
    ],
)
def test_file_names_are_safe_everywhere(stem, name):
    assert file_name(stem, "docx") == name
