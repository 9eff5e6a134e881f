"""A kind of sale compiled for a run: which rules match it, which totals it moves, who shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from portal.commissions.rules.accrual import specificity
from portal.commissions.rules.book import Cell, TotalKey
from portal.commissions.rules.compiled import WholeCurve, whole
from portal.commissions.rules.earning import curve_for
from portal.commissions.rules.matching import kind_mismatch, what_mismatch, who_mismatch
from portal.commissions.rules.plan import ANY_CURRENCY, Combine, Measure, Per, Plan, Rule, To
from portal.commissions.rules.setting import Setting


@dataclass(frozen=True, slots=True)
class Pay:
    """One rule: the total it reads (none: every sale starts from zero), its curve, who shares.

    `counts` is what each sale counts; None is its amount.
    """

    rule: Rule
    cell: Cell | None
    counts: int | None
    curve: WholeCurve
    parties: tuple[str, ...]
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """`groups` compete among themselves; `moves` are the totals that each sale adds to."""

    plan: Plan | None
    groups: tuple[tuple[Pay, ...], ...] = ()
    moves: tuple[tuple[TotalKey, Cell, int | None], ...] = ()

    @property
    def only(self) -> Pay | None:
        """The one rule that matches, if it alone moves a total, and only the one it reads."""
        pays = [pay for group in self.groups for pay in group]
        if len(pays) != 1 or len(self.moves) > 1:
            return None
        pay = pays[0]
        reads_what_moves = not self.moves or self.moves[0][1] is pay.cell
        return pay if reads_what_moves and pay.counts is None else None


CurveKey = tuple[str, int, str, Fraction | None, Fraction | None]
"""Plan, version, rule, quota and base period: partners alike in these share a curve."""


def compiled(setting: Setting, curves: dict[CurveKey, WholeCurve]) -> Program:
    """The program of sales like the setting's event, whose plan `is_whole` says yes to.

    Raises Refused when a fact is missing that decides the amount.
    """
    event, seller, plan = setting.event, setting.seller, setting.plan
    context, book = setting.context, setting.book
    groups: list[tuple[Pay, ...]] = []
    moves: dict[TotalKey, tuple[TotalKey, Cell, int | None]] = {}
    for to in (To.PARTNER, To.PERSON):
        pays: list[Pay] = []
        for rule in plan.rules:
            if rule.to is not to or kind_mismatch(rule, event.kind.value):
                continue
            mismatch = who_mismatch(rule.who, seller, event.day, event.deal)
            matches = not (mismatch or what_mismatch(rule, event, context))
            for key, _ in setting.added(rule, matches=matches):
                moves[key] = (key, book.cell(key, rule, plan), _counts(rule))
            if matches:
                pays.append(_pay(rule, setting, curves))
        groups.append(tuple(pays))
    return Program(plan, tuple(group for group in groups if group), tuple(moves.values()))


def is_whole(plan: Plan, event_currency: str) -> bool:
    """Whether whole numbers say all: no caps, floors, exchange, or two totals in one rule."""
    same_currency = plan.currency in (event_currency, ANY_CURRENCY)
    return same_currency and not plan.caps and all(_rule_is_whole(rule) for rule in plan.rules)


def _rule_is_whole(rule: Rule) -> bool:
    one_axis = rule.accelerator is None or rule.bands is None
    if rule.accelerator is not None and rule.bands is not None:
        bands, quota = rule.bands, rule.accelerator
        one_axis = (bands.over, bands.counts) == (quota.over, quota.counts)
    return one_axis and not rule.caps and not rule.floors


def best_of(group: Sequence[Pay], amounts: Sequence[int], combine: Combine) -> list[int]:
    """Positions in `group` that are paid: those on top, and what the plan makes of the others."""
    contenders = [i for i, pay in enumerate(group) if not pay.rule.on_top]
    if combine is Combine.SUM or len(contenders) < 2:
        return list(range(len(group)))
    if combine is Combine.HIGHEST:
        best = max(contenders, key=lambda i: amounts[i])
    elif combine is Combine.FIRST:
        best = contenders[0]
    else:
        best = max(contenders, key=lambda i: specificity(group[i].rule))
    return [i for i, pay in enumerate(group) if pay.rule.on_top or i == best]


def _pay(rule: Rule, setting: Setting, curves: dict[CurveKey, WholeCurve]) -> Pay:
    first, quota_key = setting.total_keys(rule)
    key = quota_key if rule.accelerator is not None else first
    reads_total = key.scope and (rule.accelerator or rule.bands or rule.growth)
    plan, situation = setting.plan, setting.situation(rule)
    known: CurveKey = (plan.plan, plan.version, rule.id, situation.quota, situation.previous)
    if known not in curves:
        curve, _ = curve_for(rule, plan, situation)
        curves[known] = whole(curve)
    parties = setting.parties(rule)
    scale = lcm(*(weight.denominator for _, weight in parties))
    return Pay(
        rule=rule,
        cell=setting.book.cell(key, rule, setting.plan) if reads_total else None,
        counts=_counts(rule),
        curve=curves[known],
        parties=tuple(party for party, _ in parties),
        weights=tuple(int(weight * scale) for _, weight in parties),
    )


def _counts(rule: Rule) -> int | None:
    by_deal = rule.flat is not None and rule.flat.per is Per.DEAL
    return 1 if by_deal or rule.measure is Measure.UNITS else None
