"""Runs over very many plain sales: tuples in, tuples out, whole numbers throughout.

A plain sale has an id, partner, day, product and amount and nothing else.  It earns what it does in
the engine; the explanation is not built, but can be from each posting.  What whole numbers cannot
say (caps, floors, exchange) takes the engine's way.  The caller sees to it that an id comes once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Generic, TypeVar

from portal.commissions.rules.accrual import Accrual, Accruer
from portal.commissions.rules.book import Book, Cell
from portal.commissions.rules.compiled import WholeCurve, shares
from portal.commissions.rules.explaining import lines_of, nothing
from portal.commissions.rules.facts import Context, Event, Kind, period_of
from portal.commissions.rules.lines import Line
from portal.commissions.rules.matching import choose_plan, goods_mismatch
from portal.commissions.rules.plan import Over, Plan
from portal.commissions.rules.programs import CurveKey, Pay, Program, best_of, compiled, is_whole
from portal.commissions.rules.setting import Setting
from portal.kernel.errors import Refused
from portal.kernel.money import round_half_up, split

Sale = tuple[str, str, str, str, int]
"""Id, partner, day as 2026-01-31, product, amount in minor units, zero or more."""

Before = tuple[int | Fraction, ...]
Posting = tuple[str, str, int, str, int, Program | Accrual, Before]
"""Sale's id, party, minor units, rule (empty: nothing is earned), the party's place in the split,
and what `line` explains it from: the program or accrual, and the totals before."""

K = TypeVar("K")
V = TypeVar("V")


class _Remembered(dict[K, V], Generic[K, V]):
    """Makes a value on its first use; afterwards a plain look-up."""

    def __init__(self, make: Callable[[K], V]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: K) -> V:
        self[key] = self._make(key)
        return self[key]


@dataclass(frozen=True, slots=True)
class _Plain:
    """A program with one rule and one total, laid out for the inner loop.

    Amounts are times `unit`, rates doubled for rounding; `only_party` is empty if there is a split.
    """

    program: Program
    cell: Cell
    curve: WholeCurve
    safe_from: tuple[int, ...]
    safe_to: tuple[float, ...]
    twice_rates: tuple[int, ...]
    unit: int
    twice_unit: int
    parties: tuple[str, ...]
    only_party: str
    weights: tuple[int, ...]
    weight: int
    rule: str


def _plain(program: Program) -> _Plain | None:
    pay = program.only
    if pay is None or pay.cell is None:
        return None
    curve = pay.curve
    return _Plain(
        program=program,
        cell=pay.cell,
        curve=curve,
        safe_from=curve.safe_from,
        safe_to=curve.safe_to,
        twice_rates=tuple(2 * rate for rate in curve.rates),
        unit=curve.denominator,
        twice_unit=2 * curve.denominator,
        parties=pay.parties,
        only_party=pay.parties[0] if len(pay.parties) == 1 else "",
        weights=pay.weights,
        weight=sum(pay.weights),
        rule=pay.rule.id,
    )


class _Kinds:
    """Numbers for what is alike, each with the first example."""

    def __init__(self) -> None:
        self.examples: list[str] = []
        self._numbers: dict[object, int] = {}

    def of(self, kind: object, example: str) -> int:
        number = self._numbers.setdefault(kind, len(self.examples))
        if number == len(self.examples):
            self.examples.append(example)
        return number


_Key = tuple[str, int, int]


class Kernel:
    """One run over sales of one kind in one currency.  `refused` has what could not be taken."""

    def __init__(
        self, plans: Sequence[Plan], context: Context, *, kind: Kind, currency: str
    ) -> None:
        self.refused: list[tuple[str, str, str]] = []
        self._plans, self._context = plans, context
        self._kind, self._currency = kind, currency
        self._book = Book(context)
        self._accruer = Accruer(plans, context, self._book)
        self._turns = _turning_points(plans, context)
        self._year_starts = sorted({plan.year_starts_in for plan in plans})
        self._overs = _overs(plans)
        self._curves: dict[CurveKey, WholeCurve] = {}
        self._day_kinds = _Kinds()
        self._goods_kinds = _Kinds()
        self._days = _Remembered(self._kind_of_day)
        self._goods = _Remembered(self._kind_of_goods)
        self._programs = _Remembered(self._program)

    def run(self, sales: Iterable[Sale]) -> Iterator[Posting]:
        """The postings of `sales` in order; each sale has at least one, if only of zero."""
        programs, days, goods = self._programs, self._days, self._goods
        for ref, partner, day, product, amount in sales:
            program, plain = programs[partner, goods[product], days[day]]
            if plain is None:
                yield from self._with_care((ref, partner, day, product, amount), program)
                continue
            cell = plain.cell
            before, i = cell.total, cell.segment
            after = cell.total = before + amount
            if plain.safe_from[i] <= before and after < plain.safe_to[i]:
                twice: int | Fraction = plain.twice_rates[i] * amount
            else:
                twice = 2 * (plain.curve.value(after) - plain.curve.value(before))
                cell.segment = plain.curve.segment(after)
            # divide_half_up without the call: a run of a million lines waits for this loop
            if twice >= 0:
                minor = (twice + plain.unit) // plain.twice_unit
            else:
                minor = -((plain.unit - twice) // plain.twice_unit)
            if plain.only_party:
                yield ref, plain.only_party, minor, plain.rule, 0, plain.program, (before,)
                continue
            for place, part in enumerate(shares(minor, plain.weights, plain.weight)):
                party = plain.parties[place]
                yield ref, party, part, plain.rule, place, plain.program, (before,)

    def line(self, sale: Sale, posting: Posting) -> Line:
        """The posting as the engine would have made it, with its explanation and snapshot."""
        _, _, _, rule, place, source, before = posting
        event = self._event(sale)
        accrual = source
        if isinstance(accrual, Program):
            book = Book(self._context)
            for (key, _, _), total in zip(accrual.moves, before, strict=False):
                book.totals[key] = Cell(total)
            again = Accruer(self._plans, self._context, book)
            accrual = again.accrue(event, self._kind.value)
        for award in accrual.awards:
            if award.rule.id == rule:
                return lines_of(award, paid_on=event.day, reasons=accrual.reasons)[place]
        return nothing(event, accrual)

    def _with_care(self, sale: Sale, program: Program | Refused | None) -> Iterator[Posting]:
        """Sales of several rules or totals, the engine's, and the refused."""
        ref, partner, _, _, amount = sale
        if isinstance(program, Refused):
            self.refused.append((ref, program.code, program.message))
        elif program is None:
            yield from self._by_engine(sale)
        elif not program.groups:
            yield ref, partner, 0, "", 0, program, _move(program, amount)
        else:
            yield from _by_program(ref, amount, program)

    def _by_engine(self, sale: Sale) -> Iterator[Posting]:
        ref, partner, *_ = sale
        try:
            accrual = self._accruer.accrue(self._event(sale), self._kind.value)
        except Refused as refused:
            self.refused.append((ref, refused.code, refused.message))
            return
        if not accrual.awards:
            yield ref, partner, 0, "", 0, accrual, ()
        for award in accrual.awards:
            parts = split(award.minor, [weight for _, weight in award.parties])
            for place, part in enumerate(parts):
                yield ref, award.parties[place][0], part, award.rule.id, place, accrual, ()

    def _program(self, key: _Key) -> tuple[Program | Refused | None, _Plain | None]:
        partner, goods, day = key
        sale = ("", partner, self._day_kinds.examples[day], self._goods_kinds.examples[goods], 0)
        event = self._event(sale)
        try:
            self._context.product(event.product)
            seller = self._context.partner(partner)
            plan = choose_plan(self._plans, seller, day=event.day, deal="").plan
            if plan is None:
                return Program(None), None
            versions = [each for each in self._plans if each.plan == plan.plan]
            if not all(is_whole(each, self._currency) for each in versions):
                return None, None
            setting = Setting(event, event.kind.value, seller, plan, "", self._context, self._book)
            program = compiled(setting, self._curves)
        except Refused as refused:
            return refused, None
        return program, _plain(program)

    def _event(self, sale: Sale) -> Event:
        ref, partner, day, product, amount = sale
        return Event(
            id=ref,
            kind=self._kind,
            partner=partner,
            day=date.fromisoformat(day),
            currency=self._currency,
            amount=amount,
            product=product,
        )

    def _kind_of_day(self, text: str) -> int:
        """Days are alike between two turning points and within the same periods."""
        day = date.fromisoformat(text)
        periods = tuple(
            period_of(day, over, month) for month in self._year_starts for over in self._overs
        )
        return self._day_kinds.of((bisect_right(self._turns, day), periods), text)

    def _kind_of_goods(self, code: str) -> int:
        """Products are alike if they match the same rules; an unknown one is like no other."""
        event = self._event(("", "", "2000-01-01", code, 0))
        try:
            matches: object = tuple(
                not goods_mismatch(rule, event, self._context)
                for plan in self._plans
                for rule in plan.rules
            )
        except Refused:
            matches = code
        return self._goods_kinds.of(matches, code)


