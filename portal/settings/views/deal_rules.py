"""The deal rules: what holds, the versions, and an editor that tries before it publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from portal.accounts import queries as accounts
from portal.deals.rules.verdict import Decision
from portal.kernel.policy import May
from portal.programme import actions as programme
from portal.programme import queries
from portal.programme.actions import PublishDealRules
from portal.programme.rules import changes
from portal.programme.rules.changes import Change
from portal.programme.rules.deal_rules import DealRules
from portal.programme.rules.deal_words import summary
from portal.settings import actions
from portal.settings.forms import DropForm, RulesForm
from portal.settings.queries import count_touched
from portal.settings.rules import layout, trial
from portal.settings.rules.trial import OUTCOMES, Ran
from portal.settings.views.cards import area
from portal.web import choices
from portal.web.area import Visit

FIRST_CLAIM = {"value": "50000", "currency": "EUR", "partner_type": "reseller"}


@area.page("/settings/deal-rules", needs=May.PROGRAMME_EDIT)
def show_rules(visit: Visit) -> ResponseReturnValue:
    number, rules = queries.rules_at(visit.db, visit.now)
    versions = queries.list_versions(visit.db)
    names = accounts.names_of(visit.db, {v.user_id for v in versions if v.user_id})
    return visit.render(
        "settings/deal_rules.html",
        number=number,
        words=summary(rules),
        versions=versions,
        names=names,
        cases=queries.list_cases(visit.db),
        outcomes=OUTCOMES,
    )


@area.page("/settings/deal-rules/<int:number>", needs=May.PROGRAMME_EDIT)
def show_version(visit: Visit, number: int) -> ResponseReturnValue:
    """One version in words, and what it changed."""
    version, before = queries.get_version(visit.db, number)
    rules = DealRules.from_dict(version.document)
    return visit.render(
        "settings/version.html",
        version=version,
        words=summary(rules),
        changes=changes.between(before, rules),
    )


@area.page("/settings/deal-rules/edit", needs=May.PROGRAMME_EDIT)
def show_edit(visit: Visit) -> ResponseReturnValue:
    number, rules = queries.newest_rules(visit.db)
    answers = {**layout.answers_of(rules), **FIRST_CLAIM, "based_on": str(number)}
    return _edit(visit, RulesForm(data=answers), _look(visit, rules))


@dataclass(frozen=True, slots=True)
class Look:
    """What stands beside the form: the rules typed so far, and what they would do."""

    words: list[str]
    changes: list[Change]
    ran: list[Ran]
    decision: Decision | None = None


def _look(visit: Visit, rules: DealRules, claim: dict[str, Any] | None = None) -> Look:
    _, newest = queries.newest_rules(visit.db)
    return Look(
        words=summary(rules),
        changes=changes.between(newest, rules),
        ran=actions.run_cases(visit.db, rules, now=visit.now),
        decision=trial.decide(rules, claim, now=visit.now) if claim else None,
    )


def _edit(
    visit: Visit, form: RulesForm, look: Look | None, status: int = 200
) -> ResponseReturnValue:
    form.offer(choices.currencies(visit.person.locale))
    return visit.render(
        "settings/edit.html",
        status,
        form=form,
        look=look,
        touched=count_touched(visit.db),
        outcomes=OUTCOMES,
    )


@area.act("/settings/deal-rules/edit", needs=May.PROGRAMME_EDIT)
def edit(visit: Visit) -> ResponseReturnValue:
    """Look at the rules typed, try a claim, keep it as a case, or publish; `act` says which."""
    form = visit.form(RulesForm)
    form.offer(choices.currencies(visit.person.locale))
    acts = {"publish": _publish, "keep": _keep}
    act = acts.get(form.act.data or "", _try)
    look = visit.attempt(form, lambda: act(visit, form))
    if look is None:
        return _edit(visit, form, None, 422)
    if isinstance(look, int):
        visit.say(f"Version {look} is published.")
        return visit.go("settings.show_rules")
    return _edit(visit, form, look)


def _try(visit: Visit, form: RulesForm) -> Look:
    return _look(visit, form.rules(), form.claim())


def _keep(visit: Visit, form: RulesForm) -> Look:
    rules, claim = form.rules(), form.claim()
    name = form.case_name.data or f"{claim['value']} {claim['currency']}"
    trial.decide(rules, claim, now=visit.now)
    programme.keep_case(visit.db, name, claim, form.outcome(), now=visit.now)
    return _look(visit, rules, claim)


def _publish(visit: Visit, form: RulesForm) -> int:
    rules = form.rules()
    command = PublishDealRules(
        rules=rules,
        based_on=form.based_on.count or 0,
        effective_at=form.begins_at(rules.calendar.tzinfo),
        note=form.note.data or "",
    )
    return actions.publish(visit.db, command, now=visit.now).number


@area.act("/settings/deal-rules/cases/drop", needs=May.PROGRAMME_EDIT)
def drop_case(visit: Visit) -> ResponseReturnValue:
    form = visit.form(DropForm)
    if form.validate() and form.case.count is not None:
        programme.drop_case(visit.db, form.case.count, now=visit.now)
        visit.say("The case is dropped.")
    return visit.go("settings.show_rules")
