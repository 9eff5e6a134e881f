"""`make bench`: every part measures against its goals; the figures are kept in var/bench.json.

python -m bench [PART …] [--deals N]
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterable

from bench import figures, imports, pages, start, writes
from bench.figures import Figure

OWN = {"matching": ("100000",), "commissions": ("200000",), "files": (), "search": ()}
"""Parts that print for themselves, with the sizes of a quick run."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="which parts; all of them when none is named")
    parser.add_argument("--deals", type=int, default=100_000, help="registrations behind the lists")
    asked = parser.parse_args()
    parts: dict[str, Callable[[], Iterable[Figure]]] = {
        "start": start.measure,
        "pages": lambda: pages.measure(deals=asked.deals),
        "writes": writes.measure,
        "imports": imports.measure,
    }
    unknown = set(asked.parts) - set(parts) - set(OWN)
    if unknown:
        parser.error(f"there is no part {sorted(unknown)}; there are {[*parts, *OWN]}")
    found = []
    for name, measure in parts.items():
        if not asked.parts or name in asked.parts:
            for figure in measure():
                print(figure.line(), flush=True)
                found.append(figure)
    figures.keep(found)
    return max([_own(name) for name in OWN if not asked.parts or name in asked.parts], default=0)


def _own(name: str) -> int:
    if importlib.util.find_spec(f"bench.{name}") is None:
        return 0
    print(f"\n{name}", flush=True)
    return subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *OWN[name]], check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
