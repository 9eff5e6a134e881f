"""One registration: the row to act on, and what its page shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.catalogue.models import Line
from portal.db.session import Prepared, SystemSession, ViewerSession
from portal.deals.models import Deal, Message, Protection, Sighting
from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.states import ProtectionState, Visibility
from portal.kernel.errors import NotFound
from portal.partners.models import Partner


def get_deal(db: ViewerSession, ref: str) -> Deal:
    """Raises NotFound, also for a deal outside the viewer's scope, and for others' drafts."""
    deal = find_deal(db, ref)
    if deal is None:
        raise NotFound
    return deal


def find_deal(db: ViewerSession, ref: str) -> Deal | None:
    deal = db.scalar(select(Deal).where(Deal.ref == ref))
    return None if deal is None or _is_others_draft(db, deal) else deal


def _is_others_draft(db: ViewerSession, deal: Deal) -> bool:
    """Drafts are for whoever wrote them and their company; staff see those of a history only."""
    if deal.submitted_at is not None:
        return False
    viewer = db.viewer
    if viewer.is_vendor:
        return not deal.is_history
    return viewer.user_id != deal.registered_by_id and viewer.partner_id != deal.partner_id


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The names around a registration.  `starts_at` to `ends_at` is its latest protection."""

    line: str
    partner: str
    partner_ref: str
    distributor: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    is_live: bool
    extensions: int


_Distributor = aliased(Partner)

_SURROUNDINGS = Prepared(
    select(
        func.coalesce(Line.name, "").label("line"),
        func.coalesce(Partner.name, "").label("partner"),
        func.coalesce(Partner.ref, "").label("partner_ref"),
        func.coalesce(_Distributor.name, "").label("distributor"),
        Protection.starts_at,
        Protection.ends_at,
        Protection.state,
        Protection.extensions,
    )
    .select_from(Deal)
    .outerjoin(Line, Line.id == Deal.line_id)
    .outerjoin(Partner, Partner.id == Deal.partner_id)
    .outerjoin(_Distributor, _Distributor.id == Deal.distributor_id)
    .outerjoin(Protection, Protection.deal_id == Deal.id)
    .where(Deal.id == bindparam("deal"))
    .order_by(Protection.id.desc())
    .limit(1)
)


def get_surroundings(db: ViewerSession, deal: Deal) -> Surroundings:
    row = db.rows(_SURROUNDINGS, deal=deal.id)[0]
    return Surroundings(
        line=row.line,
        partner=row.partner,
        partner_ref=row.partner_ref,
        distributor=row.distributor,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        is_live=row.state is ProtectionState.LIVE,
        extensions=row.extensions or 0,
    )


@dataclass(frozen=True, slots=True)
class Sibling:
    """A registration of the same customer for another line, sent together with this one."""

    ref: str
    line: str
    state: DealState


def list_bundle(db: ViewerSession, deal: Deal) -> list[Sibling]:
    """The registrations linked to this one, by line; none if it stands alone."""
    if not deal.bundle:
        return []
    query = (
        select(Deal.ref, func.coalesce(Line.name, ""), Deal.state)
        .outerjoin(Line, Line.id == Deal.line_id)
        .where(Deal.bundle == deal.bundle, Deal.id != deal.id)
        .order_by(Line.name, Deal.id)
    )
    return [Sibling(*row) for row in db.execute(query)]


@dataclass(frozen=True, slots=True)
class MessageRow:
    id: int
    at: dt.datetime
    user_id: int
    is_staff_only: bool
    body: str


def list_messages(db: ViewerSession, deal: Deal) -> list[MessageRow]:
    """What was written about it, oldest first; partners get only what is meant for both sides."""
    query = (
        select(Message.id, Message.created_at, Message.user_id, Message.visibility, Message.body)
        .where(Message.deal_id == deal.id)
        .order_by(Message.id)
    )
    return [
        MessageRow(
            row.id, row.created_at, row.user_id, row.visibility is Visibility.STAFF, row.body
        )
        for row in db.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody of the vendor who looked at a registration, and when last."""

    user_id: int
    last_at: dt.datetime
    times: int


def list_looks(db: ViewerSession, deal: Deal) -> list[Look]:
    """Who at the vendor looked at it, the latest first."""
    last = func.max(Sighting.seen_at)
    query = (
        select(Sighting.user_id, last, func.count())
        .where(Sighting.deal_id == deal.id)
        .group_by(Sighting.user_id)
        .order_by(last.desc(), Sighting.user_id)
    )
    return [Look(*row) for row in db.execute(query)]


def is_seen_since(db: SystemSession, *, deal_id: int, user_id: int, since: dt.datetime) -> bool:
    """Whether this person has looked at it after `since`."""
    query = select(Sighting.id).where(
        Sighting.deal_id == deal_id, Sighting.user_id == user_id, Sighting.seen_at > since
    )
    return db.scalar(query.limit(1)) is not None


def names_of(db: SystemSession, user_ids: set[int]) -> dict[int, str]:
    """Names of people who acted on a registration that its reader was allowed to open."""
    query = select(User.id, User.name).where(User.id.in_(user_ids))
    return {row.id: row.name for row in db.execute(query)}
