"""The judged searches: the demo's library as the corpus, and how good the answers are."""

from __future__ import annotations

import math
from pathlib import Path

from portal.collateral.actions import library
from portal.collateral.actions.indexing import index
from portal.collateral.models import Asset, AssetToken, AssetVersion, VersionPage
from portal.collateral.queries import search
from portal.collateral.rules.assets import AssetState, VersionState
from portal.demo.shelf import demo_assets
from portal.kernel import refs

CASES = Path(__file__).parents[1] / "cases" / "search.tsv"
SYNONYMS = [
    "battlecard, battle card, competitive sheet",
    "price list, pricelist",
    "checklist, check list",
]


def judged() -> list[tuple[str, dict[str, int]]]:
    """(search, title -> how well it answers, 1 to 3)."""
    cases = []
    for line in CASES.read_text(encoding="utf-8").splitlines():
        words, _, answers = line.partition("\t")
        pairs = (each.rsplit("=", 1) for each in answers.split("; "))
        cases.append((words, {title: int(grade) for title, grade in pairs}))
    return cases


def fill(db, now) -> None:
    """Write the demo's pieces without their files, and index them."""
    for number, piece in enumerate(demo_assets(), 1):
        asset = Asset(
            created_at=now,
            updated_at=now,
            published_at=now,
            ref=refs.make("AS", number),
            title=piece.title,
            summary=piece.summary,
            kind=piece.kind,
            state=AssetState.LIVE,
            is_shown=True,
            current_number=1,
            line_codes=f" {piece.line} " if piece.line else "",
            stage=piece.stage,
            industry=piece.industry,
            language=piece.language,
            tags=piece.tags,
        )
        db.add(asset)
        db.flush()
        db.add_all(AssetToken(created_at=now, asset_id=asset.id, token=t) for t in piece.audience)
        version = AssetVersion(
            created_at=now,
            asset_id=asset.id,
            number=1,
            state=VersionState.READY,
            is_published=True,
        )
        db.add(version)
        db.flush()
        text = "\n".join(f"{head}\n{body}" for head, body in piece.sections)
        text += "\n".join(" ".join(row) for row in piece.rows)
        db.add(VersionPage(created_at=now, version_id=version.id, number=1, text=text))
        db.flush()
        index(db, asset)


def answers(db, words: str) -> list[str]:
    """Titles in the order found."""
    found = search.find(db, words)
    titles = {a.id: a.title for a in db.query(Asset).all()}
    return [titles[hit.id] for hit in found.hits]


def ndcg(titles: list[str], grades: dict[str, int], at: int = 10) -> float:
    gained = sum((2 ** grades.get(t, 0) - 1) / math.log2(n + 2) for n, t in enumerate(titles[:at]))
    best = sorted(grades.values(), reverse=True)[:at]
    ideal = sum((2**grade - 1) / math.log2(n + 2) for n, grade in enumerate(best))
    return gained / ideal


def success(titles: list[str], grades: dict[str, int], at: int = 3) -> bool:
    best = max(grades.values())
    return any(grades.get(title) == best for title in titles[:at])


def synonyms(db, now) -> None:
    library.set_synonyms(db, SYNONYMS, now=now)
