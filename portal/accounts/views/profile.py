"""A person's own page: sessions, password, shortcuts; and confirming who one is."""

from __future__ import annotations

import datetime as dt

from flask import request
from flask.typing import ResponseReturnValue

from portal.accounts import actions, queries
from portal.accounts.actions import factors
from portal.accounts.forms import (
    ChangePasswordForm,
    ConfirmCodeForm,
    ConfirmForm,
    EndSessionForm,
    NothingForm,
)
from portal.accounts.rules import hashing
from portal.accounts.views.signin import area
from portal.kernel.errors import Refused
from portal.kernel.policy import May
from portal.web import limits, signin
from portal.web.area import Visit
from portal.web.errors import safe_next
from portal.web.services import secret_keys

WRONG = "That is not your password."


@area.page("/me", needs=May.PROFILE_USE)
def show_me(visit: Visit) -> ResponseReturnValue:
    return _me(visit, ChangePasswordForm())


def _me(visit: Visit, form: ChangePasswordForm, status: int = 200) -> ResponseReturnValue:
    with visit.db.as_system("a person's own sessions") as system:
        sessions = queries.list_sessions(system, visit.person.user_id, now=visit.now)
    return visit.render("accounts/me.html", status, form=form, sessions=sessions)


@area.act("/me/password", needs=May.PROFILE_USE)
def change_password(visit: Visit) -> ResponseReturnValue:
    form = visit.form(ChangePasswordForm)
    if not form.validate():
        return _me(visit, form, 422)
    _limit(visit)
    with visit.db.as_system("a person's own password") as system:
        user = queries.get_user(system, visit.person.user_id)
        if not hashing.is_right(form.current.data or "", user.password_hash):
            form.current.errors = [WRONG]
            return _me(visit, form, 422)
    salt = visit.services.salt()
    command = form.command(salt=salt, passes=visit.services.config.password_cost)
    with form.refusals(visit.db.rollback), visit.db.as_system("a person's own password") as system:
        actions.set_password(
            system, queries.get_user(system, visit.person.user_id), command, now=visit.now
        )
        visit.say("Your password is changed. Sign in with the new one.")
        return visit.go("accounts.show_sign_in")
    return _me(visit, form, 422)


@area.act("/me/sessions/end", needs=May.PROFILE_USE)
def end_sessions(visit: Visit) -> ResponseReturnValue:
    form = visit.form(EndSessionForm)
    form.validate()
    with visit.db.as_system("a person's own sessions") as system:
        count = actions.end_sessions(
            system,
            visit.person.user_id,
            keep=visit.person.session_id,
            only=form.session.count,
            now=visit.now,
        )
    visit.say("Ended one session." if count == 1 else f"Ended {count} sessions.")
    return visit.go("accounts.show_me")


@area.act("/me/shortcuts", needs=May.PROFILE_USE)
def switch_shortcuts(visit: Visit) -> ResponseReturnValue:
    visit.form(NothingForm)
    with visit.db.as_system("a person's own settings") as system:
        is_on = actions.switch_shortcuts(system, visit.person.user_id)
    visit.say("Keyboard shortcuts are on." if is_on else "Keyboard shortcuts are off.")
    return visit.go("accounts.show_me")


@area.enrolment("/confirm", method="GET", is_fresh=False)
def show_confirm(visit: Visit) -> ResponseReturnValue:
    form = _confirmation(visit)(next=safe_next(request.args.get("next", "/")))
    return visit.render("accounts/confirm.html", form=form)


def _confirmation(visit: Visit) -> type[ConfirmForm | ConfirmCodeForm]:
    return ConfirmCodeForm if visit.person.has_factor else ConfirmForm


@area.enrolment("/confirm", method="POST", is_fresh=False)
def confirm(visit: Visit) -> ResponseReturnValue:
    """Give the code or the password once more; the session is rotated and fresh again."""
    form = visit.form(_confirmation(visit))
    _limit(visit)
    if visit.attempt(form, lambda: _check(visit, form)):
        signin.sign_in(visit.person)
        return visit.go_to(safe_next(form.next.data or "/"))
    return visit.render("accounts/confirm.html", 422, form=form)


def _check(visit: Visit, form: ConfirmForm | ConfirmCodeForm) -> bool:
    with visit.db.as_system("a person's own password or authenticator") as system:
        user = queries.get_user(system, visit.person.user_id)
        if isinstance(form, ConfirmCodeForm):
            factors.use(system, user, form.code.data or "", keys=secret_keys(), now=visit.now)
        elif not hashing.is_right(form.password.data or "", user.password_hash):
            raise Refused(WRONG, code="wrong_password", field="password")
    return True


def _limit(visit: Visit) -> None:
    key = f"confirm:{visit.person.user_id}"
    limits.check(visit.services, key, most=10, window=dt.timedelta(minutes=15), now=visit.now)
