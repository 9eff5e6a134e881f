"""Search: how good its answers are, and goal 10, over a library with audiences, on SQLite.

The quality is that of the judged searches in tests/cases; the speed is measured over generated
pieces, 300 searches of several kinds, and not one invisible piece may be among the answers.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import Engine, insert, select

from portal.collateral.models import Asset, AssetText, AssetToken
from portal.collateral.queries import library
from portal.collateral.queries.library import Filters
from portal.collateral.rules import words
from portal.collateral.rules.assets import AssetKind, AssetState, Form, Stage
from portal.db import schema
from portal.db.engine import build_engines
from portal.db.session import SystemSession, ViewerSession
from portal.kernel import refs
from portal.kernel.policy import Role
from portal.kernel.viewer import SEES_NOTHING, Viewer
from portal.wiring import import_models
from tests.collateral import searching

NOW = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
SEARCHES = 300
BATCH = 1_000


def viewer(*tokens: str) -> Viewer:
    return Viewer(
        user_id=1,
        roles=frozenset({Role.PARTNER_SELLER}),
        partner_id=1,
        sees=SEES_NOTHING,
        knows=frozenset({1}),
        earns=frozenset(),
        audience=frozenset(tokens),
    )


def quality(engine: Engine) -> None:
    with SystemSession(engine) as db:
        searching.fill(db, NOW)
        db.commit()
    with ViewerSession(engine, viewer=viewer("all", "type:var", "tier:gold")) as db:
        searching.synonyms(db, NOW)
        gains, hits = [], []
        for text, grades in searching.judged():
            found = searching.answers(db, text)
            gains.append(searching.ndcg(found, grades))
            hits.append(searching.success(found, grades))
        db.rollback()
    print(f"judged searches {len(gains)}   nDCG@10 {statistics.mean(gains):.3f}", end="   ")
    print(f"success@3 {statistics.mean(hits):.3f}")


def fill(engine: Engine, size: int, rng: random.Random) -> list[str]:
    """Pieces of about 350 different words, whose frequencies fall as those of a language do."""
    known = [f"{a}{b}{c}" for a in _STARTS for b in _MIDDLES for c in _ENDS]
    rng.shuffle(known)
    weights = [1 / (rank + 3) for rank in range(len(known))]
    kinds, stages = list(AssetKind), list(Stage)
    with SystemSession(engine) as db:
        for at in range(1000, 1000 + size, BATCH):
            ids = range(at, min(at + BATCH, 1000 + size))
            texts = [rng.choices(known, weights, k=500) for _ in ids]
            db.execute(
                insert(Asset),
                [
                    _asset(n, t, rng.choice(kinds), rng.choice(stages))
                    for n, t in zip(ids, texts, strict=True)
                ],
            )
            db.execute(
                insert(AssetToken),
                [{"created_at": NOW, "asset_id": n, "token": rng.choice(_TOKENS)} for n in ids],
            )
            db.execute(
                insert(AssetText),
                [
                    {
                        "id": n,
                        "head": words.tokens_of(" ".join(t[:6]), "en"),
                        "body": words.tokens_of(" ".join(t[6:]), "en"),
                    }
                    for n, t in zip(ids, texts, strict=True)
                ],
            )
            db.commit()
    schema.analyze(engine)
    return known


_STARTS = ("ba", "de", "fi", "ko", "lu", "me", "no", "pra", "sta", "tri", "vo", "za")
_MIDDLES = ("l", "n", "r", "st", "m", "nd", "ck", "v", "g", "ss")
_ENDS = ("ing", "er", "a", "o", "um", "ix", "al", "ent", "is", "or", "ed", "y")
_TOKENS = ("all", "tier:gold", "tier:silver", "type:var", "partner:9")


def _asset(number: int, text: list[str], kind: AssetKind, stage: Stage) -> dict[str, object]:
    return {
        "id": number, "created_at": NOW, "updated_at": NOW, "published_at": NOW, "version": 1,
        "ref": refs.make("AS", number), "title": " ".join(text[:4]),
        "summary": " ".join(text[4:20]),
        "kind": kind, "form": Form.FILE, "state": AssetState.LIVE, "is_shown": True,
        "is_approved": False, "line_codes": "", "stage": stage, "industry": "", "language": "en",
        "region": "", "campaign": "", "tags": " ".join(text[4:6]), "usage_rights": "", "family": "",
        "current_number": 1, "file_kind": "pdf", "size": 1, "has_picture": False,
        "is_brandable": False,
    }  # fmt: skip


def speed(engine: Engine, size: int) -> None:
    rng = random.Random(7)
    known = fill(engine, size, rng)
    eyes, spans = viewer("all", "tier:gold", "partner:1"), []
    with SystemSession(engine) as db:
        hidden = set(
            db.scalars(select(AssetToken.asset_id).where(AssetToken.token.not_in(eyes.audience)))
        )
    with ViewerSession(engine, viewer=eyes) as db:
        for number in range(SEARCHES):
            text = " ".join(rng.choices(known, k=1 + number % 3))
            text = text[:4] if number % 7 == 0 else text
            filters = Filters(kind="datasheet") if number % 5 == 0 else Filters()
            start = time.perf_counter()
            found = library.search_for(db, text, filters)
            spans.append(1000 * (time.perf_counter() - start))
            assert not hidden & {card.id for card in found.cards}, text
    spans.sort()
    print(f"{size:,} pieces   p50 {spans[len(spans) // 2]:.1f} ms   ", end="")
    print(f"p99 {spans[int(0.99 * len(spans))]:.1f} ms   goal 10 and 80")


def main() -> None:
    import_models()
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        engines = build_engines(f"sqlite:///{Path(folder) / 'search.db'}", fast_unsafe=True)
        schema.upgrade(engines)
        quality(engines.write)
        speed(engines.write, size)
        engines.dispose()


if __name__ == "__main__":
    main()
