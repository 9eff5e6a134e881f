"""A clock that tests hold in their hands."""

from __future__ import annotations

import datetime as dt

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, now: dt.datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_(self, **lengths: float) -> dt.datetime:
        self.now += dt.timedelta(**lengths)
        return self.now
