"""How often somebody may try something, counted across all hosts."""

from __future__ import annotations

import datetime as dt

from portal.db import buckets
from portal.web.errors import TooMany
from portal.web.services import Services


def check(
    services: Services, key: str, *, most: int, window: dt.timedelta, now: dt.datetime
) -> None:
    """Count one try under `key`.  Raises TooMany past `most` within the window."""
    count = buckets.count_up(services.engines.write, key, window=window, now=now)
    if count > most:
        raise TooMany(
            f"That was tried more than {most} times. {_when(window)}",
            seconds=int(window.total_seconds()),
        )


def _when(window: dt.timedelta) -> str:
    minutes = int(window.total_seconds() // 60)
    if minutes < 60:
        return f"Try again in {minutes} minutes." if minutes > 1 else "Try again in a minute."
    hours = minutes // 60
    return f"Try again in {hours} hours." if hours > 1 else "Try again in an hour."
