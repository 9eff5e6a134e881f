"""Keeping the search index in step: the tokens of an asset, and the three-letter runs of its
words.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Delete, delete, select

from portal.catalogue.models import Line
from portal.collateral.models import (
    Asset,
    AssetText,
    AssetToken,
    AssetVersion,
    BrandZone,
    SearchGram,
    VersionPage,
)
from portal.collateral.queries import assets as queries
from portal.collateral.rules import words
from portal.db.session import SystemSession

MOST_NEW_WORDS = 5_000


def index(db: SystemSession, asset: Asset) -> None:
    """Write the tokens of the asset and of its current version."""
    version = db.scalar(
        select(AssetVersion).where(
            AssetVersion.asset_id == asset.id, AssetVersion.number == asset.current_number
        )
    )
    texts = [asset.summary, asset.usage_rights]
    if version is not None:
        texts += [version.subject, version.body, *queries.page_texts(db, version.id)]
    head = words.tokens_of(head_of(asset, _line_names(db, asset)), asset.language)
    body = words.tokens_of("\n".join(texts), asset.language)
    row = db.get(AssetText, asset.id)
    if row is None:
        db.add(AssetText(id=asset.id, head=head, body=body))
    else:
        row.head, row.body = head, body
    db.flush()
    _learn(db, f"{head} {body}".split())


def head_of(asset: Asset, line_names: Iterable[str]) -> str:
    """The words that weigh most: title, labels and tags."""
    labels = (asset.kind.label, asset.industry, asset.campaign, asset.tags, asset.ref)
    return " ".join((asset.title, *labels, *line_names))


def _line_names(db: SystemSession, asset: Asset) -> list[str]:
    codes = asset.line_codes.split()
    return list(db.scalars(select(Line.name).where(Line.code.in_(codes)).order_by(Line.name)))


def _learn(db: SystemSession, tokens: Iterable[str]) -> None:
    """Remember words that a mistyped one may mean; numbers and very short ones are not."""
    plain = {t for t in tokens if 4 <= len(t) <= words.LONGEST_WORD and t.isalpha()}
    new = sorted(plain)[:MOST_NEW_WORDS]
    known: set[str] = set()
    for at in range(0, len(new), 500):
        batch = new[at : at + 500]
        starts = {f"_{word[:2]}" for word in batch}
        query = select(SearchGram.word).where(
            SearchGram.gram.in_(starts), SearchGram.word.in_(batch)
        )
        known |= set(db.scalars(query))
    db.add_all(
        SearchGram(gram=gram, word=word)
        for word in new
        if word not in known
        for gram in sorted(words.grams_of(word))
    )
    db.flush()


def removals(asset_id: int) -> list[Delete]:
    """What hangs on a draft, in the order that foreign keys need."""
    versions = select(AssetVersion.id).where(AssetVersion.asset_id == asset_id)
    return [
        delete(BrandZone).where(BrandZone.version_id.in_(versions)),
        delete(VersionPage).where(VersionPage.version_id.in_(versions)),
        delete(AssetVersion).where(AssetVersion.asset_id == asset_id),
        delete(AssetText).where(AssetText.id == asset_id),
        delete(AssetToken).where(AssetToken.asset_id == asset_id),
    ]
