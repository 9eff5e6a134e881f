"""Saved views: the page that names the filters in force, and the list of what is saved."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.accounts import queries
from portal.accounts.actions import views
from portal.accounts.forms import RemoveViewForm, SaveViewForm
from portal.accounts.views.signin import area
from portal.kernel.errors import NotFound
from portal.kernel.policy import May
from portal.web.area import Visit
from portal.web.errors import safe_next


def _page() -> str:
    """The list that the address names.  Raises NotFound for what is no path of ours."""
    page = request.args.get("page", "")
    if len(page) > 60 or "?" in page or safe_next(page) != page:
        raise NotFound
    return page


@area.page("/views", needs=May.PROFILE_USE)
def show_views(visit: Visit) -> ResponseReturnValue:
    form = SaveViewForm(query=request.args.get("query", ""))
    return _show(visit, form)


def _show(visit: Visit, form: SaveViewForm, status: int = 200) -> Response:
    page = _page()
    return visit.render(
        "accounts/saved_views.html",
        status,
        form=form,
        form_errors=form.summary,
        heading_text="Saved views",
        list_url=page,
        views=queries.list_views(visit.db, page),
    )


@area.act("/views", needs=May.PROFILE_USE)
def save_view(visit: Visit) -> ResponseReturnValue:
    form, page = visit.form(SaveViewForm), _page()
    saved = visit.attempt(form, lambda: views.save(visit.db, form.command(page), now=visit.now))
    if saved is None:
        return _show(visit, form, 422)
    visit.say(f"{saved.name} is saved.")
    return visit.go_to(safe_next(f"{page}?{saved.query}" if saved.query else page))


@area.act("/views/remove", needs=May.PROFILE_USE)
def remove_view(visit: Visit) -> ResponseReturnValue:
    form, page = visit.form(RemoveViewForm), _page()
    views.remove(visit.db, page, form.name.data or "")
    visit.say(f"{form.name.data} is removed.")
    return visit.go("accounts.show_views", page=page)
