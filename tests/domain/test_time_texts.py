"""Every text that the time and plan modules name exists in both languages, with its parameters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.calendar import DayKind
from domain.plan_import.headers import Column
from domain.plans import Pace, Part, PhaseStatus
from locales import LOCALES, catalogue

_FAMILIES = ("calendar", "date", "deliverable", "plan")
_ROOT = Path(__file__).parents[2] / "domain"
_PLACEHOLDER = re.compile(r"{(\w+)}")


def _of_families(locale: str) -> dict[str, str]:
    return {k: v for k, v in catalogue(locale).items() if k.split(".")[0] in _FAMILIES}


def _named_in_code() -> set[str]:
    pattern = re.compile(rf'"((?:{"|".join(_FAMILIES)})\.[a-z_]+(?:\.[a-z_]+)*)"')
    sources = [path.read_text("utf-8") for path in _ROOT.rglob("*.py")]
    return {key for source in sources for key in pattern.findall(source)}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_key_in_the_code_has_a_text(locale: str) -> None:
    named = _named_in_code()
    assert len(named) > 25
    assert named - set(_of_families(locale)) == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_computed_keys_have_texts(locale: str) -> None:
    keys = {f"calendar.{kind.value}" for kind in DayKind}
    keys |= {status.text.key for status in PhaseStatus} | {pace.text.key for pace in Pace}
    keys |= {f"plan.collision.{part.value}" for part in Part}
    keys |= {f"plan.day_off.{which}" for which in ("starts", "ends", "due")}
    keys |= {column.text.key for column in Column}
    keys |= {"plan.import.bad_date", "plan.import.wrong_date"}
    assert keys <= set(_of_families(locale))


def test_both_languages_say_the_same_things() -> None:
    zh, en = _of_families("zh"), _of_families("en")
    singular = {key for key in en if key.endswith("_one")}
    assert set(zh) == set(en) - singular
    for key, text in zh.items():
        assert set(_PLACEHOLDER.findall(text)) == set(_PLACEHOLDER.findall(en[key])), key
