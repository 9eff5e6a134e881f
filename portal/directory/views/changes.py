"""Changes to a company by staff: its record, its manager, its suppliers, and whether it is open."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.accounts import actions as accounts
from portal.accounts import queries as account_queries
from portal.directory import queries
from portal.directory.forms import CompanyForm, EditForm, ManagerForm, ReasonForm, SuppliersForm
from portal.directory.views.companies import Shown, area, shown
from portal.kernel.errors import Stale
from portal.kernel.policy import May
from portal.partners import actions
from portal.partners import queries as partner_queries
from portal.partners.models import Partner
from portal.programme import queries as programme_queries
from portal.web import choices
from portal.web.area import Visit

DONE = {
    "suspend": "is suspended. Its people are signed out and cannot sign in.",
    "resume": "is open again. Its people can sign in.",
    "end": "has ended. Its people are signed out and cannot sign in.",
}


@area.page("/partners/<ref>/edit", needs=May.PARTNERS_EDIT)
def show_edit(visit: Visit, ref: str) -> ResponseReturnValue:
    partner = partner_queries.get_by_ref(visit.db, ref)
    form = EditForm(
        data={
            "name": partner.name,
            "kind": partner.kind.value,
            "domain": partner.domain,
            "country": partner.country,
            "currency": partner.currency,
            "region": str(partner.region_id or ""),
            "tier": str(partner.tier_id or ""),
            "languages": partner.languages.split(),
            "version": str(partner.version),
        }
    )
    return _edit(visit, partner, form)


def _edit(visit: Visit, partner: Partner, form: EditForm, status: int = 200) -> ResponseReturnValue:
    _offer(visit, form)
    return visit.render("directory/edit.html", status, partner=partner, form=form)


def _offer(visit: Visit, form: EditForm) -> None:
    offer_places(visit, form)
    form.offer({"languages": choices.languages(visit.person.locale)})


def offer_places(visit: Visit, form: CompanyForm) -> None:
    """Where a company can be and what it can be in the programme."""
    locale = visit.person.locale
    form.offer(
        {
            "country": choices.NOTHING | choices.countries(locale),
            "currency": choices.currencies(locale),
            "region": choices.NOTHING | programme_queries.region_choices(visit.db),
            "tier": choices.NOTHING | programme_queries.tier_choices(visit.db),
        }
    )


@area.act("/partners/<ref>/edit", needs=May.PARTNERS_EDIT)
def edit(visit: Visit, ref: str) -> ResponseReturnValue:
    partner = partner_queries.get_by_ref(visit.db, ref)
    form = visit.form(EditForm)
    _offer(visit, form)

    def save() -> bool:
        with visit.db.as_system("a domain names one company among all") as system:
            found = partner_queries.get_by_ref(system, ref)
            actions.edit(system, found, form.command(), now=visit.now)
        return True

    if visit.attempt(form, save):
        visit.say(f"{form.name.data} is saved.")
        return visit.go("directory.show", ref=ref)
    return _edit(visit, partner, form, 422)


@area.page("/partners/<ref>/manager", needs=May.PARTNERS_EDIT)
def show_manager(visit: Visit, ref: str) -> ResponseReturnValue:
    company, form = shown(visit, ref, "show"), ManagerForm()
    with visit.db.as_system("who could look after a company") as system:
        current = account_queries.manager_of(system, company.partner.id)
        form.offer(queries.list_managers(system))
    form.manager.data = str(current.user_id) if current else ""
    return visit.render("directory/manager.html", company=company, form=form)


@area.act("/partners/<ref>/manager", needs=May.PARTNERS_EDIT)
def change_manager(visit: Visit, ref: str) -> ResponseReturnValue:
    company, form = shown(visit, ref, "show"), visit.form(ManagerForm)
    with visit.db.as_system("who could look after a company") as system:
        managers = queries.list_managers(system)
    form.offer(managers)
    if not form.validate():
        return visit.render("directory/manager.html", 422, company=company, form=form)
    user_id = int(form.manager.data)
    with visit.db.as_system("a company is handed to somebody who may not know it yet") as system:
        accounts.assign(system, partner_id=company.partner.id, user_id=user_id, now=visit.now)
    visit.say(f"{managers[user_id]} looks after {company.row.name} now.")
    return visit.go("directory.show_list")


@area.page("/partners/<ref>/suppliers", needs=May.PARTNERS_EDIT)
def show_suppliers(visit: Visit, ref: str) -> ResponseReturnValue:
    company, form = shown(visit, ref, "show"), SuppliersForm()
    with visit.db.as_system("all distributors are offered") as system:
        form.offer(queries.list_distributors(system))
        chosen = queries.suppliers_of_all(system, company.partner.id)
    form.suppliers.data = [str(supplier_id) for supplier_id in chosen]
    return visit.render("directory/suppliers.html", company=company, form=form)


@area.act("/partners/<ref>/suppliers", needs=May.PARTNERS_EDIT)
def change_suppliers(visit: Visit, ref: str) -> ResponseReturnValue:
    company, form = shown(visit, ref, "show"), visit.form(SuppliersForm)
    with visit.db.as_system("all distributors are offered") as system:
        form.offer(queries.list_distributors(system))

    def save() -> bool:
        wanted = frozenset(int(supplier_id) for supplier_id in form.suppliers.data or ())
        with visit.db.as_system("suppliers may be companies the viewer does not know") as system:
            found = partner_queries.get_by_ref(system, ref)
            actions.set_suppliers(system, found, wanted, now=visit.now)
        return True

    if visit.attempt(form, save):
        visit.say(f"The suppliers of {company.row.name} are saved.")
        return visit.go("directory.show", ref=ref)
    return visit.render("directory/suppliers.html", 422, company=company, form=form)


CLOSING = "/partners/<ref>/<any(suspend, resume, end):verb>"


@area.page(CLOSING, needs=May.PARTNERS_CLOSE, is_fresh=True)
def show_move(visit: Visit, ref: str, verb: str) -> ResponseReturnValue:
    return _move(visit, shown(visit, ref, "show"), verb, ReasonForm())


def _move(
    visit: Visit, company: Shown, verb: str, form: ReasonForm, status: int = 200
) -> ResponseReturnValue:
    if verb not in company.verbs:
        raise Stale(f"{company.row.name} is {company.row.state.value} already.")
    with visit.db.as_system("what a company still has open") as system:
        stakes = queries.find_stakes(system, company.partner.id)
    return visit.render(
        "directory/move.html", status, company=company, verb=verb, form=form, stakes=stakes
    )


@area.act(CLOSING, needs=May.PARTNERS_CLOSE, is_fresh=True)
def move(visit: Visit, ref: str, verb: str) -> ResponseReturnValue:
    company, form = shown(visit, ref, "show"), visit.form(ReasonForm)
    if not form.validate():
        return _move(visit, company, verb, form, 422)
    actions.move(
        visit.db,
        company.partner,
        verb,
        reason=form.reason.data or "",
        roles=visit.viewer.roles,
        now=visit.now,
    )
    visit.say(f"{company.row.name} {DONE[verb]}")
    return visit.go("directory.show", ref=ref)
