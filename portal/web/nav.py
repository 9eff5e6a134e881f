"""The menu, as data: who gets which entries in which order.  Counts are filled in per request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from portal.kernel.policy import May
from portal.kernel.viewer import Viewer
from portal.web.signin import Person


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go.  `count` names the figure beside it; `side` is vendor, partner or both."""

    label: str
    icon: str
    endpoint: str
    needs: May
    count: str = ""
    side: str = "both"
    group: str = ""
    number: int | None = None
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """All entries, the buttons of which the first permitted one is shown, and the figures."""

    entries: tuple[Entry, ...]
    buttons: tuple[Entry, ...]
    counts: Callable[[Person], dict[str, int | None]]


def permitted(entries: Iterable[Entry], viewer: Viewer) -> list[Entry]:
    """The entries this viewer has, in order."""
    side = "vendor" if viewer.is_vendor else "partner"
    return [e for e in entries if e.side in {"both", side} and viewer.may(e.needs)]


def marked(
    entries: list[Entry], *, endpoint: str | None, counts: dict[str, int | None]
) -> list[Entry]:
    """With the current entry marked and figures filled in.

    The current entry is the one that names the endpoint, else the first of its area.
    """
    area = (endpoint or "").split(".")[0]
    named = [e for e in entries if e.endpoint == endpoint]
    near = [e for e in entries if e.endpoint.split(".")[0] == area]
    current = next(iter(named or near), None)
    return [
        replace(e, number=counts.get(e.count) if e.count else None, is_current=e is current)
        for e in entries
    ]
