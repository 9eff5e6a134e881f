"""What the frame around every page leads to: the whole menu, the keys, the theme."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request
from flask.typing import ResponseReturnValue

from portal.db import schema
from portal.home.forms import ThemeForm
from portal.home.views.pages import area
from portal.kernel.errors import NotFound
from portal.kernel.policy import May
from portal.web import styleguide
from portal.web.area import OpenVisit, Visit
from portal.web.errors import safe_next
from portal.web.shell import THEMES

YEAR = 365 * 24 * 3600


@area.page("/more", needs=May.PROFILE_USE)
def show_more(visit: Visit) -> ResponseReturnValue:
    """The whole menu as a page, for phones."""
    return visit.render("home/more.html")


@area.page("/help/keyboard", needs=May.PROFILE_USE)
def show_keys(visit: Visit) -> ResponseReturnValue:
    return visit.render("home/keys.html")


@area.open_act("/theme", why="The look is nobody's secret")
def switch_theme(visit: OpenVisit) -> ResponseReturnValue:
    """Remember light or dark in a cookie that the server reads, so that no page flashes."""
    form = visit.form(ThemeForm)
    response = visit.go_to(safe_next(urlsplit(request.referrer or "/").path))
    if form.theme.data in THEMES:
        is_https = visit.services.config.is_https
        response.set_cookie("theme", form.theme.data, max_age=YEAR, samesite="Lax", secure=is_https)
    return response


@area.open_page("/healthz", why="Load balancers ask whether this host can work")
def healthz(visit: OpenVisit) -> ResponseReturnValue:
    """200 if the database answers; a database that does not is a 503 like everywhere else."""
    schema.answers(visit.db)
    return {"status": "ok"}


@area.open_page("/styleguide", why="Every component in its states; not served in production")
def show_styleguide(visit: OpenVisit) -> ResponseReturnValue:
    if visit.services.config.is_production:
        raise NotFound
    return visit.render(
        "styleguide/index.html",
        form=styleguide.filled_form(),
        refused=styleguide.refused_form(),
        charts=styleguide.sample_charts(),
        at=styleguide.instants(visit.now),
    )
