"""Versions of plans, as they were written."""

from __future__ import annotations

from sqlalchemy import select

from portal.commissions.models import PlanVersion
from portal.db.session import SystemSession, ViewerSession
from portal.kernel.errors import NotFound


def find_latest(db: SystemSession | ViewerSession, plan: str) -> PlanVersion | None:
    query = select(PlanVersion).where(PlanVersion.plan == plan)
    return db.scalar(query.order_by(PlanVersion.version.desc()).limit(1))


def list_versions(db: SystemSession | ViewerSession) -> list[PlanVersion]:
    """By plan, the newest version first."""
    query = select(PlanVersion).order_by(PlanVersion.plan, PlanVersion.version.desc())
    return list(db.scalars(query))


def get_version(db: SystemSession | ViewerSession, plan: str, version: int) -> PlanVersion:
    """Raises NotFound."""
    query = select(PlanVersion).where(PlanVersion.plan == plan, PlanVersion.version == version)
    found = db.scalar(query)
    if found is None:
        raise NotFound
    return found
