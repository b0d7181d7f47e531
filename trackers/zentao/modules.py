"""ZenTao's modules: a tree that people keep there. A story is in one of them, or in none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import UserError
from trackers.zentao.wire import record, rows

NO_MODULE = "0"


@dataclass(frozen=True, slots=True)
class Modules:
    """The modules of a product.

    :param names: id → name; where a name occurs twice, the path to it (``订单/导出``).
    :param paths: id → path.
    """

    names: Mapping[str, str]
    paths: Mapping[str, str]

    def ref_of(self, name: str) -> str | None:
        """The id of a module by its name or path; None when there is none of that name."""
        wanted = name.strip().strip("/").casefold()
        for table in (self.names, self.paths):
            for ref, known in table.items():
                if known.casefold() == wanted:
                    return ref
        return None


def module_names(answer: Any) -> Modules:
    """The modules in an answer, flat."""
    paths: dict[str, str] = {}
    leaves: dict[str, str] = {}
    for ref, path in _walk(rows(record(answer).get("modules")), ()):
        paths[ref] = "/".join(path)
        leaves[ref] = path[-1]
    often = Counter(leaves.values())
    names = {ref: name if often[name] == 1 else paths[ref] for ref, name in leaves.items()}
    return Modules(names, paths)


def no_such_module(name: str, modules: Modules) -> UserError:
    """The refusal that names the modules there are."""
    known = "、".join(sorted(modules.names.values())[:30])
    key = "zentao.no_module" if known else "zentao.no_modules"
    return UserError(key, module=name, known=known)


def _walk(
    found: tuple[Mapping[str, Any], ...], above: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for row in found:
        name = str(row.get("name") or row.get("title") or "").strip()
        ref = str(row.get("id") or "")
        path = (*above, name) if name else above
        if ref not in {"", NO_MODULE} and name:
            yield ref, path
        yield from _walk(rows(row.get("children")), path)
