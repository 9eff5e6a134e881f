"""From awards to lines: shares, the days they are payable, and the tree that explains each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from portal.commissions.rules.accrual import Accrual, Award
from portal.commissions.rules.earning import next_step, steps_of
from portal.commissions.rules.facts import Event
from portal.commissions.rules.lines import (
    Line,
    Portion,
    Step,
    decimal_text,
    major_text,
    money_text,
)
from portal.commissions.rules.plan import Measure, Per, Plan, Rule
from portal.commissions.rules.setting import left_out
from portal.kernel.money import Money, round_half_up, split

SUMMED = frozenset(
    {"rate", "band", "accelerator", "reached", "rounding", "floor", "cap", "split", "share"}
)
"""The kinds of step whose amounts add up to the line's."""


def lines_of(award: Award, *, paid_on: date, reasons: Sequence[str]) -> list[Line]:
    """One line for each party, in the order printed.  `reasons` say why nothing else was earned."""
    setting, rule = award.setting, award.rule
    currency = award.situation.currency
    shared = steps_before_split(award)
    after = [Step("hold", text) for text in _holds(rule, setting.plan, paid_on)]
    why = why_not_more(award, reasons)
    lines: list[Line] = []
    parts = split(award.minor, [weight for _, weight in award.parties])
    for i, ((payee, _), part) in enumerate(zip(award.parties, parts, strict=True)):
        steps = [*shared, *_split_step(award, i, parts), *after, *why]
        text = f"{money_text(part, currency)} for {_name(award, payee)}"
        lines.append(
            Line(
                event=setting.event.id,
                of=setting.event.id,
                partner=payee,
                person=setting.receiver(rule)[1],
                amount=Money(part, currency),
                plan=setting.plan.plan,
                version=setting.plan.version,
                rule=rule.id,
                portions=portions(part, rule, setting.plan, paid_on),
                explanation=Step(
                    "line", text, amount=major_text(part, currency), steps=tuple(steps)
                ),
                snapshot=snapshot_of(award, i),
            )
        )
    return lines


def nothing(event: Event, accrual: Accrual) -> Line:
    """The line of an event that earns nothing, with every reason why."""
    plan = accrual.plan
    steps = [_event_step(event)]
    if plan is not None:
        steps.append(Step("plan", f"{plan.title}: {accrual.because}", plan.title))
    steps += [Step("why_nothing", reason) for reason in accrual.reasons]
    currency = event.currency if plan is None or plan.currency == "any" else plan.currency
    zero = Money(0, currency)
    return Line(
        event=event.id,
        of=event.id,
        partner=event.partner,
        person="",
        amount=zero,
        plan=plan.plan if plan else "",
        version=plan.version if plan else 0,
        rule="",
        portions=(),
        explanation=Step(
            "line", "Nothing is earned", amount=major_text(0, currency), steps=tuple(steps)
        ),
        snapshot={"kind": "nothing"},
    )


def portions(minor: int, rule: Rule, plan: Plan, paid_on: date) -> tuple[Portion, ...]:
    """When a line is payable: after the plan's hold, and what is held back later."""
    if minor == 0:
        return ()
    ready_on = paid_on + timedelta(days=plan.hold_days)
    if rule.holdback is None:
        return (Portion(minor, ready_on),)
    held = rule.holdback.percent
    now, later = split(minor, [100 - held, held])
    later_on = paid_on + timedelta(days=rule.holdback.days)
    both = (Portion(now, ready_on), Portion(later, later_on))
    return tuple(portion for portion in both if portion.minor)


def snapshot_of(award: Award, index: int) -> dict[str, Any]:
    """What `replay` needs, as plain data."""
    return {
        "kind": "accrual",
        "situation": award.situation.to_data(),
        "rule_bounds": [bound.to_data() for _, bound in award.bounds],
        "plan_bounds": [bound.to_data() for _, bound in award.plan_bounds],
        "weights": [str(weight) for _, weight in award.parties],
        "index": index,
        "exchange": award.setting.base(award.rule)[1].text,
        "tier": award.setting.seller.tier_on(award.setting.event.day),
    }


