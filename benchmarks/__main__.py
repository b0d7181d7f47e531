"""``python -m benchmarks [web slack digest tick engine zentao]``: all of them without a name."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable

from benchmarks import digest, engine, slack, tick, web, zentao
from benchmarks.databases import Databases

ALL: dict[str, Callable[[Databases], None]] = {
    "web": web.run,
    "slack": slack.run,
    "digest": digest.run,
    "tick": tick.run,
    "engine": engine.run,
    "zentao": zentao.run,
}


def main(names: list[str]) -> int:
    """Run what is named; 2 for a name that is none."""
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"unknown: {' '.join(unknown)}; there are: {' '.join(ALL)}")
        return 2
    warnings.simplefilter("ignore")
    with Databases() as databases:
        for name in names or ALL:
            ALL[name](databases)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
