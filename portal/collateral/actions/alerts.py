"""Who is told by mail: those who took an older version, and those whose wish was answered."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from portal.accounts import queries as people
from portal.collateral.models import Asset, AssetRequest, AssetToken, AssetVersion, Download
from portal.collateral.rules.events import AssetPublished, RequestAnswered
from portal.db import outbox
from portal.db.outbox import Post
from portal.db.session import SystemSession
from portal.kernel.errors import NotFound
from portal.kernel.event import Event

AT_ONCE = dt.timedelta(0)
LOOKING_BACK = dt.timedelta(days=365)


def newer_version(db: SystemSession, happened: Event, now: dt.datetime) -> None:
    """One letter to each person who took an older version in the last year and still sees it."""
    assert isinstance(happened, AssetPublished)
    if not happened.is_new_version:
        return
    asset = db.get_one(Asset, happened.subject_id)
    tokens = frozenset(db.scalars(select(AssetToken.token).where(AssetToken.asset_id == asset.id)))
    for user_id in _takers(db, asset.id, happened.number, since=now - LOOKING_BACK):
        person = people.addressee(db, user_id)
        if person is None or not _sees(db, user_id, tokens):
            continue
        letter = Post(
            template="collateral/newer_version",
            address=person.email,
            facts={
                "name": person.name,
                "title": asset.title,
                "ref": asset.ref,
                "number": happened.number,
            },
            user_id=user_id,
            partner_id=person.partner_id,
            dedupe=f"{asset.ref}:v{happened.number}:{user_id}",
        )
        outbox.post(db, letter, now=now, hold=AT_ONCE)


def _takers(db: SystemSession, asset_id: int, number: int, *, since: dt.datetime) -> list[int]:
    query = (
        select(Download.user_id)
        .join(AssetVersion, AssetVersion.id == Download.version_id)
        .where(
            Download.asset_id == asset_id,
            Download.created_at >= since,
            Download.user_id.is_not(None),
            AssetVersion.number < number,
        )
        .distinct()
        .order_by(Download.user_id)
    )
    return [user_id for user_id in db.scalars(query) if user_id is not None]


def _sees(db: SystemSession, user_id: int, tokens: frozenset[str]) -> bool:
    try:
        viewer = people.viewer_for(db, user_id)
    except NotFound:
        return False
    return viewer.is_vendor or bool(viewer.audience & tokens)


def answered(db: SystemSession, happened: Event, now: dt.datetime) -> None:
    """A letter to whoever asked."""
    assert isinstance(happened, RequestAnswered)
    request = db.get_one(AssetRequest, happened.subject_id)
    person = people.addressee(db, request.user_id)
    if person is None:
        return
    letter = Post(
        template="collateral/answered",
        address=person.email,
        facts={"name": person.name, "words": request.words, "answer": request.answer},
        user_id=person.user_id,
        partner_id=person.partner_id,
        dedupe=f"{request.ref}:answered",
    )
    outbox.post(db, letter, now=now, hold=AT_ONCE)
