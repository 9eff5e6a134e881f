"""The second factor: its code while signing in, setting it up, recovery codes, taking it away."""

from __future__ import annotations

import datetime as dt
import hashlib
import io

import segno
from flask import Response
from flask.typing import ResponseReturnValue

from portal.accounts import queries
from portal.accounts.actions import factors
from portal.accounts.actions.factors import StartEnrolment
from portal.accounts.forms import CodeForm, NothingForm
from portal.accounts.models import User
from portal.accounts.rules import codes, sealing
from portal.accounts.views.signin import area, enter
from portal.db.session import SystemSession
from portal.kernel.errors import NotFound
from portal.web import limits, signin
from portal.web.area import OpenVisit, Visit
from portal.web.services import Services, secret_keys

QUARTER = dt.timedelta(minutes=15)
OWN = "a person's own authenticator"


@area.open_page("/sign-in/code", why="The password was right; the code is still to come")
def show_code(visit: OpenVisit) -> ResponseReturnValue:
    if signin.begun(visit.now) is None:
        return visit.go("accounts.show_sign_in")
    return visit.render("accounts/code.html", form=CodeForm())


@area.open_act("/sign-in/code", why="The password was right; the code is still to come")
def give_code(visit: OpenVisit) -> ResponseReturnValue:
    form, begun = visit.form(CodeForm), signin.begun(visit.now)
    if begun is None:
        return visit.go("accounts.show_sign_in")
    user_id, target = begun
    _limit(visit.services, user_id, visit.now)
    if form.validate():
        with form.refusals(visit.db.rollback):
            visit.db.info["actor_id"] = user_id
            user = queries.get_user(visit.db, user_id)
            factors.use(visit.db, user, form.code.data or "", keys=secret_keys(), now=visit.now)
            account = queries.find_account(visit.db, user_id)
            if account is None:
                return visit.go("accounts.show_sign_in")
            return enter(visit, account, target)
    return visit.render("accounts/code.html", 422, form=form)


def _limit(services: Services, user_id: int, now: dt.datetime) -> None:
    limits.check(services, f"code:{user_id}", most=5, window=QUARTER, now=now)


@area.enrolment("/me/second-factor", method="GET", is_fresh=False)
def show_factor(visit: Visit) -> ResponseReturnValue:
    return _factor(visit, CodeForm())


def _factor(visit: Visit, form: CodeForm, status: int = 200) -> ResponseReturnValue:
    with visit.db.as_system(OWN) as system:
        found = queries.find_authenticator(system, visit.person.user_id)
        left = queries.count_recovery_codes(system, visit.person.user_id)
        secret = _secret(system, visit.person.user_id) if found else b""
    return visit.render(
        "accounts/factor.html",
        status,
        form=form,
        is_begun=found is not None,
        confirmed_at=found.confirmed_at if found else None,
        secret=codes.secret_text(secret),
        left=left,
    )


def _secret(db: SystemSession, user_id: int) -> bytes:
    """The secret that waits for its first code; nothing once it was confirmed."""
    found = queries.find_authenticator(db, user_id)
    if found is None or found.confirmed_at is not None:
        return b""
    return sealing.unseal(found.secret, secrets=secret_keys(), about=factors.about(user_id))


@area.enrolment("/me/second-factor/qr.svg", method="GET", is_fresh=False)
def show_qr(visit: Visit) -> ResponseReturnValue:
    with visit.db.as_system(OWN) as system:
        secret = _secret(system, visit.person.user_id)
    if not secret:
        raise NotFound
    issuer = f"{visit.services.config.vendor} Partner hub"
    uri = codes.provisioning_uri(secret, email=visit.person.email, issuer=issuer)
    picture = io.BytesIO()
    segno.make(uri, error="m").save(picture, kind="svg", scale=4, light="#ffffff", border=4)
    return Response(picture.getvalue(), mimetype="image/svg+xml")


@area.enrolment("/me/second-factor/begin", method="POST", is_fresh=True)
def begin_factor(visit: Visit) -> ResponseReturnValue:
    visit.form(NothingForm)
    services = visit.services
    command = StartEnrolment(
        secret=_random(services, codes.SECRET_BYTES),
        nonce=_random(services, sealing.NONCE),
        keys=secret_keys(),
    )
    with visit.db.as_system(OWN) as system:
        factors.start(system, _me(system, visit), command, now=visit.now)
    return visit.go("accounts.show_factor")


@area.enrolment("/me/second-factor", method="POST", is_fresh=True)
def confirm_factor(visit: Visit) -> ResponseReturnValue:
    form = visit.form(CodeForm)
    _limit(visit.services, visit.person.user_id, visit.now)

    def save() -> list[str]:
        with visit.db.as_system(OWN) as system:
            user = _me(system, visit)
            factors.confirm(system, user, form.code.data or "", keys=secret_keys(), now=visit.now)
            return _new_codes(visit, system, user)

    made = visit.attempt(form, save)
    if made is None:
        return _factor(visit, form, 422)
    return visit.render("accounts/recovery_codes.html", codes=made)


@area.enrolment("/me/second-factor/codes", method="POST", is_fresh=True)
def renew_codes(visit: Visit) -> ResponseReturnValue:
    visit.form(NothingForm)
    with visit.db.as_system(OWN) as system:
        made = _new_codes(visit, system, _me(system, visit))
    return visit.render("accounts/recovery_codes.html", codes=made)


@area.enrolment("/me/second-factor/remove", method="POST", is_fresh=True)
def remove_factor(visit: Visit) -> ResponseReturnValue:
    visit.form(NothingForm)
    with visit.db.as_system(OWN) as system:
        factors.remove(system, _me(system, visit), now=visit.now)
    visit.say("The second factor is removed.")
    return visit.go("accounts.show_factor")


def _me(db: SystemSession, visit: Visit) -> User:
    return queries.get_user(db, visit.person.user_id)


def _new_codes(visit: Visit, db: SystemSession, user: User) -> list[str]:
    made = [codes.recovery_code(visit.services.new_token()) for _ in range(codes.RECOVERY_CODES)]
    factors.make_recovery_codes(db, user, made, now=visit.now)
    return made


def _random(services: Services, length: int) -> bytes:
    return hashlib.sha256(services.new_token().encode()).digest()[:length]
