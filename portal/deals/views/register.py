"""Registering a deal: one page, a draft that keeps itself, and sending it once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from babel.numbers import get_currency_symbol
from flask import Response, current_app, jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, Signer

from portal.catalogue import queries as catalogue
from portal.catalogue.queries import LineRow
from portal.deals.actions import together
from portal.deals.actions.together import SaveTogether
from portal.deals.forms.moves import NothingForm
from portal.deals.forms.register import (
    LATER,
    Known,
    RegisterForm,
    closing_choices,
    completed,
    countries,
    derived,
    form_class,
    of_draft,
)
from portal.deals.models import Deal
from portal.deals.queries import record, registering
from portal.deals.queries.registering import Company, OwnCustomer, Registrant
from portal.deals.rules import deadlines, routing
from portal.deals.rules.facts import Claim
from portal.deals.rules.lifecycle import DealState
from portal.deals.views.pages import area
from portal.kernel import text
from portal.kernel.clock import local_day
from portal.kernel.errors import Stale
from portal.kernel.money import Money
from portal.kernel.policy import May, Role
from portal.programme import queries as programme
from portal.programme.rules.deal_rules import DealRules
from portal.web.area import Visit
from portal.web.errors import BadInput

CHECKED_AFTER = "We check this after you register it."
ADD_WEBSITE = "Add the customer’s website so that we can check it."


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page offers this person."""

    registrant: Registrant
    rules: DealRules
    lines: list[LineRow]
    suppliers: list[Company]
    resellers: list[Company]
    today: dt.date
    locale: str

    @property
    def companies(self) -> dict[str, int]:
        return {company.ref: company.id for company in (*self.suppliers, *self.resellers)}

    def form(self) -> type[RegisterForm]:
        lines = tuple((line.id, line.name) for line in self.lines)
        return form_class(lines, self.registrant.currency, self.locale)

    def offer(self, form: RegisterForm) -> None:
        """Fill the choices; they are needed to read what was chosen."""
        form.line.choices = [(line.id, line.name) for line in self.lines]
        form.closes.choices = list(closing_choices(self.today))
        form.quarters = frozenset(day for day, _ in closing_choices(self.today)) - {LATER}
        form.customer_country.choices = [("", "Choose"), *countries(self.locale)]
        suppliers = [(company.ref, company.name) for company in self.suppliers]
        form.distributor.choices = [("", "None"), *suppliers]
        resellers = [(company.ref, company.name) for company in self.resellers]
        form.reseller.choices = [("", self.registrant.name), *resellers]


@area.page("/deals/new", needs=May.DEALS_REGISTER)
def show_register(visit: Visit) -> ResponseReturnValue:
    desk = _desk(visit)
    last = registering.find_last_line(visit.db)
    only = desk.suppliers[0].ref if len(desk.suppliers) == 1 else ""
    form = desk.form()(
        data={
            "line": [last] if last in {line.id for line in desk.lines} else [],
            "closes": closing_choices(desk.today)[1][0],
            "distributor": only,
            "key": _signer().sign(visit.services.new_ref("DR")).decode(),
        }
    )
    desk.offer(form)
    return _page(visit, desk, form)


@area.act("/deals/new", needs=May.DEALS_REGISTER)
def register(visit: Visit) -> ResponseReturnValue:
    """Send it.  A second sending of the same page leads to what the first one made."""
    desk, form, ref, deal = _posted(visit)
    if deal is not None and deal.state is not DealState.DRAFT:
        return visit.go("deals.show", ref=ref)
    made = visit.attempt(form, lambda: _register(visit, desk, form, ref, deal))
    if made is None:
        return _page(visit, desk, form, 422, ref=ref)
    due = deadlines.decision_due(desk.rules, visit.now).astimezone(visit.person.zone)
    count = "" if len(made) == 1 else f" for {len(made)} products"
    visit.say(f"Registered{count}. You will hear by {due:%a} {due.day} {due:%b, %H:%M}.")
    return visit.go("deals.show", ref=ref)


@area.act("/deals/draft", needs=May.DEALS_REGISTER)
def keep_draft(visit: Visit) -> ResponseReturnValue:
    """Keep what is there, whole or not: by the script every few seconds, or by the button."""
    desk, form, ref, deal = _posted(visit)
    if deal is not None and deal.state is not DealState.DRAFT:
        raise Stale("This was registered meanwhile. Open it to see where it stands.")
    saved = together.save(visit.db, _command(visit, desk, form, ref, deal), now=visit.now)[0]
    if visit.fragment != "draft":
        visit.say("Kept as a draft.")
        return visit.go("deals.show_drafts")
    response = make_response(_saved_words(visit, visit.now))
    response.mimetype = "text/plain"
    response.headers["X-Draft-Version"] = str(saved.version)
    response.headers["X-Draft-Url"] = url_for("deals.show_draft", ref=ref)
    return response


@area.page("/deals/<ref>/edit", needs=May.DEALS_REGISTER)
def show_draft(visit: Visit, ref: str) -> ResponseReturnValue:
    """A draft, to go on with."""
    deal = record.get_deal(visit.db, ref)
    if deal.state is not DealState.DRAFT:
        return visit.go("deals.show", ref=ref)
    first = record.get_deal(visit.db, deal.bundle) if deal.bundle else deal
    desk = _desk(visit)
    linked = together.linked_drafts(visit.db, first)
    known = of_draft(first, linked, today=desk.today, locale=desk.locale)
    named = {company.id: company.ref for company in (*desk.suppliers, *desk.resellers)}
    form = desk.form()(
        data={
            **known,
            "distributor": named.get(first.distributor_id or 0, ""),
            "reseller": named.get(first.partner_id, ""),
            "key": _signer().sign(first.ref).decode(),
        }
    )
    desk.offer(form)
    return _page(visit, desk, form, ref=first.ref, saved_at=first.updated_at)


