"""From lines to payouts: what is payable on a day, what waits for the minimum, what is carried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.commissions.rules.lines import Line


@dataclass(frozen=True, slots=True)
class Payout:
    """One payee on one payout day.  `paid` is zero or more; `carried` goes to the next."""

    partner: str
    person: str
    currency: str
    day: date
    paid: int
    carried: int


def payouts(
    lines: Iterable[Line], days: Sequence[date], minimum: Mapping[str, int]
) -> list[Payout]:
    """Every payee's payouts on `days`, in order of payee and day.

    A negative balance is carried until it is earned back, and so is less than the currency's
    `minimum`.
    """
    due: dict[tuple[str, str, str], list[tuple[date, int]]] = {}
    for line in lines:
        payee = (line.partner, line.person, line.amount.currency)
        due.setdefault(payee, [])
        due[payee] += [(portion.payable_on, portion.minor) for portion in line.portions]
    found: list[Payout] = []
    for (partner, person, currency), portions in sorted(due.items()):
        carried, since = 0, date.min
        for day in sorted(days):
            carried += sum(minor for on, minor in portions if since < on <= day)
            paid = carried if carried > 0 and carried >= minimum.get(currency, 0) else 0
            carried -= paid
            found.append(Payout(partner, person, currency, day, paid, carried))
            since = day
    return found