def _by_program(ref: str, amount: int, program: Program) -> Iterator[Posting]:
    paid = [_paid(group, amount, program) for group in program.groups]
    before = _move(program, amount)
    for pay, minor in (each for group in paid for each in group):
        parts = [minor] if len(pay.parties) == 1 else shares(minor, pay.weights, sum(pay.weights))
        for place, part in enumerate(parts):
            yield ref, pay.parties[place], part, pay.rule.id, place, program, before


def _paid(group: Sequence[Pay], amount: int, program: Program) -> list[tuple[Pay, int]]:
    amounts: list[int] = []
    for pay in group:
        before = pay.cell.total if pay.cell is not None else 0
        after = before + (amount if pay.counts is None else pay.counts)
        curve = pay.curve
        scaled = curve.value(after) - curve.value(before)
        amounts.append(round_half_up(Fraction(scaled) / curve.denominator))
    if program.plan is None or len(group) == 1:
        return list(zip(group, amounts, strict=True))
    return [(group[i], amounts[i]) for i in best_of(group, amounts, program.plan.combine)]


def _move(program: Program, amount: int) -> Before:
    """Adds the sale to every total; says where they stood."""
    before = []
    for _, cell, counts in program.moves:
        before.append(cell.total)
        cell.total += amount if counts is None else counts
    return tuple(before)


def _turning_points(plans: Sequence[Plan], context: Context) -> list[date]:
    """Every day from which another plan, version, rule or tier may apply."""
    spans = [plan.valid for plan in plans]
    spans += [rule.valid for plan in plans for rule in plan.rules]
    days = {day for span in spans for day in (span.start, span.end) if day is not None}
    for partner in context.partners.values():
        days |= {since for since, _ in partner.tiers if since is not None}
    return sorted(days)


def _overs(plans: Sequence[Plan]) -> list[Over]:
    """The periods over which any rule has a total."""
    found: set[Over] = set()
    for rule in (rule for plan in plans for rule in plan.rules):
        found |= {each.over for each in (rule.bands, rule.growth, rule.accelerator) if each}
    return [over for over in Over if over in found and over is not Over.DEAL]
