"""Joining by an invitation: a name, a password, and in."""

from __future__ import annotations

import datetime as dt

from flask import request
from flask.typing import ResponseReturnValue

from portal.accounts import queries
from portal.accounts.actions import team
from portal.accounts.forms import JoinForm
from portal.accounts.views.signin import area
from portal.web import limits
from portal.web.area import OpenVisit
from portal.web.sessions import hashed

HOUR = dt.timedelta(hours=1)


@area.open_page("/invite/<token>", why="The link is the proof")
def show_invitation(visit: OpenVisit, token: str) -> ResponseReturnValue:
    invitation = queries.find_invitation(visit.db, hashed(token), now=visit.now)
    form = JoinForm(name=invitation.name if invitation else "")
    return visit.render("accounts/join.html", form=form, invitation=invitation)


@area.open_act("/invite/<token>", why="The link is the proof")
def join(visit: OpenVisit, token: str) -> ResponseReturnValue:
    form = visit.form(JoinForm)
    near = request.remote_addr or "unknown"
    limits.check(visit.services, f"link:{near}", most=30, window=HOUR, now=visit.now)
    if form.validate():
        command = form.command(
            salt=visit.services.salt(), passes=visit.services.config.password_cost
        )
        with form.refusals(visit.db.rollback):
            team.accept(
                visit.db, form.name.data or "", command, token_hash=hashed(token), now=visit.now
            )
            visit.say("You have joined. Sign in with your new password.")
            return visit.go("accounts.show_sign_in")
    invitation = queries.find_invitation(visit.db, hashed(token), now=visit.now)
    return visit.render("accounts/join.html", 422, form=form, invitation=invitation)
