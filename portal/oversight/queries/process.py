"""Registrations of a period for the report on the process.  Imported history is left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.accounts.models import Assignment, User
from portal.catalogue.models import Line
from portal.db import keyset
from portal.db.keyset import Key
from portal.db.session import Anything, ViewerSession
from portal.deals.models import Deal
from portal.deals.rules.lifecycle import DealState
from portal.kernel.page import Page, PageRequest
from portal.oversight.rules.process import STATES_OF, Case, Stage
from portal.partners.models import Partner
from portal.partners.rules import PartnerType
from portal.programme.models import Region, Tier

NOBODY = "none"
"""Stands for registrations that have nothing of a kind: no tier, no region, no manager."""

_Manager = aliased(User)
_KEY = Key(Deal.submitted_at, Deal.id)


class By(StrEnum):
    """What the report is broken down by, and can be narrowed to."""

    PARTNER = "partner"
    TYPE = "type"
    TIER = "tier"
    REGION = "region"
    LINE = "line"
    MANAGER = "manager"


_CODES: Mapping[By, InstrumentedAttribute[Any]] = {
    By.PARTNER: Partner.ref,
    By.TYPE: Partner.kind,
    By.TIER: Tier.code,
    By.REGION: Region.code,
    By.LINE: Line.code,
    By.MANAGER: _Manager.ref,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Registrations sent in [starts_at, ends_at), narrowed to one code of each kind in `only`."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    only: Mapping[By, str] = field(default_factory=dict)


def list_cases(db: ViewerSession, wanted: Wanted, by: By) -> list[Case]:
    """Every registration that the figures count.  One statement."""
    query = select(
        _CODES[by],
        Deal.state,
        Deal.submitted_at,
        Deal.decided_at,
        Deal.closed_at,
        Deal.reason,
        Deal.lost_reason,
    )
    return [Case(str(code or NOBODY), *rest) for code, *rest in db.execute(_joined(query, wanted))]


def list_labels(db: ViewerSession, by: By) -> dict[str, str]:
    """The name of each code, for those that the viewer knows."""
    match by:
        case By.TYPE:
            return {kind.value: kind.label for kind in PartnerType}
        case By.PARTNER:
            query = select(Partner.ref, Partner.name)
        case By.TIER:
            query = select(Tier.code, Tier.name)
        case By.REGION:
            query = select(Region.code, Region.name)
        case By.LINE:
            query = select(Line.code, Line.name)
        case By.MANAGER:
            managers = select(Assignment.user_id)
            query = select(User.ref, User.name).where(User.id.in_(managers))
    return {row[0]: row[1] for row in db.execute(query)}


@dataclass(frozen=True, slots=True)
class DealRow:
    ref: str
    customer: str
    partner: str
    line: str
    state: DealState
    submitted_at: dt.datetime
    decided_at: dt.datetime | None
    closed_at: dt.datetime | None


def list_deals(
    db: ViewerSession, wanted: Wanted, stage: Stage, request: PageRequest
) -> Page[DealRow]:
    """The registrations behind one figure."""
    query = select(
        Deal.ref,
        Deal.customer_name,
        Partner.name,
        func.coalesce(Line.name, ""),
        Deal.state,
        Deal.submitted_at,
        Deal.decided_at,
        Deal.closed_at,
    ).where(Deal.state.in_(sorted(STATES_OF[stage])))
    return keyset.page(db, _joined(query, wanted), request, key=_KEY, make=_row)


def _row(found: Row[*Anything]) -> DealRow:
    return DealRow(*found[:8])


def _joined(query: Select[*Anything], wanted: Wanted) -> Select[*Anything]:
    return (
        query.select_from(Deal)
        .join(Partner, Partner.id == Deal.partner_id)
        .outerjoin(Tier, Tier.id == Partner.tier_id)
        .outerjoin(Region, Region.id == Partner.region_id)
        .outerjoin(Line, Line.id == Deal.line_id)
        .outerjoin(Assignment, Assignment.partner_id == Partner.id)
        .outerjoin(_Manager, _Manager.id == Assignment.user_id)
        .where(
            Deal.submitted_at >= wanted.starts_at,
            Deal.submitted_at < wanted.ends_at,
            Deal.state != DealState.DRAFT,
            ~Deal.is_history,
            *_only(wanted.only),
        )
    )


def _only(only: Mapping[By, str]) -> Iterator[ColumnElement[bool]]:
    for by, code in only.items():
        if code == NOBODY:
            yield _CODES[by].is_(None)
        elif by is By.TYPE:
            yield Partner.kind.in_([kind for kind in PartnerType if kind == code])
        else:
            yield _CODES[by] == code
