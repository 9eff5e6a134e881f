"""The library: finding pieces, one piece in full, favourites, one's own downloads, wishes."""

from __future__ import annotations

import datetime as dt

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue import queries as catalogue
from portal.collateral.actions import branding
from portal.collateral.actions import library as actions
from portal.collateral.forms.library import AskForm, PressForm, filters_from
from portal.collateral.queries import assets as queries
from portal.collateral.queries import branding as branding_queries
from portal.collateral.queries import library, sharing
from portal.collateral.rules.assets import AssetKind, Form, Stage
from portal.collateral.views.areas import library_area as area
from portal.db.session import SystemSession
from portal.kernel.page import Cursor, PageRequest
from portal.kernel.policy import May
from portal.web import sightings
from portal.web.area import Visit

VISIT_EVERY = dt.timedelta(minutes=5)


@area.page("/collateral", needs=May.COLLATERAL_READ)
def show(visit: Visit) -> ResponseReturnValue:
    """The library, narrowed by filters or searched by words."""
    filters, text = filters_from(request.args), request.args.get("q", "").strip()[:200]
    since = library.since_last_visit(visit.db)
    if text:
        results = library.search_for(visit.db, text, filters)
    else:
        results = library.browse(visit.db, filters, page_request(), since=since)
    new = library.count_new(visit.db, since)
    _note(visit, text, results.total)
    return visit.render(
        "collateral/library.html",
        results=results,
        filters=filters,
        query=text,
        new=new,
        since=since,
        as_list=request.args.get("as") == "list",
        marked=queries.favourites(visit.db),
        lines={line.code: line.name for line in catalogue.list_lines(visit.db)},
        kinds={kind.value: kind.label for kind in AssetKind},
        stages={stage.value: stage.label for stage in Stage},
        ask=AskForm(words=text),
    )


def page_request() -> PageRequest:
    after, before = request.args.get("after"), request.args.get("before")
    return PageRequest(
        after=Cursor.decode(after) if after else None,
        before=Cursor.decode(before) if before and not after else None,
    )


def _note(visit: Visit, text: str, found: int) -> None:
    """That somebody looked round, and what was looked for."""
    user_id, partner_id, now = visit.viewer.user_id, visit.viewer.partner_id, visit.now

    def write(db: SystemSession) -> None:
        actions.note_visit(db, user_id, now=now)
        if text:
            actions.note_search(db, text, found, partner_id=partner_id, now=now)

    sightings.record(visit.services, write)


@area.page("/collateral/<ref>", needs=May.COLLATERAL_READ)
def show_asset(visit: Visit, ref: str) -> ResponseReturnValue:
    """One piece in full."""
    asset = queries.get_asset(visit.db, ref)
    number = asset.current_number
    version = queries.get_version(visit.db, asset.id, number)
    partner_id = visit.viewer.partner_id
    plan = branding.plan(visit.db, version, partner_id) if partner_id else None
    mail = ("", "")
    if asset.form is Form.EMAIL:
        own = branding_queries.own(visit.db, partner_id) if partner_id else None
        mail = branding.filled_mail(version, own) if own else (version.subject, version.body)
    page = visit.render(
        "collateral/asset.html",
        piece=asset,
        version=version,
        versions=queries.list_versions(visit.db, asset.id),
        pages=queries.list_pages(visit.db, version.id),
        others=queries.translations(visit.db, asset),
        successor=successor(visit, asset.replaced_by_id),
        plan=plan,
        mail=mail,
        shares=sharing.mine(visit.db, asset.id),
        is_marked=asset.id in queries.favourites(visit.db),
        line_names=_line_names(visit, asset.line_codes),
        deal=deal_from_link(),
    )
    if request.args.get("go") == "1":
        target = url_for("collateral.download", ref=ref, deal=deal_from_link() or None)
        page.headers["Refresh"] = f"0; url={target}"
    return page


def _line_names(visit: Visit, codes: str) -> str:
    names = {line.code: line.name for line in catalogue.list_lines(visit.db)}
    return ", ".join(names[code] for code in codes.split() if code in names)


def successor(visit: Visit, asset_id: int | None) -> queries.Card | None:
    """The piece that replaces this one, if the viewer sees it."""
    return queries.cards(visit.db, [asset_id]).get(asset_id) if asset_id else None


def deal_from_link() -> str:
    """The deal that a link from a deal's page names; anything else is dropped."""
    given = request.args.get("deal", "")
    return given if len(given) <= 20 and given.startswith("DR-") and given.isascii() else ""


@area.act("/collateral/<ref>/favourite", needs=May.COLLATERAL_READ)
def switch_favourite(visit: Visit, ref: str) -> ResponseReturnValue:
    visit.form(PressForm)
    is_marked = actions.switch_favourite(visit.db, ref, now=visit.now)
    visit.say("Added to your favourites." if is_marked else "Removed from your favourites.")
    return visit.go("collateral.show_asset", ref=ref)


@area.page("/collateral/mine", needs=May.COLLATERAL_READ)
def show_mine(visit: Visit) -> ResponseReturnValue:
    taken = library.my_downloads(visit.db)
    return visit.render("collateral/mine.html", taken=taken, requests=library.my_requests(visit.db))


@area.act("/collateral/ask", needs=May.COLLATERAL_READ)
def ask(visit: Visit) -> ResponseReturnValue:
    """Ask marketing for something that is not there."""
    form = visit.form(AskForm)
    new_ref = visit.services.new_ref("RQ")
    made = visit.attempt(form, lambda: actions.ask(visit.db, form.command(new_ref), now=visit.now))
    if made is None:
        return visit.render("collateral/ask.html", 422, form=form)
    visit.say("Your request is with marketing. You are told when it is answered.")
    return visit.go("collateral.show_mine")


@area.page("/collateral/ask", needs=May.COLLATERAL_READ)
def show_ask(visit: Visit) -> ResponseReturnValue:
    form = AskForm(words=request.args.get("q", "")[:200])
    return visit.render("collateral/ask.html", form=form)
