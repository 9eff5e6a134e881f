"""What is done with a registration that was sent.  Each act has a page that says what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from portal.deals.actions import intake, outcomes
from portal.deals.forms import moves as forms
from portal.deals.models import Deal
from portal.deals.queries import record
from portal.deals.rules.lifecycle import LIFECYCLE, PROTECTED
from portal.deals.rules.states import Visibility
from portal.deals.views.pages import area
from portal.kernel.clock import local_day
from portal.kernel.errors import Stale
from portal.kernel.policy import May
from portal.programme import queries as programme
from portal.programme.rules.deal_rules import DealRules
from portal.web.area import Visit
from portal.web.forms import PortalForm


@dataclass(frozen=True, slots=True)
class Page:
    """One act as its page words it; `follows` is what happens when the button is pressed."""

    heading: str
    button: str
    follows: tuple[str, ...]
    done: str
    kind: str = "primary"


_FREED = "The customer is free for others at once."
_KEPT = "The record stays, with everything that was written."

WITHDRAW = Page(
    "Withdraw the registration",
    "Withdraw registration",
    ("The registration loses its place.", "You can register the customer again.", _KEPT),
    "Withdrawn. The record stays here.",
    "danger",
)
RELEASE = Page(
    "Release the protection",
    "Release protection",
    ("Your protection ends now.", _FREED, _KEPT),
    "Released. The customer is free for others.",
    "danger",
)
LOSE = Page(
    "Mark as lost",
    "Mark as lost",
    ("Your protection ends now.", _FREED, _KEPT),
    "Marked as lost. The customer is free for others.",
    "danger",
)
WIN = Page(
    "Mark as won",
    "Mark as won",
    ("The deal is closed at this value.", "Its protection ends.", "Your commission is worked out."),
    "Marked as won.",
)
ANSWER = Page(
    "Answer the vendor",
    "Send answer",
    ("The vendor’s clock runs again.", "Your place is kept if you answer in time."),
    "Your answer is sent.",
)
UPDATE = Page(
    "Update the deal", "Save", ("Both sides see the new figures.",), "The deal is updated."
)


@area.page("/deals/<ref>/withdraw", needs=May.DEALS_REGISTER)
def show_withdraw(visit: Visit, ref: str) -> ResponseReturnValue:
    deal = _open_to(visit, ref, "withdraw")
    return _page(visit, deal, WITHDRAW, forms.NothingForm())


@area.act("/deals/<ref>/withdraw", needs=May.DEALS_REGISTER)
def withdraw(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(forms.NothingForm)
    return _do(visit, ref, WITHDRAW, form, lambda: intake.withdraw(visit.db, ref, now=visit.now))


@area.page("/deals/<ref>/release", needs=May.DEALS_READ)
def show_release(visit: Visit, ref: str) -> ResponseReturnValue:
    return _page(visit, _open_to(visit, ref, "release"), RELEASE, forms.NothingForm())


@area.act("/deals/<ref>/release", needs=May.DEALS_READ)
def release(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(forms.NothingForm)
    return _do(visit, ref, RELEASE, form, lambda: outcomes.release(visit.db, ref, now=visit.now))


@area.page("/deals/<ref>/lose", needs=May.DEALS_READ)
def show_lose(visit: Visit, ref: str) -> ResponseReturnValue:
    return _page(visit, _open_to(visit, ref, "lose"), LOSE, forms.LoseForm())


@area.act("/deals/<ref>/lose", needs=May.DEALS_READ)
def lose(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(forms.LoseForm)
    reason = form.reason.data or ""
    return _do(visit, ref, LOSE, form, lambda: outcomes.lose(visit.db, ref, reason, now=visit.now))


@area.page("/deals/<ref>/win", needs=May.DEALS_READ)
def show_win(visit: Visit, ref: str) -> ResponseReturnValue:
    deal = _open_to(visit, ref, "win")
    today = local_day(visit.now, visit.person.zone).isoformat()
    known = {**forms.known_of(deal, visit.person.locale), "won_on": today}
    form = forms.win_form(deal.currency, visit.person.locale)(data=known)
    return _page(visit, deal, WIN, form)


@area.act("/deals/<ref>/win", needs=May.DEALS_READ)
def win(visit: Visit, ref: str) -> ResponseReturnValue:
    deal = record.get_deal(visit.db, ref)
    form = visit.form(forms.win_form(deal.currency, visit.person.locale))
    return _do(
        visit, ref, WIN, form, lambda: outcomes.win(visit.db, ref, form.command(), now=visit.now)
    )


@area.page("/deals/<ref>/answer", needs=May.DEALS_REGISTER)
def show_answer(visit: Visit, ref: str) -> ResponseReturnValue:
    deal = _open_to(visit, ref, "answer")
    form = _answer_form(visit, deal)(data=forms.known_of(deal, visit.person.locale))
    return _page(visit, deal, ANSWER, form, intro=deal.asked_text)


@area.act("/deals/<ref>/answer", needs=May.DEALS_REGISTER)
def answer(visit: Visit, ref: str) -> ResponseReturnValue:
    deal = _open_to(visit, ref, "answer")
    form, asked = visit.form(_answer_form(visit, deal)), deal.asked_text

    def act() -> Deal:
        command = form.command()
        answered = intake.answer(visit.db, ref, command, now=visit.now)
        if command.text:
            outcomes.write_message(visit.db, ref, command.text, Visibility.BOTH, now=visit.now)
        return answered

    return _do(visit, ref, ANSWER, form, act, intro=asked)


def _answer_form(visit: Visit, deal: Deal) -> type[forms.AnswerForm]:
    asked = tuple(deal.asked_fields.split())
    return forms.answer_form(asked, deal.currency, visit.person.locale)


@area.page("/deals/<ref>/appeal", needs=May.DEALS_REGISTER)
def show_appeal(visit: Visit, ref: str) -> ResponseReturnValue:
    deal = _open_to(visit, ref, "appeal")
    return _page(visit, deal, _appeal(visit), forms.AppealForm())


@area.act("/deals/<ref>/appeal", needs=May.DEALS_REGISTER)
def appeal(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(forms.AppealForm)
    why = form.text.data or ""
    return _do(
        visit, ref, _appeal(visit), form, lambda: intake.appeal(visit.db, ref, why, now=visit.now)
    )


def _appeal(visit: Visit) -> Page:
    days = _rules(visit).appeals.decided_in
    unit = days.unit.value.replace("_", " ")
    return Page(
        "Appeal the rejection",
        "Send appeal",
        (
            "Somebody else than the one who rejected it decides.",
            f"You hear within {days.count} {unit}.",
            "There is one appeal.",
        ),
        "Your appeal is sent.",
    )


@area.page("/deals/<ref>/extend", needs=May.DEALS_READ)
def show_extend(visit: Visit, ref: str) -> ResponseReturnValue:
    return _page(visit, _protected(visit, ref), _extend(visit), forms.ExtendForm())


@area.act("/deals/<ref>/extend", needs=May.DEALS_READ)
def extend(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(forms.ExtendForm)
    return _do(
        visit,
        ref,
        _extend(visit),
        form,
        lambda: outcomes.extend(visit.db, ref, form.command(), now=visit.now),
    )


def _extend(visit: Visit) -> Page:
    rule = _rules(visit).extensions
    times = "once" if rule.limit == 1 else f"up to {rule.limit} times"
    evidence = ("The programme asks for evidence.",) if rule.needs_evidence else ()
    return Page(
        "Ask for more time",
        f"Ask for {rule.length}",
        (f"{rule.length} are added to the end.", f"This is possible {times}.", *evidence),
        f"{rule.length} were added to the protection.",
    )


@area.page("/deals/<ref>/update", needs=May.DEALS_REGISTER)
def show_update(visit: Visit, ref: str) -> ResponseReturnValue:
    deal = _protected(visit, ref)
    form = _update_form(visit, deal)(data=forms.known_of(deal, visit.person.locale))
    return _page(visit, deal, UPDATE, form)


@area.act("/deals/<ref>/update", needs=May.DEALS_REGISTER)
def update(visit: Visit, ref: str) -> ResponseReturnValue:
    """Raises Stale if the deal changed since its page was opened."""
    deal = _protected(visit, ref)
    form = visit.form(_update_form(visit, deal))
    if form.as_of.data != deal.updated_at.isoformat():
        raise Stale("This deal changed since you opened it. Reload to see it as it is.")
    return _do(
        visit,
        ref,
        UPDATE,
        form,
        lambda: outcomes.update(visit.db, ref, form.command(), now=visit.now),
    )


def _update_form(visit: Visit, deal: Deal) -> type[forms.UpdateForm]:
    return forms.update_form(deal.currency, visit.person.locale)


def _rules(visit: Visit) -> DealRules:
    return programme.rules_at(visit.db, visit.now)[1]


def _open_to(visit: Visit, ref: str, verb: str) -> Deal:
    """Raises NotFound; Forbidden or Stale if the lifecycle does not open `verb` to this viewer."""
    deal = record.get_deal(visit.db, ref)
    LIFECYCLE.after(verb, deal.state, visit.viewer.roles)
    return deal


def _protected(visit: Visit, ref: str) -> Deal:
    deal = record.get_deal(visit.db, ref)
    if deal.state not in PROTECTED:
        raise Stale("Only a protected deal can be changed.", code="wrong_state")
    return deal


def _page(
    visit: Visit, deal: Deal, page: Page, form: PortalForm, status: int = 200, *, intro: str = ""
) -> Response:
    return visit.render(
        "deals/move.html",
        status,
        heading_text=page.heading,
        deal=deal,
        move=page,
        form=form,
        form_errors=form.summary,
        intro=intro,
    )


def _do(
    visit: Visit,
    ref: str,
    page: Page,
    form: PortalForm,
    act: Callable[[], Any],
    *,
    intro: str = "",
) -> Response:
    if visit.attempt(form, act) is None:
        return _page(visit, record.get_deal(visit.db, ref), page, form, 422, intro=intro)
    visit.say(page.done)
    return visit.go("deals.show", ref=ref)
