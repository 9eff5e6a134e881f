"""The one thing a page view may write: that it happened.

A GET's own transaction is read-only.  Last-seen instants and views of a record are written here,
in a short transaction of their own, before the answer is sent.
"""

from __future__ import annotations

from collections.abc import Callable

from portal.db.session import SystemSession
from portal.web.services import Services


def record(services: Services, write: Callable[[SystemSession], None]) -> None:
    """Run `write` and commit.  `write` adds or updates sightings and nothing else."""
    with services.system_session() as db:
        write(db)
        db.commit()
