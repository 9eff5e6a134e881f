"""What stands beside the list: one claim, as somebody needs it to decide."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from portal.db.events import Told
from portal.deals.actions.decisions import REASONS, UNDO_FOR
from portal.deals.forms.approvals import DecideForm, choices
from portal.deals.queries.case import Case, Rival
from portal.deals.queries.queue import TO_DECIDE
from portal.deals.rules import comparison, fairness, resolution, words
from portal.deals.rules.comparison import Reading
from portal.deals.rules.lifecycle import LIFECYCLE, DealState
from portal.deals.rules.resolution import Conflict, Option, Resolution
from portal.deals.rules.ruling import day_words
from portal.deals.rules.verdict import Outcome, Step
from portal.deals.views.queue import share, tone
from portal.programme.rules.deal_rules import DealRules
from portal.web.area import Visit
from portal.web.templating import whole_money

MOST_SIDES = 3
WRITTEN = frozenset({"deal.message", "deal.staff_note"})
"""Entries that only say that something was written; the text itself is shown instead."""


def values(visit: Visit, case: Case, rules: DealRules) -> dict[str, Any]:
    """Everything the panel prints."""
    deal = case.deal
    is_open = deal.state in TO_DECIDE
    is_confirming = bool(_waits_for_me(visit, case))
    options = _options(case, rules, visit.now) if is_open and not is_confirming else ()
    return {
        "case": case,
        "deal": deal,
        "is_open": is_open,
        "sub": " · ".join(filter(None, (deal.ref, case.side.place, deal.customer_domain))),
        "due_tone": tone(deal.due_at, visit.now),
        "due_share": share(deal.submitted_at or deal.created_at, deal.due_at, visit.now),
        "badge_words": words.STATES[deal.state],
        "reason_words": REASONS.get(deal.reason, deal.reason.replace("_", " ").capitalize()),
        "facts": facts(case),
        "compare": _compared(visit, case),
        "options": options,
        "rule_words": _rule_words(case, rules, visit.now) if options else "",
        "failed": _failed(case),
        "passed": _passed(case),
        "approvers": _approvers(case),
        "timeline": _timeline(case),
        "may_undo": _may_undo(visit, case),
        **_how_to_decide(visit, case, options),
    }


def _how_to_decide(visit: Visit, case: Case, options: tuple[Option, ...]) -> dict[str, Any]:
    """What the first button says, and whether a reason has to be given."""
    waits_for_me = _waits_for_me(visit, case)
    is_against = case.decision is not None and fairness.is_override(case.decision, approves=True)
    verb = "Grant appeal" if case.deal.state is DealState.APPEALED else "Approve"
    return {
        "waits_for_me": waits_for_me,
        "confirms": {"override": Resolution.REPLACE.value, "choice": "choice"}.get(waits_for_me),
        "may_follow": any(rival.is_protected for rival in case.rivals) and not waits_for_me,
        "needs_reason": is_against and not waits_for_me,
        "buttons": [option.button for option in options],
        "decide_words": "Confirm" if waits_for_me else verb,
        "likely": [
            {
                "name": f"{other.name} · {other.detail}" if other.detail else other.name,
                "evidence": "; ".join((f"{other.score} % match", *other.reasons)),
                "tone": "warn",
            }
            for other in case.likely
        ],
    }


def facts(case: Case) -> list[tuple[str, str]]:
    """The registration in a strip of labels and values; the value stands in the template."""
    deal = case.deal
    return [
        (label, value)
        for label, value in (
            ("Partner", f"{case.partner} · {case.owner}"),
            ("Product line", case.line),
            ("Expected close", day_words(deal.closes_on) if deal.closes_on else ""),
            ("Contact", " · ".join(filter(None, (deal.contact_name, deal.contact_email)))),
            ("Region", case.region),
            ("Distributor", case.distributor),
            ("What was done", deal.activity),
            ("Tender", "Yes" if deal.is_tender else ""),
            ("Note", deal.note),
        )
        if value
    ]


def conflict(case: Case, now: dt.datetime) -> Conflict | None:
    """What the offered outcomes are about: a protection before an undecided older claim."""
    if not case.rivals:
        return None
    rival = min(case.rivals, key=_gravity)
    return Conflict(
        ref=rival.ref,
        partner=rival.partner,
        is_protected=rival.is_protected,
        is_stale=comparison.is_stale(rival.side, now),
        was_asked=case.deal.holder_asked_at is not None,
    )


def _gravity(rival: Rival) -> bool:
    return not rival.is_protected


def _options(case: Case, rules: DealRules, now: dt.datetime) -> tuple[Option, ...]:
    found = conflict(case, now)
    return resolution.options(rules, found) if found else ()


def _rule_words(case: Case, rules: DealRules, now: dt.datetime) -> str:
    found = conflict(case, now)
    return resolution.rule_words(rules, found) if found else ""


def decide_form(form: DecideForm, options: tuple[Option, ...]) -> DecideForm:
    """The form with the outcomes that are open; the suggested one is chosen, or the first."""
    form.outcome.choices = choices((option.code.value, option.label) for option in options)
    if options and not form.outcome.data:
        chosen = next((option for option in options if option.is_suggested), options[0])
        form.outcome.data = chosen.code.value
    return form


def details(options: tuple[Option, ...]) -> dict[str, dict[str, str]]:
    return {
        option.code.value: {
            "text": option.text,
            "mark": "Suggested." if option.is_suggested else "",
        }
        for option in options
    }


def _compared(visit: Visit, case: Case) -> dict[str, Any] | None:
    sides = (case.side, *(rival.side for rival in case.rivals), *case.others)[:MOST_SIDES]
    if len(sides) < 2:
        return None
    locale = visit.person.locale
    reading = Reading(
        money=lambda money: whole_money(money.minor, money.currency, locale),
        now=visit.now,
        zone=ZoneInfo(visit.person.time_zone),
    )
    groups = comparison.compared(sides, reading)
    against = ", ".join(side.ref or side.name for side in sides[1:])
    return {
        "title": f"Compared with {against}",
        "caption": f"This registration compared with {against}",
        "alike": comparison.alike_names([side.customer for side in sides[:2]]),
        "sides": [{"name": side.name, "sub": side.note} for side in sides],
        "groups": [
            {
                "title": group.title,
                "rows": [
                    {
                        "label": row.label,
                        "values": row.values,
                        "alike": row.alike,
                        "marks": [m and (m.text, m.tone) for m in row.marks],
                    }
                    for row in group.rows
                ],
            }
            for group in groups
        ],
    }


_TONES = {Outcome.APPROVE: "ok", Outcome.QUEUE: "warn", Outcome.WAIT: "warn", Outcome.REJECT: "bad"}


def _failed(case: Case) -> list[dict[str, str]]:
    """What a person has to look at, the gravest first."""
    if case.decision is None:
        return []
    steps = [*case.decision.about_record, *case.decision.about_claim]
    found = [step for step in steps if step.reason]
    found.sort(key=lambda step: list(Outcome).index(step.outcome), reverse=True)
    return [_check(step) for step in found]


def _passed(case: Case) -> list[dict[str, str]]:
    """What was compared and found in order; what the claim says of itself comes last."""
    if case.decision is None:
        return []
    steps = [*case.decision.about_record, *case.decision.about_claim]
    return [_check(step) for step in steps if not step.reason]


def _check(step: Step) -> dict[str, str]:
    return {
        "name": step.words,
        "evidence": ", ".join(step.refs),
        "tone": _TONES[step.outcome],
    }


def _approvers(case: Case) -> list[dict[str, str]]:
    """The chain in order: who has given, who is next; empty while one person decides alone."""
    chain = case.decision.chain if case.decision else ()
    if len(chain) < 2:
        return []
    given = len(case.given)
    return [
        {
            "label": role.label,
            "detail": case.given[place] if place < given else "",
            "state": "done" if place < given else "current" if place == given else "later",
        }
        for place, role in enumerate(chain)
    ]


def _timeline(case: Case) -> list[dict[str, Any]]:
    """What happened and what was written, the latest first."""
    entries = [_entry(told, case) for told in case.told if told.kind not in WRITTEN]
    entries += [
        {
            "who": written.name,
            "text": "noted for our staff" if written.is_for_staff else "wrote",
            "detail": "",
            "message": written.body,
            "at": written.at,
            "key": False,
        }
        for written in case.written
    ]
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)


def _entry(told: Told, case: Case) -> dict[str, Any]:
    said = words.happened(told.kind, told.facts)
    return {
        "who": case.names.get(told.actor_id or 0, ""),
        "text": said.text,
        "detail": said.detail,
        "message": said.message,
        "at": told.at,
        "key": told.kind in words.TURNING_POINTS,
    }


def _may_undo(visit: Visit, case: Case) -> bool:
    deal = case.deal
    move = LIFECYCLE.moves.get(deal.last_verb)
    is_recent = deal.decided_at is not None and visit.now - deal.decided_at <= UNDO_FOR
    return bool(move and move.is_undoable and deal.state_before and is_recent)


def _waits_for_me(visit: Visit, case: Case) -> str:
    """What a colleague asked for that this person may confirm: override, choice or nothing."""
    me = visit.viewer.user_id
    if case.override is not None and case.override.user_id != me:
        return "override"
    if case.choice is not None and case.choice.user_id != me:
        return "choice"
    return ""
