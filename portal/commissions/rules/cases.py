"""Runs worked cases through the real engine and names every difference.  Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace

from portal.commissions.rules.case_documents import (
    CaseDocument,
    ContextDocument,
    Converter,
    ExpectedLine,
    SharedDocument,
)
from portal.commissions.rules.documents import Problem, Unreadable, from_json, from_yaml, read
from portal.commissions.rules.engine import Outcome, run
from portal.commissions.rules.lines import Line, major_text
from portal.commissions.rules.plan import ANY_CURRENCY, Plan
from portal.commissions.rules.plan_reading import plan_from
from portal.commissions.rules.replay import replay
from portal.commissions.rules.settlement import payouts
from portal.kernel.money import exponent


@dataclass(frozen=True, slots=True)
class Draft:
    """A case as it stands in its file, with what the file says for all of them."""

    name: str
    path: str
    data: object
    plans: tuple[object, ...]
    context: ContextDocument


@dataclass(frozen=True, slots=True)
class Result:
    """A case that ran, or one that could not be read.  With neither kind of trouble it passes."""

    name: str
    lines: tuple[Line, ...] = ()
    differences: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def passes(self) -> bool:
        return not self.differences and not self.problems


def cases_from(text: str, *, is_json: bool = False) -> list[Draft]:
    """The cases of a file: a list under `cases`, or one case alone.

    What the file says beside `cases` (plan or plans, context) holds for each case that does not say
    it itself.  Raises Unreadable for the file; a single case is read when it is checked.
    """
    data = from_json(text) if is_json else from_yaml(text)
    if not isinstance(data, Mapping):
        raise Unreadable([Problem("", "is a group of fields with `cases`, or one case")])
    if "cases" not in data:
        return [Draft(_name(data, "case"), "", data, (), ContextDocument())]
    if not isinstance(data["cases"], list) or not data["cases"]:
        raise Unreadable([Problem("cases", "is a list with at least one case")])
    shared = read(SharedDocument, _with_plans({k: v for k, v in data.items() if k != "cases"}, ""))
    return [
        Draft(_name(item, f"case {i + 1}"), f"cases[{i}]", item, shared.plans, shared.context)
        for i, item in enumerate(data["cases"])
    ]


def check(draft: Draft) -> Result:
    """Runs one case."""
    try:
        case = read(CaseDocument, _with_plans(draft.data, draft.path), draft.path)
        context = _over(case.context, draft.context)
        return _run(replace(case, context=context, plans=case.plans or draft.plans), draft)
    except Unreadable as unreadable:
        return Result(draft.name, problems=unreadable.problems)


def _run(case: CaseDocument, draft: Draft) -> Result:
    refusal = case.expect.plan_refused
    at = f"{draft.path}." if draft.path else ""
    try:
        plans = [plan_from(data, f"{at}plans[{i}]") for i, data in enumerate(case.plans)]
    except Unreadable as unreadable:
        if not refusal:
            raise
        missing = () if refusal in unreadable.message else (_words(refusal, unreadable.message),)
        return Result(draft.name, differences=missing)
    if refusal:
        wrong = f"The plan is accepted; it should be refused because {refusal!r}."
        return Result(draft.name, differences=(wrong,))
    if not plans:
        raise Unreadable([Problem(f"{at}plans", "is missing")])
    converter = Converter(case.context.currency or _currency(plans), at)
    events = converter.events(case.events)
    context = converter.context(case.context)
    if converter.problems:
        raise Unreadable(converter.problems)
    outcome = run(plans, events, context)
    differences = [*_differences(case, outcome, plans), *_not_replayed(outcome, plans)]
    return Result(draft.name, outcome.lines, tuple(differences))


def _name(data: object, otherwise: str) -> str:
    name = data.get("name") if isinstance(data, Mapping) else None
    return name if isinstance(name, str) and name else otherwise


def _differences(case: CaseDocument, outcome: Outcome, plans: list[Plan]) -> Iterator[str]:
    expect = case.expect
    if not (expect.lines or expect.totals or expect.payouts or expect.refused):
        yield "Nothing is expected; say lines, totals, payouts, refused or plan_refused."
    if expect.lines:
        yield from _line_differences(expect.lines, outcome.lines)
    if expect.totals:
        yield from _total_differences(case, outcome.lines)
    yield from _payout_differences(case, outcome.lines, plans)
    expected = {(each.event, each.code) for each in expect.refused}
    actual = {(each.event, each.code): each.message for each in outcome.refusals}
    for event, code in sorted(expected - set(actual)):
        yield f"{event}: should be refused with {code}."
    for event, code in sorted(set(actual) - expected):
        yield f"{event}: is refused ({code}): {actual[event, code]}"


def _line_differences(expected: Iterable[ExpectedLine], lines: Iterable[Line]) -> Iterator[str]:
    """Each expected line takes the first that fits and is free; no other may be more than zero."""
    free = list(lines)
    for want in expected:
        fitting = [line for line in free if _is_of(want, line)]
        exact = [line for line in fitting if _same_amount(want, line)]
        found = next(iter(exact or fitting), None)
        if found is None:
            if want.amount:
                yield f"{_label(want)}: expected {want.amount}, there is no such line."
            continue
        free.remove(found)
        if not exact:
            difference = want.amount - found.amount.amount
            yield (
                f"{_label(want)}: expected {want.amount}, got {found.amount} "
                f"(off by {-difference:f})."
            )
        if want.because and want.because not in found.explanation.all_text():
            yield f"{_label(want)}: {_words(want.because, found.explanation.all_text())}"
        payable_on = found.portions[0].payable_on if found.portions else None
        if want.payable_on is not None and want.payable_on != payable_on:
            yield f"{_label(want)}: payable on {payable_on}, expected {want.payable_on}."
    for line in free:
        if line.amount.minor:
            who = line.person or line.partner
            yield f"{line.event}, {who}, rule {line.rule}: {line.amount} is not expected."


def _is_of(want: ExpectedLine, line: Line) -> bool:
    return (
        (want.event, want.partner) == (line.event, line.partner)
        and want.rule in ("", line.rule)
        and want.person in ("", line.person)
        and want.currency in ("", line.amount.currency)
    )


def _same_amount(want: ExpectedLine, line: Line) -> bool:
    return want.amount == line.amount.amount


def _label(want: ExpectedLine) -> str:
    return ", ".join(filter(None, (want.event, want.partner, want.person, want.rule)))


def _total_differences(case: CaseDocument, lines: Iterable[Line]) -> Iterator[str]:
    """A total is keyed by partner, or by partner and currency: `alder EUR`."""
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        key = (line.partner, line.amount.currency)
        sums[key] = sums.get(key, 0) + line.amount.minor
    for name, want in (case.expect.totals or {}).items():
        partner, _, currency = name.partition(" ")
        keys = [key for key in sums if key[0] == partner and currency in ("", key[1])]
        if len(keys) > 1:
            yield f"{name}: earns in several currencies; expect `{name} {keys[0][1]}`."
            continue
        minor = sums.pop(keys[0]) if keys else 0
        actual = major_text(minor, keys[0][1]) if keys else "0"
        if (not keys and want) or (keys and want.scaleb(exponent(keys[0][1])) != minor):
            yield f"{name}: expected {want} in total, got {actual}."
    for (partner, currency), minor in sums.items():
        if minor:
            yield f"{partner}: {major_text(minor, currency)} {currency} is not expected."


def _payout_differences(
    case: CaseDocument, lines: Iterable[Line], plans: list[Plan]
) -> Iterator[str]:
    minimum: dict[str, int] = {}
    for plan in plans:
        if plan.currency != ANY_CURRENCY:
            least = int(plan.minimum_payout.scaleb(exponent(plan.currency)))
            minimum[plan.currency] = max(least, minimum.get(plan.currency, 0))
    made = payouts(lines, case.context.payout_dates, minimum=minimum)
    for want in case.expect.payouts:
        found = [
            payout
            for payout in made
            if (payout.partner, payout.day, payout.person) == (want.partner, want.day, want.person)
            and want.currency in ("", payout.currency)
        ]
        label = f"payout of {want.person or want.partner} on {want.day}"
        if not found:
            if want.day not in case.context.payout_dates:
                yield f"{label}: the context has no such payout date."
            elif want.paid or want.carried:
                yield f"{label}: expected {want.paid}, there is none."
            continue
        decimals = exponent(found[0].currency)
        for name, wanted, actual in (
            ("paid", want.paid, found[0].paid),
            ("carried", want.carried, found[0].carried),
        ):
            if wanted is not None and wanted.scaleb(decimals) != actual:
                got = major_text(actual, found[0].currency)
                yield f"{label}: expected {wanted} {name}, got {got}."


def _not_replayed(outcome: Outcome, plans: list[Plan]) -> Iterator[str]:
    """Every line must come out again from what is stored with it."""
    versions = {(plan.plan, plan.version): plan for plan in plans}
    for line in outcome.lines:
        again = replay(line.snapshot, versions.get((line.plan, line.version)), line.rule)
        if again != line.amount.minor:
            yield f"{line.event}, {line.partner}: replayed to {again}, posted {line.amount.minor}."


def _with_plans(data: object, path: str) -> dict[str, object]:
    """`plan` is another word for `plans` with one in it."""
    if not isinstance(data, Mapping):
        raise Unreadable([Problem(path, "is a group of fields")])
    if "plan" in data and "plans" in data:
        raise Unreadable([Problem(f"{path}.plan".strip("."), "stands beside plans; give one")])
    found = {str(key): value for key, value in data.items() if key != "plan"}
    found.setdefault("plans", data.get("plan", []))
    return found


def _over(own: ContextDocument, shared: ContextDocument) -> ContextDocument:
    """The case's context, with the file's where the case is silent."""
    return ContextDocument(
        **{each.name: getattr(own, each.name) or getattr(shared, each.name) for each in fields(own)}
    )


def _currency(plans: list[Plan]) -> str:
    return next((plan.currency for plan in plans if plan.currency != ANY_CURRENCY), "EUR")


def _words(wanted: str, text: str) -> str:
    return f"expected the words {wanted!r} in: {text}"
