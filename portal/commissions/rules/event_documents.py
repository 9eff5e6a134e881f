"""Events as plain data, the way they are stored, and back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from portal.commissions.rules.documents import read, write
from portal.commissions.rules.facts import Event


def event_to_data(event: Event) -> dict[str, Any]:
    """What `event_from` reads back as the same event; fields at their default are left out."""
    return cast("dict[str, Any]", write(event))


def event_from(data: dict[str, Any]) -> Event:
    event = read(Event, data)
    unit_cost = None if event.unit_cost is None else Decimal(event.unit_cost)
    return replace(event, quantity=Decimal(event.quantity), unit_cost=unit_cost)
