"""The sandboxed template engines: one that escapes for HTML, one for plain text."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.cards.words import Span, span_text

_SPACES = re.compile(r"\s+")


@cache
def html_engine() -> ImmutableSandboxedEnvironment:
    """Templates of ``bot/cards/templates`` with every value escaped for HTML."""
    return _engine(autoescape=True)


@cache
def text_engine() -> ImmutableSandboxedEnvironment:
    """Templates of ``bot/cards/templates`` for plain text."""
    return _engine(autoescape=False)


def _engine(*, autoescape: bool) -> ImmutableSandboxedEnvironment:
    engine = ImmutableSandboxedEnvironment(
        loader=PackageLoader("bot.cards", "templates"),
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    own: dict[str, Any] = {"line": one_line, "flow": indented, "blocks": progress}
    engine.filters.update(own)  # pyright: ignore[reportUnknownMemberType] Jinja2 does not say
    return engine


def one_line(run: list[Span]) -> str:
    """A run of spans on one line: what people typed can not start a line of its own."""
    return _SPACES.sub(" ", "".join(map(span_text, run))).strip()


def indented(run: list[Span]) -> str:
    """A run of spans, further lines indented: typed text never looks like a line of ours."""
    return "".join(map(span_text, run)).strip().replace("\n", "\n    ")


def progress(percent: int) -> str:
    """Ten small blocks for a percentage."""
    full = round(percent / 10)
    return "█" * full + "░" * (10 - full)


def rendered(template: str, **context: Any) -> str:
    """A plain-text template with its context (dicts, lists, strings and numbers)."""
    return text_engine().get_template(template).render(context)


def rendered_html(template: str, **context: Any) -> Markup:
    """An HTML template with its context, every value in it escaped."""
    return Markup(html_engine().get_template(template).render(context))  # noqa: S704 escaped by the engine
