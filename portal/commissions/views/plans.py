"""Plans: what they say in plain words, a new version, and a sandbox for worked cases."""

from __future__ import annotations

import difflib
from typing import Any

from flask.typing import ResponseReturnValue

from portal.commissions.actions import plans as actions
from portal.commissions.forms import PlanForm, SandboxForm
from portal.commissions.queries import plans as queries
from portal.commissions.queries.estimates import Worked, worked_examples
from portal.commissions.rules import cases, showing
from portal.commissions.rules.documents import Unreadable, from_yaml, to_yaml
from portal.commissions.rules.plan import Plan
from portal.commissions.rules.plan_reading import plan_from
from portal.commissions.rules.wording import describe
from portal.commissions.views.pages import area
from portal.kernel.policy import May
from portal.web.area import Visit

FIRST_PLAN = """plan: programme
version: 1
currency: EUR
hold_days: 30
rules:
  - {id: base, name: Base rate, earned_on: won, percent: 10}
"""
FIRST_CASE = """name: a small deal
why: 10,000 at 10 % is 1,000
plan:
  plan: programme
  version: 1
  currency: EUR
  rules:
    - {id: base, earned_on: won, percent: 10}
events:
  - {kind: won, date: 2026-01-15, partner: alder, amount: 10000}
expect:
  lines:
    - {event: e1, partner: alder, amount: 1000.00}
"""


@area.page("/finance/plans", needs=May.FINANCE_READ)
def show_plans(visit: Visit) -> ResponseReturnValue:
    return visit.render(
        "finance/plans.html",
        versions=queries.list_versions(visit.db),
        may_edit=visit.viewer.may(May.PLANS_EDIT),
    )


@area.page("/finance/plans/<plan>/<int:version>", needs=May.FINANCE_READ)
def show_version(visit: Visit, plan: str, version: int) -> ResponseReturnValue:
    row = queries.get_version(visit.db, plan, version)
    return visit.render(
        "finance/plan.html",
        row=row,
        text=to_yaml(row.document),
        **_in_words(visit, plan_from(row.document)),
    )


def _in_words(visit: Visit, plan: Plan) -> dict[str, Any]:
    """What is shown beside a plan's document."""
    locale = visit.person.locale
    examples: list[Worked] = worked_examples(plan, visit.now.date())
    return {
        "sentences": describe(plan),
        "examples": [
            (each, showing.rows_of(each.explanation, each.currency, locale)) for each in examples
        ],
    }


@area.page("/finance/plans/new", needs=May.PLANS_EDIT)
def show_new_plan(visit: Visit) -> ResponseReturnValue:
    return _editor(visit, PlanForm(data={"text": FIRST_PLAN}))


@area.page("/finance/plans/<plan>/next", needs=May.PLANS_EDIT)
def show_next_version(visit: Visit, plan: str) -> ResponseReturnValue:
    """The latest version with the next number, to be changed."""
    latest = queries.list_versions(visit.db)
    rows = [row for row in latest if row.plan == plan]
    row = rows[0] if rows else queries.get_version(visit.db, plan, 1)
    document = {**row.document, "version": row.version + 1}
    return _editor(visit, PlanForm(data={"text": to_yaml(document)}))


def _editor(visit: Visit, form: PlanForm, status: int = 200) -> ResponseReturnValue:
    return visit.render("finance/plan_editor.html", status, form=form, **_reading(visit, form))


def _reading(visit: Visit, form: PlanForm) -> dict[str, Any]:
    """The plan being written in plain words, with what differs; or every problem in it."""
    nothing: dict[str, Any] = {"sentences": [], "examples": [], "difference": []}
    try:
        plan = plan_from(from_yaml(form.text.data or ""))
    except Unreadable as unreadable:
        return {**nothing, "problems": [str(problem) for problem in unreadable.problems]}
    latest = queries.find_latest(visit.db, plan.plan)
    before = to_yaml(latest.document).splitlines() if latest else []
    after = (form.text.data or "").splitlines()
    lines = difflib.unified_diff(before, after, lineterm="", n=1)
    changed = [line for line in lines if not line.startswith(("---", "+++"))]
    return {**_in_words(visit, plan), "difference": changed if latest else [], "problems": []}


@area.act("/finance/plans/check", needs=May.PLANS_EDIT)
def check_plan(visit: Visit) -> ResponseReturnValue:
    """Show what was written in plain words, before it is published."""
    return _editor(visit, visit.form(PlanForm))


@area.act("/finance/plans/publish", needs=May.PLANS_EDIT, is_fresh=True)
def publish_plan(visit: Visit) -> ResponseReturnValue:
    form = visit.form(PlanForm)
    row = visit.attempt(form, lambda: actions.publish(visit.db, form.command(), now=visit.now))
    if row is None:
        return _editor(visit, form, 422)
    visit.say(f"{row.plan}, version {row.version}, is published.")
    return visit.go("commissions.show_version", plan=row.plan, version=row.version)


@area.page("/finance/sandbox", needs=May.FINANCE_READ)
def show_sandbox(visit: Visit) -> ResponseReturnValue:
    return visit.render("finance/sandbox.html", form=SandboxForm(data={"text": FIRST_CASE}))


@area.act("/finance/sandbox", needs=May.FINANCE_READ)
def run_sandbox(visit: Visit) -> ResponseReturnValue:
    """Work the cases out with the engine that pays; nothing is kept."""
    form = visit.form(SandboxForm)
    problems: list[str] = []
    results: list[cases.Result] = []
    try:
        results = [cases.check(draft) for draft in cases.cases_from(form.text.data or "")]
    except Unreadable as unreadable:
        problems = [str(problem) for problem in unreadable.problems]
    return visit.render("finance/sandbox.html", form=form, results=results, problems=problems)
