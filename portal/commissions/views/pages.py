"""The area that every page of commissions belongs to, and what several of them show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from portal.commissions.queries import statements
from portal.commissions.queries.statements import LineRow, PortionRow
from portal.commissions.rules import payment
from portal.commissions.rules.payment import Standing
from portal.kernel.errors import NotFound
from portal.kernel.money import Money
from portal.web.area import Area, Visit

area = Area("commissions", __name__)

HEADER = (
    "Number",
    "Day",
    "Statement",
    "Partner",
    "Customer",
    "Deal",
    "Product",
    "What",
    "Plan",
    "Rule",
    "Amount",
    "Currency",
)


def own_partner(visit: Visit) -> int:
    """Raises NotFound for staff, who earn nothing."""
    if visit.viewer.partner_id is None:
        raise NotFound
    return visit.viewer.partner_id


def cells(rows: Iterable[LineRow]) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            row.ref,
            row.happened_on,
            f"{row.month:%Y-%m}",
            row.partner,
            row.customer,
            row.deal_ref,
            row.product,
            row.kind,
            f"{row.plan} v{row.version}" if row.plan else "",
            row.rule,
            Money(row.amount_minor, row.currency).amount,
            row.currency,
        ]


def with_standing(
    visit: Visit, rows: Iterable[LineRow]
) -> list[tuple[LineRow, Standing, list[PortionRow]]]:
    """Each line with where its money is."""
    found = list(rows)
    with visit.db.as_system("where the money of a visible commission is") as system:
        portions = statements.portions_of(system, [row.id for row in found])
    return [
        (row, payment.standing(row.amount_minor, parts), parts)
        for row in found
        for parts in (portions.get(row.id, []),)
    ]
