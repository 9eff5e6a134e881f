"""Goal 17: co-branding and the first preview, as they run in production, in a fresh child process.

The processor time is that of the children; the median of twenty runs.
"""

from __future__ import annotations

import io
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typst
from PIL import Image

from portal.collateral.rules.cobrand import Branding, Zone, ZoneKind, blocks
from portal.files import sandbox, zones
from portal.files.fonts import loaded
from portal.files.kinds import Kind
from portal.files.zones import Align, Box, Ground

RUNS = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds, lower is better."""

    label: str
    measured: float
    goal: float


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        short, long = _brochure(Path(folder), 2), _brochure(Path(folder), 40)
        return [
            Figure("co-brand, 2 pages, processor", _processor(lambda: _brand(short)), 150),
            Figure("co-brand, 40 pages, processor", _processor(lambda: _brand(long)), 250),
            Figure("first preview, 40 pages, clock", _clock(lambda: _run("preview", long)), 2000),
            Figure("text and 40 thumbnails, clock", _clock(lambda: _run("read", long)), 10_000),
        ]


def _brochure(folder: Path, pages: int) -> Path:
    body = "\n#pagebreak()\n".join(
        f'= Chapter {page}\n#lorem(350)\n#link("https://example.com/{page}")[more]'
        for page in range(1, pages + 1)
    )
    made = typst.compile(
        f'#set page(paper: "a4")\n#set text(font: "Inter")\n{body}'.encode(),
        format="pdf",
        font_paths=loaded(),
    )
    path = folder / f"{pages}.pdf"
    path.write_bytes(made)
    return path


def _branded() -> list[dict[str, object]]:
    target = io.BytesIO()
    Image.linear_gradient("L").resize((600, 200)).convert("RGBA").save(target, "PNG")
    branding = Branding(
        company="Alder Systems GmbH",
        logo=target.getvalue(),
        contact="Ada Ångström",
        email="sales@alder.example",
        phone="+49 30 1234567",
        address=("Lange Straße 12", "10115 Berlin"),
        level="Gold Partner",
        colour="#d4a017",
    )
    places = [
        Zone(kind, 2, Box(40 + 105 * number, 740, 100, 60), Align.LEFT, ground=Ground.LIGHT)
        for number, kind in enumerate(ZoneKind)
    ]
    return [zones.to_json(block) for block in blocks(places, branding)]


def _brand(source: Path) -> None:
    _run("brand", source, blocks=_branded())


def _run(task: str, source: Path, **more: object) -> None:
    with tempfile.TemporaryDirectory() as out:
        arguments = {"kind": Kind.PDF.value} | more
        outcome = sandbox.run(task, source, Path(out), arguments)
    assert outcome.value is not None, outcome.failure


def _processor(act: Callable[[], None]) -> float:
    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    return _median(act, spent)


def _clock(act: Callable[[], None]) -> float:
    return _median(act, time.perf_counter)


def _median(act: Callable[[], None], now: Callable[[], float]) -> float:
    spans = []
    for _ in range(RUNS):
        start = now()
        act()
        spans.append(now() - start)
    return 1000 * statistics.median(spans)


def main() -> None:
    for figure in measure():
        mark = "ok" if figure.measured <= figure.goal else "MISSED"
        print(f"{figure.label:36} {figure.measured:8.0f} ms   goal {figure.goal:6.0f}   {mark}")


if __name__ == "__main__":
    main()
