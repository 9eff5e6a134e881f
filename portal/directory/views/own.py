"""A partner's own company: what the vendor keeps about it, and what it says about itself."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.accounts import queries as account_queries
from portal.directory import queries
from portal.directory.forms import ContactForm
from portal.directory.views.companies import area
from portal.kernel.errors import NotFound
from portal.kernel.policy import May
from portal.partners import actions
from portal.partners import queries as partner_queries
from portal.partners.models import Partner
from portal.web import choices
from portal.web.area import Visit


def own_company(visit: Visit) -> Partner:
    """Raises NotFound for staff, who have none."""
    if visit.viewer.partner_id is None:
        raise NotFound
    return partner_queries.get_partner(visit.db, visit.viewer.partner_id)


@area.page("/company", needs=May.COMPANY_READ)
def show_own(visit: Visit) -> ResponseReturnValue:
    partner = own_company(visit)
    suppliers, _ = queries.list_neighbours(visit.db, partner.id)
    with visit.db.as_system("a company's own channel manager") as system:
        manager = account_queries.manager_of(system, partner.id)
    locale = visit.person.locale
    languages = choices.languages(locale)
    return visit.render(
        "directory/own.html",
        partner=partner,
        row=queries.find_company(visit.db, partner.id),
        suppliers=suppliers,
        manager=manager,
        country=choices.country_name(partner.country, locale),
        languages=", ".join(languages.get(code, code) for code in partner.languages.split()),
        may_edit=visit.viewer.may(May.COMPANY_EDIT),
    )


@area.page("/company/edit", needs=May.COMPANY_EDIT)
def show_own_edit(visit: Visit) -> ResponseReturnValue:
    partner = own_company(visit)
    form = ContactForm(
        data={
            "contact_name": partner.contact_name,
            "contact_email": partner.contact_email,
            "contact_phone": partner.contact_phone,
            "website": partner.website,
            "address": partner.address,
            "languages": partner.languages.split(),
            "version": str(partner.version),
        }
    )
    form.languages.choices = choices.languages(visit.person.locale)
    return visit.render("directory/own_edit.html", form=form)


@area.act("/company/edit", needs=May.COMPANY_EDIT)
def edit_own(visit: Visit) -> ResponseReturnValue:
    partner, form = own_company(visit), visit.form(ContactForm)
    form.languages.choices = choices.languages(visit.person.locale)

    def save() -> bool:
        actions.edit_contact(visit.db, partner, form.command(), now=visit.now)
        return True

    if visit.attempt(form, save):
        visit.say("Your company’s contact is saved.")
        return visit.go("directory.show_own")
    return visit.render("directory/own_edit.html", 422, form=form)
