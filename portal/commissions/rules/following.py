"""What happens to an event later: payments, refunds, churn.  Each moves a share of what it earned.

A line's share is rounded from its full amount, less what was posted before, so that the last step
takes the rest and a whole refund is the exact negation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from portal.commissions.rules.accrual import Accrual, Award
from portal.commissions.rules.book import Book
from portal.commissions.rules.explaining import portions
from portal.commissions.rules.facts import Event
from portal.commissions.rules.lines import Line, Portion, Step, major_text, money_text, percent_text
from portal.kernel.errors import Refused
from portal.kernel.money import Money, round_half_up

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(slots=True)
class Full:
    """A line as it would be with everything paid and nothing refunded, and what is posted of it."""

    line: Line
    award: Award
    posted: int = 0
    posted_on: date = date.min
    clawed: Fraction = ZERO


@dataclass(slots=True)
class Original:
    """An event that earned, with what became of it.  Shares are of its amount, from 0 to 1.

    `fulls` and `accruals` are by the kind of event that earned: its own, or paid, or delivered.
    """

    event: Event
    credited: Fraction = ZERO
    settled: dict[str, Fraction] = field(default_factory=dict)
    accruals: dict[str, Accrual] = field(default_factory=dict)
    fulls: dict[str, list[Full]] = field(default_factory=dict)

    def share_of(self, event: Event, rest: Fraction) -> Fraction:
        """The share of the amount that `event` names; no amount means all the rest.

        Raises Refused("currency_mismatch").
        """
        if event.currency != self.event.currency:
            raise Refused(
                f"{self.event.id} is in {self.event.currency}, {event.id} in {event.currency}. "
                "Enter it in the currency of the event it follows.",
                code="currency_mismatch",
            )
        if event.amount == 0 or self.event.amount == 0:
            return rest
        return Fraction(event.amount, self.event.amount)

    def earned_share(self, kind: str) -> Fraction:
        """What of the full amount stands: not credited, and if it earns when paid, paid."""
        kept = ONE - self.credited
        return min(self.settled[kind], kept) if kind in self.settled else kept


def credit(original: Original, share: Fraction, book: Book) -> None:
    """Takes `share` of the event back, from running totals and from what caps let through."""
    before, after = ONE - original.credited, ONE - original.credited - share
    original.credited += share
    for accrual in original.accruals.values():
        for total_key, base in accrual.added:
            book.add(total_key, -base * share)
        for award in accrual.awards:
            released = round_half_up(award.minor * after) - round_half_up(award.minor * before)
            for limit_key, _ in (*award.bounds, *award.plan_bounds):
                book.let_through(limit_key, released)


def post(original: Original, event: Event, reason: str) -> list[Line]:
    """The lines that bring what is posted to what now stands; one of zero if nothing moves."""
    lines: list[Line] = []
    for kind, fulls in original.fulls.items():
        share = original.earned_share(kind)
        for full in fulls:
            line = _moved(full, share * (ONE - full.clawed), event, reason)
            if line is not None:
                lines.append(line)
    return lines or [_unmoved(original, event, reason)]


def _moved(full: Full, share: Fraction, event: Event, reason: str) -> Line | None:
    target = round_half_up(full.line.amount.minor * share)
    difference = target - full.posted
    if difference == 0:
        return None
    currency = full.line.amount.currency
    before = full.posted
    line = Line(
        event=event.id,
        of=full.line.event,
        partner=full.line.partner,
        person=full.line.person,
        amount=Money(difference, currency),
        plan=full.line.plan,
        version=full.line.version,
        rule=full.line.rule,
        portions=_portions(full, difference, event.day),
        explanation=_explanation(full, share, event, reason),
        snapshot={
            "kind": "share",
            "share": str(share),
            "posted": before,
            "full": full.line.snapshot,
        },
    )
    full.posted = target
    full.posted_on = max(full.posted_on, event.day) if difference > 0 else full.posted_on
    return line


def _portions(full: Full, difference: int, day: date) -> tuple[Portion, ...]:
    """What is taken back from held money is taken back when that is released, not before."""
    rule, plan = full.award.rule, full.award.setting.plan
    if difference > 0:
        return portions(difference, rule, plan, day)
    earned_on = max(full.posted_on, full.award.setting.event.day)
    return tuple(
        Portion(part.minor, max(part.payable_on, day))
        for part in portions(difference, rule, plan, earned_on)
    )


def _explanation(full: Full, share: Fraction, event: Event, reason: str) -> Step:
    currency, whole = full.line.amount.currency, full.line.amount.minor
    target = round_half_up(whole * share)
    amount = money_text(target - full.posted, currency)
    steps = [
        Step("event", reason, event.id),
        Step(
            "full",
            f"{full.line.event} earns {money_text(whole, currency)} in full",
            full.line.event,
            steps=full.line.explanation.steps,
        ),
        Step(
            "share",
            f"{percent_text(share)} of it stands now",
            event.id,
            major_text(target, currency),
        ),
    ]
    if full.posted:
        text = f"Less {money_text(full.posted, currency)} posted before"
        steps.append(Step("share", text, full.line.event, major_text(-full.posted, currency)))
    name = full.line.person or full.line.partner
    total = major_text(target - full.posted, currency)
    return Step("line", f"{amount} for {name}", event.id, total, tuple(steps))


def _unmoved(original: Original, event: Event, reason: str) -> Line:
    reasons = [r for accrual in original.accruals.values() for r in accrual.reasons]
    why = [f"{original.event.id} earned nothing that this changes.", *reasons]
    steps = [Step("event", reason, event.id), *(Step("why_nothing", text) for text in why)]
    return Line(
        event=event.id,
        of=original.event.id,
        partner=original.event.partner,
        person="",
        amount=Money(0, event.currency),
        plan="",
        version=0,
        rule="",
        portions=(),
        explanation=Step("line", "Nothing changes", steps=tuple(steps)),
        snapshot={"kind": "nothing"},
    )
