"""What people do in the library: look round, take, mark, search, ask for what is not there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from portal.collateral.models import (
    AssetRequest,
    Download,
    Favourite,
    LibraryVisit,
    Search,
    Synonym,
)
from portal.collateral.models.use import RequestState
from portal.collateral.queries import assets as queries
from portal.collateral.rules import words
from portal.collateral.rules.events import RequestAnswered, RequestAsked
from portal.db.events import publish as tell
from portal.db.session import SystemSession, ViewerSession
from portal.kernel.errors import NotFound, Refused, Stale

VISIT = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    asset_id: int
    version_id: int
    partner_id: int | None
    user_id: int | None
    deal_ref: str = ""
    is_branded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    new_ref: str
    words: str
    note: str = ""


def note_download(db: SystemSession, take: Take, *, now: dt.datetime) -> None:
    db.add(
        Download(
            created_at=now,
            asset_id=take.asset_id,
            version_id=take.version_id,
            partner_id=take.partner_id,
            user_id=take.user_id,
            deal_ref=take.deal_ref,
            is_branded=take.is_branded,
        )
    )
    db.flush()


def note_visit(db: SystemSession, user_id: int, *, now: dt.datetime) -> None:
    """An hour away begins a new visit, to which all since the end of the last one is new."""
    visit = db.scalar(select(LibraryVisit).where(LibraryVisit.user_id == user_id))
    if visit is None:
        db.add(LibraryVisit(created_at=now, user_id=user_id, seen_at=now, since_at=now))
    else:
        if now - visit.seen_at > VISIT:
            visit.since_at = visit.seen_at
        visit.seen_at = now
    db.flush()


def note_search(
    db: SystemSession, text: str, found: int, *, partner_id: int | None, now: dt.datetime
) -> None:
    """Keep what was looked for, folded; nothing of who looked but the company."""
    folded = " ".join(words.words_of(text))[:200]
    if folded:
        db.add(Search(created_at=now, words=folded, found=found, partner_id=partner_id))
        db.flush()


def switch_favourite(db: ViewerSession, ref: str, *, now: dt.datetime) -> bool:
    """Whether it is one now.  Raises NotFound."""
    asset = queries.get_asset(db, ref)
    row = db.scalar(select(Favourite).where(Favourite.asset_id == asset.id))
    if row is not None:
        db.delete(row)
        db.flush()
        return False
    db.add(Favourite(created_at=now, user_id=db.viewer.user_id, asset_id=asset.id))
    db.flush()
    return True


def ask(db: ViewerSession, command: Ask, *, now: dt.datetime) -> AssetRequest:
    """Tell marketing what is missing."""
    request = AssetRequest(
        created_at=now,
        ref=command.new_ref,
        partner_id=db.viewer.partner_id,
        user_id=db.viewer.user_id,
        words=command.words,
        note=command.note,
    )
    db.add(request)
    db.flush()
    happened = RequestAsked(subject_id=request.id, partner_id=request.partner_id, ref=request.ref)
    tell(db, happened, now=now)
    return request


def answer(
    db: ViewerSession, ref: str, text: str, *, asset_ref: str, now: dt.datetime
) -> AssetRequest:
    """Answer a request in words, with a piece, or both.  Raises NotFound, Stale, Refused."""
    request = db.scalar(select(AssetRequest).where(AssetRequest.ref == ref))
    if request is None:
        raise NotFound
    if request.state is not RequestState.OPEN:
        raise Stale("Somebody answered this request meanwhile.")
    if not text and not asset_ref:
        raise Refused("Write an answer, or name a piece.", code="no_answer", field="answer")
    if asset_ref:
        request.asset_id = queries.get_asset(db, asset_ref).id
    request.state, request.answer, request.answered_at = RequestState.ANSWERED, text, now
    db.flush()
    happened = RequestAnswered(
        subject_id=request.id, partner_id=request.partner_id, ref=ref, asset_ref=asset_ref
    )
    tell(db, happened, now=now)
    return request


def set_synonyms(db: ViewerSession, lines: list[str], *, now: dt.datetime) -> int:
    """Replace the synonyms, one line for words that mean the same, parted by commas; how many.

    Raises Refused("one_word") for a line of a single word.
    """
    tidy = [
        ", ".join(filter(None, (" ".join(words.words_of(w)) for w in line.split(","))))
        for line in lines
    ]
    for line in tidy:
        if line and "," not in line:
            raise Refused(
                f"“{line}” stands alone. Put what means the same on its line, after a comma.",
                code="one_word",
                field="lines",
            )
    for row in db.scalars(select(Synonym)):
        db.delete(row)
    kept = [Synonym(created_at=now, words=line[:500]) for line in tidy if line]
    db.add_all(kept)
    db.flush()
    return len(kept)
