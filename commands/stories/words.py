"""The words for statuses, stages, categories and priorities, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from commands.registry import Choice
from domain.messages import Inline, Option, T
from domain.stories import Stage, Status
from domain.story_fields import CATEGORIES, PRIORITIES

STAGE_WORDS: Mapping[Stage, tuple[str, ...]] = {
    Stage.WAIT: ("未开始", "waiting"),
    Stage.PLANNED: ("已计划",),
    Stage.PROJECTED: ("研发立项", "已立项"),
    Stage.DESIGNING: ("设计中",),
    Stage.DESIGNED: ("设计完成", "设计完毕"),
    Stage.DEVELOPING: ("研发中", "开发中", "dev"),
    Stage.DEVELOPED: ("研发完毕", "开发完成", "已开发", "研发完成"),
    Stage.TESTING: ("测试中",),
    Stage.TESTED: ("测试完毕", "测试完成", "已测试", "待验证", "待验收", "测试通过"),
    Stage.VERIFIED: ("已验收", "已验证", "验收通过"),
    Stage.REJECTED: ("验收失败", "验收不通过"),
    Stage.DELIVERING: ("交付中",),
    Stage.DELIVERED: ("已交付",),
    Stage.RELEASED: ("已发布", "已上线"),
    Stage.CLOSED: ("已关闭",),
}
STATUS_WORDS: Mapping[Status, tuple[str, ...]] = {
    Status.DRAFT: ("草稿",),
    Status.REVIEWING: ("评审中", "待评审"),
    Status.ACTIVE: ("激活", "已激活"),
    Status.CHANGING: ("变更中",),
    Status.CLOSED: ("已关闭", "关闭"),
}
CATEGORY_WORDS: Mapping[str, tuple[str, ...]] = {
    "feature": ("功能",),
    "interface": ("接口",),
    "performance": ("性能",),
    "safe": ("安全", "security"),
    "experience": ("体验",),
    "improve": ("改进", "improvement"),
    "other": ("其他", "其它"),
}

STAGE_CHOICES = tuple(
    Choice(stage.value, words, T(f"story.stage.{stage.value}"))
    for stage, words in STAGE_WORDS.items()
)
CATEGORY_OPTIONS = tuple(Option(c, T(f"story.category.{c}")) for c in CATEGORIES)
PRIORITY_OPTIONS = tuple(Option(str(p), f"P{p}") for p in PRIORITIES)


def category_text(value: str) -> Inline:
    """A category as people read it; a tracker elsewhere may have categories of its own, or none."""
    if not value:
        return T("story.none")
    return T(f"story.category.{value}") if value in CATEGORIES else value


def options_with(options: tuple[Option, ...], value: str, label: Inline) -> tuple[Option, ...]:
    """The options and what stands there now: a form that lacked it would change it unasked."""
    if not value or any(o.value == value for o in options):
        return options
    return (*options, Option(value, label))


def stage_of(word: str) -> Stage | None:
    """The stage that a word means."""
    folded = word.casefold()
    return next((s for s, w in STAGE_WORDS.items() if folded == s.value or folded in w), None)


def status_of(word: str) -> Status | None:
    """The status that a word means."""
    folded = word.casefold()
    return next((s for s, w in STATUS_WORDS.items() if folded == s.value or folded in w), None)


def category_of(word: str) -> str | None:
    """The category that a word means."""
    folded = word.strip().casefold()
    return next((c for c, w in CATEGORY_WORDS.items() if folded == c or folded in w), None)


def priority_of(word: str) -> int | None:
    """The priority in ``1``, ``P1`` or ``1.0`` (as spreadsheets write it)."""
    text = word.strip().casefold().removeprefix("p").removesuffix(".0")
    return int(text) if text.isdecimal() and int(text) in PRIORITIES else None
