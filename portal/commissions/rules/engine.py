"""The engine: plans, context and events in, explained lines out.  Pure; events in posting order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from portal.commissions.rules.accrual import Accruer
from portal.commissions.rules.book import Book
from portal.commissions.rules.explaining import lines_of, nothing
from portal.commissions.rules.facts import Context, Event, Kind
from portal.commissions.rules.following import ONE, ZERO, Full, Original, credit, post
from portal.commissions.rules.lines import Line, Portion, Step, major_text, money_text, percent_text
from portal.commissions.rules.plan import Plan
from portal.kernel.errors import Refused
from portal.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that could not be taken, and why; it changed nothing."""

    event: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    lines: tuple[Line, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class _Payment:
    """What a payment or delivery settled, so that it can be refunded itself."""

    original: Original
    kind: str
    share: Fraction


def run(plans: Sequence[Plan], events: Iterable[Event], context: Context) -> Outcome:
    """All lines of `events` in order, and the events that were refused."""
    engine = Engine(plans, context)
    lines: list[Line] = []
    refusals: list[Refusal] = []
    for event in events:
        try:
            lines += engine.take(event)
        except Refused as refused:
            refusals.append(Refusal(event.id, refused.code, refused.message))
    return Outcome(tuple(lines), tuple(refusals))


class Engine:
    """Takes events one by one and remembers what later ones build on.

    `book` holds running totals of earlier events that were taken by another engine.
    """

    def __init__(self, plans: Sequence[Plan], context: Context, book: Book | None = None) -> None:
        self._book = book or Book(context)
        self._accruer = Accruer(plans, context, self._book)
        self._taken: dict[str, Event] = {}
        self._originals: dict[str, Original] = {}
        self._payments: dict[str, _Payment] = {}

    def take(self, event: Event) -> list[Line]:
        """The lines of one event, explained; none if this very event was taken before.

        Raises Refused: "key_reused" for another event with the same id, "unknown_original",
        "refund_too_large", "currency_mismatch", and where a deciding fact is missing
        "unknown_partner", "unknown_product", "ambiguous_plan", "no_quota", "no_base_total",
        "no_rate", "split".
        """
        known = self._taken.get(event.id)
        if known is not None:
            if known == event:
                return []
            raise Refused(
                f"Another event was taken as {event.id}. Give this one an id of its own.",
                code="key_reused",
            )
        lines = self._lines(event)
        self._taken[event.id] = event
        return lines

    def _lines(self, event: Event) -> list[Line]:
        if event.kind is Kind.ADJUSTMENT:
            return [self._adjusted(event)]
        if event.kind is Kind.REFUND:
            return self._refunded(event)
        if event.kind is Kind.CHURNED:
            return self._churned(event)
        if event.of and event.kind in (Kind.PAID, Kind.DELIVERED):
            return self._settled(event)
        return self._accrued(event)

    def _accrued(self, event: Event) -> list[Line]:
        kind = event.kind.value
        original = Original(event)
        lines = self._accrue(original, kind)
        self._originals[event.id] = original
        for full in original.fulls[kind]:
            full.posted, full.posted_on = full.line.amount.minor, event.day
        return lines or [nothing(event, original.accruals[kind])]

    def _accrue(self, original: Original, kind: str) -> list[Line]:
        event = original.event
        accrual = self._accruer.accrue(event, kind)
        fulls = [
            Full(line, award)
            for award in accrual.awards
            for line in lines_of(award, paid_on=event.day, reasons=accrual.reasons)
        ]
        original.accruals[kind] = accrual
        original.fulls[kind] = fulls
        return [full.line for full in fulls]

    def _settled(self, event: Event) -> list[Line]:
        original = self._original(event)
        kind = event.kind.value
        rest = max(ZERO, ONE - original.credited - original.settled.get(kind, ZERO))
        share = original.share_of(event, rest)
        if kind not in original.accruals:
            self._accrue(original, kind)
        original.settled[kind] = original.settled.get(kind, ZERO) + share
        self._payments[event.id] = _Payment(original, kind, share)
        amount = money_text(event.amount, event.currency) if event.amount else "the rest"
        return post(original, event, f"{kind.capitalize()} on {event.day}: {amount} of {event.of}")

    def _refunded(self, event: Event) -> list[Line]:
        amount = money_text(event.amount, event.currency) if event.amount else "the rest"
        reason = f"Refund on {event.day}: {amount} of {event.of}"
        payment = self._payments.get(event.of)
        if payment is not None:
            share = payment.original.share_of(event, payment.share)
            _check_rest(event, share, payment.share, payment.original)
            self._payments[event.of] = _Payment(
                payment.original, payment.kind, payment.share - share
            )
            payment.original.settled[payment.kind] -= share
            return post(payment.original, event, reason)
        original = self._original(event)
        rest = ONE - original.credited
        share = original.share_of(event, rest)
        _check_rest(event, share, rest, original)
        credit(original, share, self._book)
        return post(original, event, reason)

    def _churned(self, event: Event) -> list[Line]:
        if event.of:
            originals = [self._original(event)]
        else:
            originals = [
                original
                for original in self._originals.values()
                if event.subscription and original.event.subscription == event.subscription
            ]
        if not originals:
            raise _unknown(event)
        lines: list[Line] = []
        for original in originals:
            days = (event.day - original.event.day).days
            taken = _claw(original, days)
            text = f"Customer left on {event.day}, day {days} after {original.event.id}: {taken}"
            lines += post(original, event, text)
        return lines

    def _adjusted(self, event: Event) -> Line:
        amount = Money(event.amount, event.currency)
        total = major_text(event.amount, event.currency)
        steps = (Step("share", event.reason or "Adjustment", event.id, total),)
        partner = self._accruer.context.partner(event.partner).code
        return Line(
            event=event.id,
            of=event.of or event.id,
            partner=partner,
            person=event.person,
            amount=amount,
            plan="",
            version=0,
            rule="",
            portions=(Portion(event.amount, event.day),) if event.amount else (),
            explanation=Step(
                "line",
                f"{money_text(event.amount, event.currency)} for {partner}",
                event.id,
                total,
                steps,
            ),
            snapshot={"kind": "adjustment", "amount": event.amount},
        )

    def _original(self, event: Event) -> Original:
        if event.of not in self._originals:
            raise _unknown(event)
        return self._originals[event.of]


def _unknown(event: Event) -> Refused:
    of = event.of or event.subscription or "nothing"
    return Refused(
        f"{event.id} follows up on {of}, which is no event that was taken before. "
        "Name the event it belongs to.",
        code="unknown_original",
    )


def _check_rest(event: Event, share: Fraction, rest: Fraction, original: Original) -> None:
    if share > rest:
        left = money_text(rest * original.event.amount, event.currency)
        raise Refused(
            f"{event.id} refunds more than is left of {event.of}, which is {left}.",
            code="refund_too_large",
        )


def _claw(original: Original, days: int) -> str:
    """Sets what each rule takes back after `days`, and says it."""
    texts = []
    for fulls in original.fulls.values():
        for full in fulls:
            steps = [step for step in full.award.rule.clawback if days <= step.within_days]
            if steps:
                full.clawed = max(full.clawed, Fraction(steps[0].percent) / 100)
                texts.append(f"rule {full.line.rule} takes back {percent_text(full.clawed)}")
    return ", ".join(dict.fromkeys(texts)) or "no rule takes anything back"