def steps_before_split(award: Award) -> list[Step]:
    """Event, plan, rule, base, exchange, rates, rounding, floors and caps."""
    setting, rule, currency = award.setting, award.rule, award.situation.currency
    steps = [
        _event_step(setting.event),
        Step("plan", f"{setting.plan.title}: {setting.because}", setting.plan.title),
        Step("rule", rule.title, award.source),
        *_base_steps(award),
        *steps_of(rule, setting.plan, award.situation),
    ]
    rounded = round_half_up(award.exact)
    if rounded != award.exact:
        text = "Rounded half-up to the smallest unit, once"
        steps.append(Step("rounding", text, "", major_text(rounded - award.exact, currency)))
    steps += award.limits.steps
    if award.plan_limits is not None:
        steps += award.plan_limits.steps
    return steps


def why_not_more(award: Award, reasons: Sequence[str]) -> list[Step]:
    further = next_step(award.rule, award.setting.plan, award.situation)
    texts = [further] if further else []
    return [Step("why_not_more", text) for text in [*texts, *award.beaten, *reasons]]


def _event_step(event: Event) -> Step:
    of = f" of {event.of}" if event.of else ""
    amount = money_text(event.amount, event.currency)
    return Step(
        "event",
        f"{event.kind.replace('_', ' ').capitalize()}{of} on {event.day}: {amount}",
        event.id,
    )


def _base_steps(award: Award) -> list[Step]:
    setting, rule = award.setting, award.rule
    event, base = setting.event, award.situation.base
    _, converted = setting.base(rule)
    if rule.flat is not None and rule.flat.per is Per.DEAL:
        return [
            Step("base", "Once for the deal" if base else "Paid before for this deal", event.id)
        ]
    if rule.measure is Measure.UNITS:
        return [
            Step("base", f"{decimal_text(base, 0)} units", event.id),
            *_exchange(converted.text),
        ]
    if rule.base is Measure.COMMISSION:
        amount = major_text(base, award.situation.currency)
        text = f"{money_text(base, award.situation.currency)} earned by {event.partner}"
        return [Step("base", text, event.id, amount), *_exchange(converted.text)]
    parts = [Step("base_part", f"Amount {money_text(event.amount, event.currency)}", event.id)]
    parts += [
        Step("base_part", f"Less {less.value} {money_text(amount, event.currency)}", event.id)
        for less, amount in left_out(rule, event).items()
    ]
    if rule.base is Measure.MARGIN:
        cost = money_text(event.cost or 0, event.currency)
        parts.append(Step("base_part", f"Less cost {cost}, the margin never below zero", event.id))
    amount = major_text(base, award.situation.currency)
    text = rule.base.value.capitalize()
    return [Step("base", text, event.id, amount, steps=tuple(parts)), *_exchange(converted.text)]


def _exchange(text: str) -> list[Step]:
    return [Step("exchange", text)] if text else []


def _split_step(award: Award, index: int, parts: Sequence[int]) -> list[Step]:
    if len(parts) == 1:
        return []
    currency = award.situation.currency
    shares = " / ".join(decimal_text(weight, 0) for _, weight in award.parties)
    source = "the event" if award.setting.event.split else award.source
    text = (
        f"Split {shares}, share {index + 1} of {len(parts)} of {money_text(award.minor, currency)}"
    )
    return [Step("split", text, source, major_text(parts[index] - award.minor, currency))]


def _holds(rule: Rule, plan: Plan, paid_on: date) -> list[str]:
    texts = []
    if plan.hold_days:
        ready_on = paid_on + timedelta(days=plan.hold_days)
        texts.append(f"On hold for {plan.hold_days} days, to {ready_on}")
    if rule.holdback is not None:
        later_on = paid_on + timedelta(days=rule.holdback.days)
        texts.append(f"{rule.holdback.percent.normalize():f} % held back to {later_on}")
    return texts


def _name(award: Award, payee: str) -> str:
    person = award.setting.receiver(award.rule)[1]
    return f"{person} of {payee}" if person else payee