@area.act("/deals/<ref>/discard", needs=May.DEALS_REGISTER)
def discard_draft(visit: Visit, ref: str) -> ResponseReturnValue:
    visit.form(NothingForm)
    together.discard(visit.db, ref, now=visit.now)
    visit.say("The draft is gone.")
    return visit.go("deals.show_drafts")


@area.page("/deals/derive", needs=May.DEALS_REGISTER)
def derive(visit: Visit) -> ResponseReturnValue:
    """What a web domain tells: the company's own words for the customer, or the domain's text."""
    domain = text.domain_of(request.args.get("domain", "")[:320])
    if domain is None:
        return jsonify(name="", country="", note="")
    if text.is_free_mail(domain):
        return jsonify(name="", country="", note=ADD_WEBSITE)
    own = registering.find_own(visit.db, domain, but=request.args.get("but", ""))
    known = Known(own.name, own.country) if own else derived(domain)
    return jsonify(name=known.name, country=known.country, note=_note(visit, own))


def _note(visit: Visit, own: OwnCustomer | None) -> str:
    if own is None or not own.is_open or own.submitted_at is None:
        return CHECKED_AFTER
    day = local_day(own.submitted_at, visit.person.zone)
    return f"Your company registered this on {day:%-d %b %Y}, as {own.ref}."


def _signer() -> Signer:
    return Signer(str(current_app.secret_key), salt="the number of a deal to be registered")


def _desk(visit: Visit) -> Desk:
    _, rules = programme.rules_at(visit.db, visit.now)
    is_distributor = Role.DISTRIBUTOR_MANAGER in visit.viewer.roles
    return Desk(
        registrant=registering.get_registrant(visit.db),
        rules=rules,
        lines=catalogue.list_lines(visit.db),
        suppliers=registering.list_suppliers(visit.db),
        resellers=registering.list_resellers(visit.db) if is_distributor else [],
        today=local_day(visit.now, rules.calendar.tzinfo),
        locale=visit.person.locale,
    )


def _posted(visit: Visit) -> tuple[Desk, RegisterForm, str, Deal | None]:
    """The page as it was sent, the number it is for, and the deal of that number so far."""
    desk = _desk(visit)
    form = visit.form(desk.form())
    desk.offer(form)
    try:
        ref = _signer().unsign(form.key.data or "").decode()
    except BadSignature as error:
        raise BadInput("This page was not opened here. Open it again.") from error
    together.take_turns(visit.db, ref)
    return desk, form, ref, record.find_deal(visit.db, ref)


def _command(
    visit: Visit, desk: Desk, form: RegisterForm, ref: str, deal: Deal | None
) -> SaveTogether:
    spare = [visit.services.new_ref("DR") for _ in form.chosen[1:]]
    return form.command(
        ref=ref, is_made=deal is not None, spare_refs=spare, companies=desk.companies
    )


def _register(
    visit: Visit, desk: Desk, form: RegisterForm, ref: str, deal: Deal | None
) -> list[Deal]:
    command = _command(visit, desk, form, ref, deal)
    first = command.first
    domain = text.domain_of(first.customer_domain or first.contact_email)
    own = registering.find_own(visit.db, domain, but=ref) if domain else None
    known = Known(own.name, own.country) if own else None
    return together.register(visit.db, completed(command, known), now=visit.now)


def _page(
    visit: Visit,
    desk: Desk,
    form: RegisterForm,
    status: int = 200,
    *,
    ref: str = "",
    saved_at: dt.datetime | None = None,
) -> Response:
    currency = desk.registrant.currency
    return visit.render(
        "deals/register.html",
        status,
        heading_text="Register a deal",
        form=form,
        form_errors=form.summary,
        action=url_for("deals.register"),
        draft_url=url_for("deals.keep_draft"),
        derive_url=url_for("deals.derive"),
        ref=ref,
        saved_text=_saved_words(visit, saved_at) if saved_at else "",
        symbol=get_currency_symbol(currency, locale=desk.locale),
        has_many=len(form.chosen) > 1,
        is_later=form.closes.data == LATER or bool(form.closes_on.errors),
        has_suppliers=bool(desk.suppliers),
        has_resellers=bool(desk.resellers),
        activity_needed=desk.rules.activity_needed,
        promise=_promise(visit, desk, form),
        note=CHECKED_AFTER,
    )


def _saved_words(visit: Visit, at: dt.datetime) -> str:
    return f"Draft saved {at.astimezone(visit.person.zone):%H:%M}"


def _promise(visit: Visit, desk: Desk, form: RegisterForm) -> list[tuple[str, Any]]:
    """What happens if it is registered now; who decides depends on the claim alone."""
    rules, registrant = desk.rules, desk.registrant
    due = deadlines.decision_due(rules, visit.now).astimezone(visit.person.zone)
    codes = {line.id: line.code for line in desk.lines}
    money = form.value.money or Money(0, registrant.currency)
    claim = Claim(
        ref="",
        partner_id=registrant.id,
        customer_id=None,
        line=codes.get(next(iter(form.chosen), 0), ""),
        place=visit.now,
        value=money,
        region=registrant.region,
        partner_type=registrant.kind.value,
        tier=registrant.tier,
    )
    chain = ", then ".join(role.label.lower() for role in routing.chain(rules, claim))
    return [
        ("Decision", f"by {due:%a} {due.day} {due:%b, %H:%M}"),
        ("Decided by", chain[:1].upper() + chain[1:]),
        ("Protection", str(rules.protection.length)),
    ]
