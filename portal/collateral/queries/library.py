"""The library as a partner browses it: filters with counts, lists, downloads, favourites."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, or_, select

from portal.collateral.models import (
    Asset,
    AssetRequest,
    AssetVersion,
    Download,
    Favourite,
    LibraryVisit,
)
from portal.collateral.models.use import RequestState
from portal.collateral.queries import search
from portal.collateral.queries.assets import CARD, Card, card, cards
from portal.collateral.queries.search import Hit
from portal.collateral.rules.assets import AssetKind, AssetState, Stage
from portal.collateral.rules.ranking import Snippet
from portal.db.session import Anything, ViewerSession
from portal.kernel.page import Cursor, Page, PageRequest

Wide = Select[*Anything]

BEST = 50
"""Ranked results shown of a search."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the page is narrowed to; empty means everything."""

    kind: str = ""
    line: str = ""
    stage: str = ""
    language: str = ""
    only: str = ""

    def holds(self, combination: Combination, *, but: str = "") -> bool:
        """Whether a combination passes every filter, that of the dimension `but` aside."""
        return (
            (but == "kind" or not self.kind or combination.kind == self.kind)
            and (but == "line" or not self.line or _has_line(combination.line_codes, self.line))
            and (but == "stage" or not self.stage or combination.stage in {self.stage, "any"})
            and (but == "language" or not self.language or combination.language == self.language)
        )


def _has_line(codes: str, line: str) -> bool:
    """No code is every line."""
    return not codes or f" {line} " in codes


@dataclass(frozen=True, slots=True)
class Combination:
    """How many pieces share these values."""

    kind: str
    stage: str
    language: str
    line_codes: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Values of each filter with how many pieces choosing it would show."""

    kinds: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    stages: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """A page of the library.  `snippets` by asset id, for a search."""

    cards: tuple[Card, ...]
    total: int
    facets: Facets
    page: Page[Card] | None = None
    snippets: dict[int, Snippet] = field(default_factory=dict)
    instead: tuple[str, ...] = ()
    is_capped: bool = False


def browse(
    db: ViewerSession, filters: Filters, request: PageRequest, *, since: dt.datetime | None
) -> Results:
    """Without words: newest first."""
    narrowed = _narrowed(select(*CARD), filters, since)
    facets = _facets(_combinations(db, filters, since), filters)
    page = _page(db, narrowed, filters, request, since)
    return Results(page.rows, page.total, facets, page)


def search_for(db: ViewerSession, text: str, filters: Filters) -> Results:
    """By words: the best first."""
    found = search.find(db, text)
    combinations = [_combination(hit) for hit in found.hits]
    kept = [
        hit.id for hit, each in zip(found.hits, combinations, strict=True) if filters.holds(each)
    ]
    shown = kept[:BEST]
    by_id = cards(db, shown)
    return Results(
        tuple(by_id[id_] for id_ in shown if id_ in by_id),
        len(kept),
        _facets(combinations, filters),
        snippets=search.snippets(db, found.wanted, shown),
        instead=found.instead,
        is_capped=found.is_capped,
    )


def _combination(hit: Hit) -> Combination:
    return Combination(hit.kind, hit.stage, hit.language, hit.line_codes, 1)


def _combinations(
    db: ViewerSession, filters: Filters, since: dt.datetime | None
) -> list[Combination]:
    query = select(
        Asset.kind, Asset.stage, Asset.language, Asset.line_codes, func.count(Asset.id)
    ).group_by(Asset.kind, Asset.stage, Asset.language, Asset.line_codes)
    return [Combination(*tuple(row)) for row in db.execute(_only(query, filters, since))]


def _facets(combinations: Sequence[Combination], filters: Filters) -> Facets:
    facets = Facets()
    for each in combinations:
        if filters.holds(each, but="kind"):
            _count(facets.kinds, [each.kind], each.count)
        if filters.holds(each, but="line"):
            _count(facets.lines, each.line_codes.split(), each.count)
        if filters.holds(each, but="stage"):
            _count(facets.stages, [each.stage], each.count)
        if filters.holds(each, but="language") and each.language:
            _count(facets.languages, [each.language], each.count)
    return facets


def _count(counts: dict[str, int], values: Iterable[str], by: int) -> None:
    for value in values:
        counts[str(value)] = counts.get(str(value), 0) + by


def _narrowed(query: Wide, filters: Filters, since: dt.datetime | None) -> Select[*Anything]:
    query = _only(query, filters, since)
    if filters.kind:
        query = query.where(Asset.kind == AssetKind(filters.kind))
    if filters.line:
        query = query.where(
            or_(Asset.line_codes == "", Asset.line_codes.contains(f" {filters.line} "))
        )
    if filters.stage:
        query = query.where(Asset.stage.in_((Stage.ANY, Stage(filters.stage))))
    if filters.language:
        query = query.where(Asset.language == filters.language)
    return query


def _only(query: Wide, filters: Filters, since: dt.datetime | None) -> Select[*Anything]:
    query = query.where(Asset.state == AssetState.LIVE)
    if filters.only == "favourites":
        query = query.where(Asset.id.in_(select(Favourite.asset_id)))
    if filters.only == "new" and since is not None:
        query = query.where(Asset.published_at > since)
    return query


def _page(
    db: ViewerSession,
    query: Wide,
    filters: Filters,
    request: PageRequest,
    since: dt.datetime | None,
) -> Page[Card]:
    total = db.scalar(
        select(func.count()).select_from(
            _narrowed(select(Asset.id), filters, since).limit(1001).subquery()
        )
    )
    cursor = request.after or request.before
    if cursor is not None:
        at = cursor.values[0]
        older = (Asset.published_at < at) | ((Asset.published_at == at) & (Asset.id < cursor.id))
        newer = (Asset.published_at > at) | ((Asset.published_at == at) & (Asset.id > cursor.id))
        query = query.where(newer if request.before else older)
    if request.before:
        query = query.order_by(Asset.published_at.asc(), Asset.id.asc())
    else:
        query = query.order_by(Asset.published_at.desc(), Asset.id.desc())
    rows = [card(row) for row in db.execute(query.limit(request.limit))]
    return Page.cut(rows, request, _place, total=total or 0)


def _place(row: Card) -> Cursor:
    return Cursor("", (row.published_at,), row.id)


def since_last_visit(db: ViewerSession) -> dt.datetime | None:
    """When the viewer's visit before this one ended; None on the first."""
    return db.scalar(select(LibraryVisit.since_at).where(LibraryVisit.user_id == db.viewer.user_id))


