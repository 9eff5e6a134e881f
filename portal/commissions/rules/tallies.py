"""Running totals between events: what a book holds as rows, and what an event added to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from portal.commissions.rules.book import Book, Cell, LimitKey, TotalKey
from portal.commissions.rules.facts import Event, period_of
from portal.commissions.rules.plan import Counts, Over, Plan

TOTAL, PAID, ADVANCE = "total", "paid", "advance"


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Which total.  `counts` is what a total counts, or whether a limit is a cap or a floor."""

    kind: str
    plan: str
    rule: str
    payee: str
    scope: str
    counts: str

    @property
    def partner(self) -> str:
        """The company's code; a person's total has the person behind a slash."""
        return self.payee.split("/")[0]

    def to_list(self) -> list[str]:
        return [self.kind, self.plan, self.rule, self.payee, self.scope, self.counts]


def fill(book: Book, values: Iterable[tuple[Key, Fraction]]) -> None:
    """Puts stored totals into a book."""
    for key, value in values:
        if key.kind == TOTAL:
            total = TotalKey(key.plan, key.rule, key.payee, key.scope, Counts(key.counts))
            whole = value.numerator if value.denominator == 1 else value
            book.totals[total] = Cell(whole)
            continue
        limit = LimitKey(key.plan, key.rule, key.payee, key.counts, key.scope)
        into = book.paid if key.kind == PAID else book.advances
        into[limit] = int(value)


def held_by(book: Book) -> dict[Key, Fraction]:
    """Everything a book holds."""
    found = {
        Key(TOTAL, k.plan, k.rule, k.payee, k.scope, k.counts.value): Fraction(cell.total)
        for k, cell in book.totals.items()
    }
    for kind, limits in ((PAID, book.paid), (ADVANCE, book.advances)):
        for k, minor in limits.items():
            found[Key(kind, k.plan, k.rule, k.payee, k.scope, k.kind)] = Fraction(minor)
    return found


def added(before: dict[Key, Fraction], after: dict[Key, Fraction]) -> dict[Key, Fraction]:
    """What changed, as differences."""
    return {
        key: value - before.get(key, 0)
        for key, value in sorted(after.items())
        if value != before.get(key, 0)
    }


def scopes_of(event: Event, plans: Iterable[Plan]) -> set[str]:
    """Every period and deal whose totals this event can read."""
    periods = {
        period_of(event.day, over, plan.year_starts_in)
        for plan in plans
        for over in Over
        if over is not Over.DEAL
    }
    return periods | ({f"deal {event.deal}"} if event.deal else set())


def plus(text: str, difference: Fraction) -> Fraction:
    """A stored total with `difference` added."""
    return Fraction(text) + difference
