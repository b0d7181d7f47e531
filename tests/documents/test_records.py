from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from docx import Document
from docx.oxml.ns import qn

from documents.change_record import change_docx, change_markdown
from documents.markdown import cell, plain
from documents.minutes import minutes_docx, minutes_markdown
from documents.plan_docx import plan_docx
from documents.template_store import shipped
from domain.reviews.state import ReviewStatus
from tests.documents.docx_help import tables_of, text_of
from tests.documents.samples import AT, MINUTES, PLAN, RECORD, REJECTED, golden, view

LOCALES = pytest.mark.parametrize("locale", ["zh", "en"])


@LOCALES
def test_minutes_as_markdown(locale):
    golden(f"minutes.{locale}.md", minutes_markdown(MINUTES, locale))


@LOCALES
def test_change_record_as_markdown(locale):
    golden(f"change.{locale}.md", change_markdown(RECORD, locale))


@LOCALES
def test_minutes_as_word(locale):
    golden(
        f"minutes.{locale}.txt", text_of(minutes_docx(MINUTES, locale, shipped("minutes", locale)))
    )


@LOCALES
def test_change_record_as_word(locale):
    golden(f"change.{locale}.txt", text_of(change_docx(RECORD, locale, shipped("change", locale))))


@LOCALES
def test_plan_as_word(locale):
    golden(f"plan.{locale}.txt", text_of(plan_docx(view(), locale, shipped("plan", locale))))


def test_what_was_typed_stands_in_the_word_document_as_it_was_typed():
    tables = tables_of(minutes_docx(MINUTES, "zh", shipped("minutes", "zh")))
    notes = next(t for t in tables if t[0] == ["时间", "提出人", "内容"])
    assert notes[1] == ["14:30", "陈浩", "# 不是标题\n1. 也不是列表 {{ 7*7 }} <b>"]
    items = next(t for t in tables if t[0][0] == "编号" and "评审结论" in t[0])
    assert items[2][2] == "电子围栏 | 报警"
    assert "半径的单位？\n*米*还是千米" in items[2][3]


def test_empty_sections_are_left_out():
    bare = replace(MINUTES, topics=(), decisions=(), questions=(), notes=())
    text = text_of(minutes_docx(bare, "zh", shipped("minutes", "zh")))
    assert "行动项" in text
    for section in ("其他议题", "会议决议", "待确认问题", "会议记录"):
        assert section not in text
        assert section not in minutes_markdown(bare, "zh")


@pytest.mark.parametrize(
    ("status", "draft"),
    [
        pytest.param(ReviewStatus.ENDED, False, id="ended"),
        pytest.param(ReviewStatus.OPEN, True, id="open"),
        pytest.param(ReviewStatus.DRAFT, True, id="nobody ended it"),
    ],
)
def test_minutes_of_a_running_review_are_marked_as_a_draft(status, draft):
    minutes = replace(MINUTES, status=status, digest="" if draft else MINUTES.digest)
    for text in (
        text_of(minutes_docx(minutes, "zh", shipped("minutes", "zh"))),
        minutes_markdown(minutes, "zh"),
    ):
        assert ("草稿：评审尚未结束" in text) is draft


def test_a_reopened_record_says_its_version_and_the_earlier_checksums():
    again = replace(MINUTES, version=2, earlier=("ef" * 32,))
    text = text_of(minutes_docx(again, "en", shipped("minutes", "en")))
    assert "(v2)" in text
    assert "ef" * 32 in text


def test_a_rejected_change_shows_who_refused_and_why_and_no_application():
    text = text_of(change_docx(REJECTED, "zh", shipped("change", "zh")))
    assert "王磊 | 驳回 | 本期不做 | 2026-10-15 周四 14:30" in text
    assert "计划调整" not in text


def test_a_withdrawn_approval_is_shown_as_lapsed():
    text = text_of(change_docx(RECORD, "zh", shipped("change", "zh")))
    assert "王磊 | 同意（内容已改，失效） | —" in text
    assert "王磊 | 同意 | 范围可控" in text


@pytest.mark.parametrize("kind", ["minutes", "change", "plan"])
@LOCALES
def test_the_look_of_the_shipped_templates(kind, locale):
    document = Document(io.BytesIO(shipped(kind, locale)))
    body = document.element.body.xml
    fonts = document.styles["Normal"].element.rPr.find(qn("w:rFonts"))
    assert fonts.get(qn("w:eastAsia")) == "宋体"
    assert document.styles["Title"].element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "黑体"
    assert body.count("<w:tblHeader/>") == body.count("{%tr for row in")
    footer = document.sections[0].footer._element.xml
    assert " PAGE " in footer
    assert " NUMPAGES " in footer
    assert "{{ heading }}" in document.sections[0].header.paragraphs[0].text
    width = document.sections[0].page_width
    assert width is not None
    assert width.cm == pytest.approx(21, abs=0.01)


@LOCALES
def test_the_shipped_templates_are_what_the_script_builds(locale):
    from documents.templates.build import BUILDERS, build

    for kind in BUILDERS:
        assert build(kind, locale) == shipped(kind, locale), (
            f"run documents.templates.build: {kind}"
        )


def test_the_same_record_gives_the_same_bytes_and_its_own_date():
    first = minutes_docx(MINUTES, "zh", shipped("minutes", "zh"))
    assert first == minutes_docx(MINUTES, "zh", shipped("minutes", "zh"))
    properties = Document(io.BytesIO(first)).core_properties
    ended = AT + timedelta(minutes=75)
    assert properties.created is not None
    assert properties.created.replace(tzinfo=UTC) == ended
    assert properties.title == "R-5 运输计划与电子围栏评审"


def test_control_characters_do_not_break_a_document():
    bad = replace(MINUTES, title="a\x00\x07\x0bb", product="c\ufffed", chair="e\x1bf")
    text = text_of(minutes_docx(bad, "zh", shipped("minutes", "zh")))
    assert "ab" in text
    assert "ef" in text


def test_a_plan_without_phases_is_a_document_too():
    empty = replace(PLAN, phases=(), milestones=())
    text = text_of(plan_docx(view(empty), "zh", shipped("plan", "zh")))
    assert "产品计划" in text
    assert "里程碑" not in text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param("# x", "\\# x", id="heading"),
        pytest.param("- x", "\\- x", id="list"),
        pytest.param("1. x", "1\\. x", id="numbered list"),
        pytest.param("12) x", "12\\) x", id="numbered list with a bracket"),
        pytest.param("a\n===", "a\\\n\\===", id="underlined heading"),
        pytest.param("<script>", "\\<script\\>", id="html"),
        pytest.param("![x](http://y)", "\\!\\[x\\](http://y)", id="picture"),
        pytest.param("a|b", "a\\|b", id="table cell"),
        pytest.param("2026-10-12", "2026-10-12", id="a date is itself"),
    ],
)
def test_typed_text_is_not_markup_in_markdown(typed, shown):
    assert plain(typed) == shown


def test_a_table_cell_stays_one_line():
    assert cell("a\nb|c") == "a<br>b\\|c"
