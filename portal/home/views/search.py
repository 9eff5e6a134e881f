"""Search over everything: as a page, and as suggestions while typing."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.deals.queries import lists
from portal.deals.rules import words
from portal.home.views.pages import area
from portal.kernel.policy import May
from portal.web.area import Visit

SUGGESTED, FOUND = 8, 50


@area.page("/search", needs=May.PROFILE_USE)
def search(visit: Visit) -> ResponseReturnValue:
    """Registrations by number, customer or website; what the viewer may see and nothing else."""
    query = request.args.get("q", "").strip()[:100]
    is_suggesting = visit.fragment == "suggest"
    reads = visit.viewer.may(May.DEALS_READ) and (query or is_suggesting)
    most = SUGGESTED if is_suggesting else FOUND
    rows = lists.find_deals(visit.db, query, now=visit.now, most=most) if reads else []
    if not is_suggesting:
        found = [(row.ref, row.customer_name, row.line, words.STATES[row.state]) for row in rows]
        return visit.render("home/search.html", query=query, found=found)
    items = [
        {
            "label": row.customer_name,
            "kind": f"{row.line}, {words.STATES[row.state].text}",
            "url": url_for("deals.show", ref=row.ref),
        }
        for row in rows
    ]
    if visit.viewer.may(May.DEALS_REGISTER) and query.lower() in "register a deal":
        new = {
            "label": "Register a deal",
            "kind": "Action",
            "url": url_for("deals.show_register"),
        }
        items.append(new)
    return render_template("home/suggestions.html", items=items)
