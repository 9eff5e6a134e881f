"""Every read of the programme: the deal rules in force, their versions, regions and tiers."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select

from portal.db.session import Prepared, SystemSession, ViewerSession
from portal.kernel.errors import NotFound
from portal.programme.models import DealCase, DealRulesVersion, Region, Tier
from portal.programme.rules.deal_rules import DealRules

BUILT_IN = 0
"""The number of the rules that hold until a vendor sets its own: the defaults of DealRules."""

_IN_FORCE = Prepared(
    select(DealRulesVersion.number, DealRulesVersion.document)
    .where(DealRulesVersion.effective_at <= bindparam("now"))
    .order_by(DealRulesVersion.effective_at.desc(), DealRulesVersion.number.desc())
    .limit(1)
)


ZONE_IN_FORCE = (
    select(DealRulesVersion.document["calendar"]["zone"].as_string())
    .where(DealRulesVersion.effective_at <= bindparam("now"))
    .order_by(DealRulesVersion.effective_at.desc(), DealRulesVersion.number.desc())
    .limit(1)
    .scalar_subquery()
)
"""The time zone of the rules in force at `now`, to be selected beside other things; may be NULL."""


@lru_cache(maxsize=32)
def _read(document: str) -> DealRules:
    """Reading checks everything and takes half a millisecond; the rules in force rarely change."""
    return DealRules.from_dict(json.loads(document))


def rules_at(db: ViewerSession | SystemSession, now: dt.datetime) -> tuple[int, DealRules]:
    """The number and the deal rules in force at `now`.

    Of two versions that start at the same instant the later number holds.
    """
    rows = db.rows(_IN_FORCE, now=now)
    if not rows:
        return BUILT_IN, DealRules()
    return rows[0].number, _read(json.dumps(rows[0].document, sort_keys=True))


def region_choices(db: ViewerSession | SystemSession) -> dict[str, str]:
    """Id as text, and name, of every region, by name."""
    query = select(Region.id, Region.name).order_by(Region.name, Region.id)
    return {str(row.id): row.name for row in db.execute(query)}


def tier_choices(db: ViewerSession | SystemSession) -> dict[str, str]:
    """Id as text, and name, of every tier, the best first."""
    query = select(Tier.id, Tier.name).order_by(Tier.rank.desc(), Tier.id)
    return {str(row.id): row.name for row in db.execute(query)}


def newest_rules(db: ViewerSession | SystemSession) -> tuple[int, DealRules]:
    """The last version published, whether or not it has begun."""
    query = select(DealRulesVersion.number, DealRulesVersion.document)
    row = db.execute(query.order_by(DealRulesVersion.number.desc()).limit(1)).first()
    return (row.number, DealRules.from_dict(row.document)) if row else (BUILT_IN, DealRules())


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of the deal rules, as the settings list it."""

    number: int
    created_at: dt.datetime
    effective_at: dt.datetime
    user_id: int | None
    note: str
    document: dict[str, Any]


def list_versions(db: ViewerSession) -> list[VersionRow]:
    """Newest first, a hundred at most."""
    query = select(
        DealRulesVersion.number,
        DealRulesVersion.created_at,
        DealRulesVersion.effective_at,
        DealRulesVersion.user_id,
        DealRulesVersion.note,
        DealRulesVersion.document,
    )
    newest = query.order_by(DealRulesVersion.number.desc()).limit(100)
    return [VersionRow(*row) for row in db.execute(newest)]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A kept case."""

    id: int
    name: str
    claim: dict[str, Any]
    expected: str


def list_cases(db: ViewerSession) -> list[CaseRow]:
    query = select(DealCase.id, DealCase.name, DealCase.claim, DealCase.expected)
    return [CaseRow(*row) for row in db.execute(query.order_by(DealCase.name, DealCase.id))]


def get_case(db: ViewerSession, case_id: int) -> DealCase:
    """Raises NotFound."""
    case = db.get(DealCase, case_id)
    if case is None:
        raise NotFound
    return case


def get_version(db: ViewerSession, number: int) -> tuple[VersionRow, DealRules]:
    """A version and the rules of the one before it.  Raises NotFound."""
    versions = {version.number: version for version in list_versions(db)}
    if number not in versions:
        raise NotFound
    before = versions.get(number - 1)
    return versions[number], DealRules.from_dict(before.document) if before else DealRules()
