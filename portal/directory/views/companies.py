"""The partner directory and a company in full, as staff see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import queries as account_queries
from portal.accounts.rules import roles_open_to
from portal.db import events
from portal.db.session import ViewerSession
from portal.directory import queries
from portal.directory.forms import TYPES, NoteForm
from portal.directory.rules import words_of
from portal.kernel.policy import May, Role
from portal.partners import actions
from portal.partners import queries as partner_queries
from portal.partners.models import Partner
from portal.partners.rules import LIFE, PartnerType
from portal.web import lists
from portal.web.area import Area, Visit
from portal.web.choices import country_name
from portal.web.csv import csv_chunks, download
from portal.web.lists import Asked, Link
from portal.web.templating import moment_text

area = Area("directory", __name__)

FILTERS = ("q", "view", "type", "tier", "region")
VIEWS = (("", "All"), ("mine", "Mine"), ("unassigned", "Unassigned"), ("suspended", "Suspended"))
HEADER = (
    "Number",
    "Company",
    "Type",
    "State",
    "Domain",
    "Country",
    "Currency",
    "Tier",
    "Region",
    "Channel manager",
    "People",
    "Last seen",
    "Since",
)


@area.page("/partners", needs=May.PARTNERS_READ)
def show_list(visit: Visit) -> ResponseReturnValue:
    asked = _asked()
    found = queries.list_companies(visit.db, asked.filters, asked.page)
    choices = queries.filter_choices(visit.db)
    words = {
        "type": f"Type: {TYPES.get(asked['type'], asked['type'])}",
        "tier": f"Tier: {choices.tiers.get(asked['tier'], asked['tier'])}",
        "region": f"Region: {choices.regions.get(asked['region'], asked['region'])}",
        "q": f"“{asked['q']}”",
    }
    return visit.render(
        "directory/list.html",
        asked=asked,
        found=found,
        pager=asked.pager(found),
        views=[Link(label, asked.url(view=v), asked["view"] == v) for v, label in VIEWS],
        chips=asked.chips(words),
        filters=[
            ("type", "Type", TYPES, asked["type"]),
            ("tier", "Tier", choices.tiers, asked["tier"]),
            ("region", "Region", choices.regions, asked["region"]),
        ],
        export_url=asked.export_url(url_for("directory.export")),
    )


def _asked() -> Asked:
    path = url_for("directory.show_list")
    return lists.asked(path, request.args, filters=FILTERS, sorts=queries.SORTS)


@area.page("/partners.csv", needs=May.PARTNERS_READ)
def export(visit: Visit) -> ResponseReturnValue:
    filters = _asked().filters

    def rows(db: ViewerSession) -> Iterator[bytes]:
        found = queries.stream_companies(db, filters)
        return csv_chunks(HEADER, (_cells(row) for row in found))

    return download(visit.stream(rows), name="partners.csv", media_type="text/csv")


def _cells(row: queries.CompanyRow) -> tuple[object, ...]:
    return (
        row.ref,
        row.name,
        row.kind.label,
        row.state.label,
        row.domain,
        row.country,
        row.currency,
        row.tier,
        row.region,
        row.manager,
        row.people,
        row.seen_at,
        row.created_at,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What the head of every page about one company needs."""

    partner: Partner
    row: queries.CompanyRow
    verbs: list[str]
    tabs: list[Link]
    country: str
    roles: tuple[Role, ...]


def shown(visit: Visit, ref: str, endpoint: str) -> Shown:
    """Raises NotFound for a company the viewer does not know."""
    partner = partner_queries.get_by_ref(visit.db, ref)
    row = queries.find_company(visit.db, partner.id)
    assert row is not None
    tabs = [("show", "Overview"), ("show_people", "People"), ("show_notes", "Notes")]
    tabs.append(("show_history", "History"))
    return Shown(
        partner=partner,
        row=row,
        verbs=LIFE.open_to(partner.state, visit.viewer.roles),
        tabs=[
            Link(label, url_for(f"directory.{name}", ref=ref), name == endpoint)
            for name, label in tabs
        ],
        country=country_name(partner.country, visit.person.locale),
        roles=roles_open_to(
            is_vendor=False, is_distributor=partner.kind is PartnerType.DISTRIBUTOR
        ),
    )


@area.page("/partners/<ref>", needs=May.PARTNERS_READ)
def show(visit: Visit, ref: str) -> ResponseReturnValue:
    company = shown(visit, ref, "show")
    suppliers, supplied = queries.list_neighbours(visit.db, company.partner.id)
    return visit.render(
        "directory/show.html", company=company, suppliers=suppliers, supplied=supplied
    )


@area.page("/partners/<ref>/people", needs=May.PARTNERS_READ)
def show_people(visit: Visit, ref: str) -> ResponseReturnValue:
    company = shown(visit, ref, "show_people")
    with visit.db.as_system("the people of a company that the viewer knows") as system:
        people = queries.list_people(system, company.partner.id)
    return visit.render("directory/people.html", company=company, people=people)


@area.page("/partners/<ref>/notes", needs=May.PARTNERS_READ)
def show_notes(visit: Visit, ref: str) -> ResponseReturnValue:
    return _notes(visit, ref, NoteForm())


def _notes(visit: Visit, ref: str, form: NoteForm, status: int = 200) -> ResponseReturnValue:
    company = shown(visit, ref, "show_notes")
    written = queries.list_notes(visit.db, company.partner.id)
    return visit.render("directory/notes.html", status, company=company, written=written, form=form)


@area.act("/partners/<ref>/notes", needs=May.PARTNERS_EDIT)
def add_note(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(NoteForm)
    partner = partner_queries.get_by_ref(visit.db, ref)
    if not form.validate():
        return _notes(visit, ref, form, 422)
    actions.add_note(visit.db, partner, form.text.data or "", now=visit.now)
    visit.say("Note kept. Only staff read it.")
    return visit.go("directory.show_notes", ref=ref)


@area.page("/partners/<ref>/history", needs=May.PARTNERS_READ)
def show_history(visit: Visit, ref: str) -> ResponseReturnValue:
    company = shown(visit, ref, "show_history")
    entries = events.timeline(visit.db, "partner", company.partner)
    actors = {entry.actor_id for entry in entries if entry.actor_id}
    names = account_queries.names_of(visit.db, actors)
    shown_entries = [
        {
            "who": names.get(entry.actor_id or 0, ""),
            "text": words_of(entry.kind, entry.facts),
            "detail": entry.facts.get("reason", ""),
            "at": entry.at,
            "at_text": moment_text(entry.at, visit.person.locale, visit.person.time_zone),
        }
        for entry in reversed(entries)
    ]
    return visit.render("directory/history.html", company=company, entries=shown_entries)
