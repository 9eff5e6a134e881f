"""Lists as people like to see them, kept under a name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.accounts import queries
from portal.accounts.models import SavedView
from portal.db.session import ViewerSession
from portal.kernel.errors import Refused

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveView:
    """`page` is the list's path, `query` its part of the address after the question mark."""

    page: str
    query: str
    name: str
    is_shared: bool


def save(db: ViewerSession, command: SaveView, *, now: dt.datetime) -> SavedView:
    """Keep the view; one of the same name on that list is replaced.  Raises Refused("too_many")."""
    mine = [view for view in queries.list_views(db, command.page) if view.is_mine]
    view = queries.find_own_view(db, command.page, command.name)
    if view is None:
        if len(mine) >= MOST:
            raise Refused(f"You have {MOST} views here. Remove one first.", code="too_many")
        view = SavedView(
            created_at=now,
            user_id=db.viewer.user_id,
            partner_id=db.viewer.partner_id,
            page=command.page,
            name=command.name,
        )
        db.add(view)
    view.query, view.is_shared = command.query, command.is_shared
    db.flush()
    return view


def remove(db: ViewerSession, page: str, name: str) -> None:
    """Raises NotFound for a view that is not the viewer's own."""
    db.delete(queries.get_own_view(db, page, name))
    db.flush()
