"""Finding assets by words: candidates from the text index, ranked by where the words stand.

Only what the viewer may see is ever a candidate, and no figure of anything else takes part.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select

from portal.collateral.models import Asset, AssetVersion, SearchGram, Synonym, VersionPage
from portal.collateral.rules import ranking, words
from portal.collateral.rules.assets import AssetState
from portal.collateral.rules.ranking import Fields, Snippet
from portal.collateral.rules.words import Term, Wanted
from portal.db import text_index
from portal.db.session import Prepared, SystemSession, ViewerSession
from portal.db.text_index import Alternative, Token

MOST = 200
"""Candidates of each kind: those with every word in the head, then those with them anywhere."""

MOST_SIMILAR = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """A piece that answers a search, with what filters need of it."""

    id: int
    score: float
    kind: str
    stage: str
    language: str
    line_codes: str


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first.  `instead`: the words that were looked for in place of mistyped ones."""

    hits: tuple[Hit, ...]
    wanted: Wanted
    instead: tuple[str, ...] = ()
    is_capped: bool = False


_CANDIDATES = Prepared(
    select(
        Asset.id,
        Asset.kind,
        Asset.stage,
        Asset.language,
        Asset.line_codes,
        Asset.title,
        Asset.summary,
        Asset.industry,
        Asset.campaign,
        Asset.tags,
        Asset.published_at,
    )
    .where(text_index.hits(Asset.id, "asset_texts"), Asset.state == AssetState.LIVE)
    .order_by(Asset.id.desc())
    .limit(bindparam("most"))
)


def find(db: ViewerSession, text: str) -> Found:
    """What answers `text`; nothing for a text without words."""
    wanted = words.understood(text, synonyms(db))
    if not wanted.terms:
        return Found((), wanted)
    found = _found(db, wanted)
    if found.hits:
        return found
    similar = words.corrected(wanted, _similar(db, wanted))
    if not any(term.slips for term in similar.terms):
        return found
    found = _found(db, similar)
    return Found(found.hits, similar, _instead(similar) if found.hits else (), found.is_capped)


def synonyms(db: ViewerSession) -> list[str]:
    return list(db.scalars(select(Synonym.words).order_by(Synonym.id)))


def _found(db: ViewerSession, wanted: Wanted) -> Found:
    groups = [_alternatives(term) for term in wanted.terms]
    first = text_index.wanted(db, groups, is_head_only=True)
    rows = {row.id: row for row in db.rows(_CANDIDATES, match=first, most=MOST)}
    is_capped = len(rows) >= MOST
    anywhere = text_index.wanted(db, groups)
    rows |= {row.id: row for row in db.rows(_CANDIDATES, match=anywhere, most=MOST)}
    scored = [(ranking.score(wanted, _fields(row)), row) for row in rows.values()]
    scored.sort(key=lambda pair: (-pair[0], _age(pair[1]), -pair[1].id))
    hits = tuple(
        Hit(row.id, score, row.kind, row.stage, row.language, row.line_codes)
        for score, row in scored
    )
    return Found(hits, wanted, is_capped=is_capped or len(rows) >= MOST)


def _age(row: Any) -> float:
    published: dt.datetime | None = row.published_at
    return -published.timestamp() if published else 0.0


def _fields(row: Any) -> Fields:
    labels = f"{row.kind.label} {row.industry} {row.campaign} {row.tags} {row.line_codes}"
    return Fields(
        title=tuple(words.words_of(row.title)),
        title_tokens=_bag(row.title, row.language),
        labels=_bag(labels, row.language),
        summary=_bag(row.summary, row.language),
    )


@lru_cache(maxsize=20_000)
def _bag(text: str, language: str) -> frozenset[str]:
    """Words and stems of a short text."""
    return frozenset(words.tokens_of(text, language).split())


def _alternatives(term: Term) -> set[Alternative]:
    """Each way in which a word may stand in a text."""
    found: set[Alternative] = {(Token(stem),) for stem in term.stems}
    found.add((Token(term.word, term.is_prefix),))
    found |= {(Token(slip),) for slip in term.slips}
    found |= {tuple(Token(word) for word in other) for other in term.others}
    return found


def _similar(db: ViewerSession, wanted: Wanted) -> dict[str, tuple[str, ...]]:
    """For each word the indexed words that it may be a slip of.

    The words of every audience are compared, but only pieces that the viewer sees are found by
    them, and none of them displaces another.
    """
    similar: dict[str, tuple[str, ...]] = {}
    with db.as_system("words that a mistyped one may mean") as system:
        for term in wanted.terms:
            if words.most_slips(term.word):
                similar[term.word] = words.resembling(term.word, _sharing(system, term.word))
    return similar


def _sharing(db: SystemSession, word: str) -> list[str]:
    """Words with at least a third of the runs of `word`, those with most first."""
    grams = words.grams_of(word)
    counts: dict[str, int] = defaultdict(int)
    for other in db.scalars(select(SearchGram.word).where(SearchGram.gram.in_(sorted(grams)))):
        if abs(len(other) - len(word)) <= words.most_slips(word):
            counts[other] += 1
    enough = max(1, len(grams) // 3)
    shared = [other for other, count in counts.items() if count >= enough]
    return sorted(shared, key=lambda other: (-counts[other], other))[:MOST_SIMILAR]


def _instead(wanted: Wanted) -> tuple[str, ...]:
    return tuple(term.slips[0] for term in wanted.terms if term.slips)


_PAGES = Prepared(
    select(Asset.id, VersionPage.number, VersionPage.text)
    .join(AssetVersion, AssetVersion.asset_id == Asset.id)
    .join(VersionPage, VersionPage.version_id == AssetVersion.id)
    .where(
        Asset.id.in_(bindparam("ids", expanding=True)),
        AssetVersion.number == Asset.current_number,
        VersionPage.number <= 60,
    )
    .order_by(Asset.id, VersionPage.number)
)


def snippets(db: ViewerSession, wanted: Wanted, ids: Iterable[int]) -> dict[int, Snippet]:
    """The best passage of each piece that has one, with its page."""
    best: dict[int, tuple[float, Snippet]] = {}
    for row in db.rows(_PAGES, ids=list(ids)):
        found = ranking.snippet(wanted, row.text, row.number)
        if found[0] and (row.id not in best or found[0] > best[row.id][0]):
            best[row.id] = found
    return {id_: passage for id_, (_, passage) in best.items()}