def count_new(db: ViewerSession, since: dt.datetime | None) -> int:
    if since is None:
        return 0
    query = select(func.count(Asset.id)).where(
        Asset.state == AssetState.LIVE, Asset.published_at > since
    )
    return db.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What a person took, once for each piece, and whether there is a newer version."""

    asset_ref: str
    title: str
    kind: AssetKind
    state: AssetState
    number: int
    current_number: int
    at: dt.datetime
    is_branded: bool
    deal_ref: str

    @property
    def is_outdated(self) -> bool:
        return self.number < self.current_number and self.state is AssetState.LIVE


def my_downloads(db: ViewerSession, *, most: int = 200) -> list[Taken]:
    """The viewer's last download of each piece that it still sees, newest first."""
    last = (
        select(func.max(Download.id))
        .where(Download.user_id == db.viewer.user_id)
        .group_by(Download.asset_id)
    )
    query = (
        select(
            Asset.ref,
            Asset.title,
            Asset.kind,
            Asset.state,
            AssetVersion.number,
            Asset.current_number,
            Download.created_at,
            Download.is_branded,
            Download.deal_ref,
        )
        .select_from(Download)
        .join(Asset, Asset.id == Download.asset_id)
        .join(AssetVersion, AssetVersion.id == Download.version_id)
        .where(Download.id.in_(last))
        .order_by(Download.id.desc())
        .limit(most)
    )
    return [Taken(*row) for row in db.execute(query)]


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A wish and its answer."""

    ref: str
    created_at: dt.datetime
    words: str
    note: str
    state: RequestState
    answer: str
    answered_at: dt.datetime | None
    asset_ref: str | None
    asset_title: str | None


def my_requests(db: ViewerSession, *, most: int = 50) -> list[RequestRow]:
    """What the viewer asked for, newest first; a piece in an answer only if the viewer sees it."""
    query = (
        select(
            AssetRequest.ref,
            AssetRequest.created_at,
            AssetRequest.words,
            AssetRequest.note,
            AssetRequest.state,
            AssetRequest.answer,
            AssetRequest.answered_at,
            Asset.ref,
            Asset.title,
        )
        .outerjoin(Asset, Asset.id == AssetRequest.asset_id)
        .where(AssetRequest.user_id == db.viewer.user_id)
        .order_by(AssetRequest.id.desc())
        .limit(most)
    )
    return [RequestRow(*row) for row in db.execute(query)]
