"""The home page, by role."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request
from flask.typing import ResponseReturnValue

from portal.home.forms import ThemeForm
from portal.kernel.policy import May
from portal.web.area import Area, OpenVisit, Visit
from portal.web.errors import safe_next
from portal.web.shell import THEMES

YEAR = 365 * 24 * 3600

area = Area("home", __name__)


@area.page("/", needs=May.PROFILE_USE)
def show(visit: Visit) -> ResponseReturnValue:
    return visit.render("home/show.html")


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
