"""What a document template may say: fields, conditions, loops and a few filters, nothing else.

A template that a company uploads is a program. The sandbox of Jinja2 keeps it from reaching into
Python; it does not keep it from running for ever or filling the memory. So the language itself is
cut down to what a form letter needs: no calls, no arithmetic, no assignments, no macros.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import CodeType
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = frozenset({"default", "d", "first", "join", "last", "length", "lower", "trim", "upper"})
TESTS = frozenset({"defined", "undefined", "none", "odd", "even"})
MOST_LOOPS_DEEP = 3

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.If,
    nodes.For,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Concat,
)


class RefusedTemplateError(Exception):
    """The template says something that it may not say; ``what`` is the thing."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class GuardedEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox that compiles only the small language, escapes everything, and has no functions.

    An unknown field is an error and not an empty place.
    """

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        mine: Any = self  # the library does not say what its tables hold
        _keep(mine.globals, frozenset())
        _keep(mine.filters, FILTERS)
        _keep(mine.tests, TESTS)

    def compile(  # pyright: ignore[reportIncompatibleMethodOverride]
        self,
        source: str | nodes.Template,
        name: str | None = None,
        filename: str | None = None,
        raw: bool = False,
        defer_init: bool = False,
    ) -> CodeType | str:
        """Compile, after :func:`check`."""
        tree = self.parse(source, name, filename) if isinstance(source, str) else source
        check(tree)
        if raw:
            return super().compile(tree, name, filename, raw=True, defer_init=defer_init)
        return super().compile(tree, name, filename, raw=False, defer_init=defer_init)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Only entries of mappings and the counters of a loop are fields."""
        if isinstance(obj, Mapping):
            return False  # its entries are found before this is asked; its methods are no fields
        return attr in _LOOP and super().is_safe_attribute(obj, attr, value)


def _keep(table: dict[str, Any], names: frozenset[str]) -> None:
    for name in set(table) - names:
        del table[name]


_LOOP = frozenset({"index", "index0", "first", "last", "length"})


def check(tree: nodes.Template) -> None:
    """Refuse whatever is not in the small language, by :class:`RefusedTemplateError`."""
    _check(tree, 0)


def _check(node: nodes.Node, loops: int) -> None:
    if not isinstance(node, _ALLOWED):
        raise RefusedTemplateError(_described(node))
    if isinstance(node, nodes.Name | nodes.Getattr):
        name = node.name if isinstance(node, nodes.Name) else node.attr
        if name.startswith("_"):
            raise RefusedTemplateError(name)
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise RefusedTemplateError(f"|{node.name}")
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        raise RefusedTemplateError(f"is {node.name}")
    if isinstance(node, nodes.For):
        loops += 1
        if node.recursive or loops > MOST_LOOPS_DEEP:
            raise RefusedTemplateError("for")
    for child in node.iter_child_nodes():
        _check(child, loops)


def _described(node: nodes.Node) -> str:
    """How the thing is named in a message: the called name, else the sort of thing it is."""
    if isinstance(node, nodes.Call):
        target = node.node
        if isinstance(target, nodes.Name):
            return f"{target.name}()"
        if isinstance(target, nodes.Getattr):
            return f"{target.attr}()"
    return type(node).__name__.lower()


def syntax_detail(error: TemplateSyntaxError) -> str:
    """The library's words about a slip in the template, short."""
    return (error.message or "")[:200]
