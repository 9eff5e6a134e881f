"""The public page on which anyone who holds a registration number can check it for a line."""

from __future__ import annotations

import datetime as dt

from flask import request
from flask.typing import ResponseReturnValue

from portal.catalogue import queries as catalogue
from portal.deals.forms.verify import VerifyForm
from portal.deals.queries import verifying
from portal.deals.views.pages import area
from portal.web import limits
from portal.web.area import OpenVisit

TRIES, WINDOW = 30, dt.timedelta(minutes=15)


@area.open_page("/verify", why="A distributor checks a number it was given")
def show_verify(visit: OpenVisit) -> ResponseReturnValue:
    return _page(visit, VerifyForm())


@area.open_act("/verify", why="A distributor checks a number it was given")
def verify(visit: OpenVisit) -> ResponseReturnValue:
    """Says whether the number is valid for the line, and nothing else for any other case."""
    form = visit.form(VerifyForm)
    limits.check(
        visit.services, f"verify:{request.remote_addr}", most=TRIES, window=WINDOW, now=visit.now
    )
    if not form.validate():
        return _page(visit, form, 422)
    is_valid = verifying.is_valid(
        visit.db, number=form.number.data or "", line_id=form.line.data or 0, now=visit.now
    )
    return _page(visit, form, is_valid=is_valid)


def _page(
    visit: OpenVisit, form: VerifyForm, status: int = 200, *, is_valid: bool | None = None
) -> ResponseReturnValue:
    form.line.choices = [(line.id, line.name) for line in catalogue.list_lines(visit.db)]
    return visit.render("deals/verify.html", status, form=form, is_valid=is_valid)
