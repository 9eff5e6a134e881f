"""Signing in and out, and setting a password by a link from a mail."""

from __future__ import annotations

import datetime as dt
import hashlib

from flask import request
from flask.typing import ResponseReturnValue

from portal.accounts import actions, queries
from portal.accounts.forms import ForgotForm, NewPasswordForm, NothingForm, SignInForm
from portal.accounts.rules import Purpose, email_key, hashing
from portal.accounts.rules.events import SignedIn, SignInFailed
from portal.accounts.views.store import person_of
from portal.db import events
from portal.kernel.errors import Refused
from portal.web import limits, signin
from portal.web.area import Area, OpenVisit, Visit
from portal.web.errors import safe_next
from portal.web.sessions import hashed

area = Area("accounts", __name__)

WRONG = "The address or the password is wrong."
MINUTE, QUARTER, HOUR = (dt.timedelta(minutes=n) for n in (1, 15, 60))
# Hashing a wrong guess must cost what hashing a right one does, account or no account.
DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$"


@area.open_page("/sign-in", why="Nobody is signed in yet")
def show_sign_in(visit: OpenVisit) -> ResponseReturnValue:
    if signin.current_person() is not None:
        return visit.go("home.show")
    form = SignInForm(next=safe_next(request.args.get("next", "/")))
    return visit.render("accounts/sign_in.html", form=form)


@area.open_act("/sign-in", why="Nobody is signed in yet")
def sign_in(visit: OpenVisit) -> ResponseReturnValue:
    form = visit.form(SignInForm)
    if not form.validate():
        return visit.render("accounts/sign_in.html", 422, form=form)
    _limit(visit, form.email.data or "")
    account = _right_account(visit, form.email.data or "", form.password.data or "")
    if account is None:
        form.summary.append(WRONG)
        return visit.render("accounts/sign_in.html", 422, form=form)
    target = safe_next(form.next.data or "/")
    if account.has_factor:
        signin.begin(account.user_id, next_path=target, now=visit.now)
        return visit.go("accounts.show_code")
    return enter(visit, account, target)


def enter(visit: OpenVisit, account: queries.Account, target: str) -> ResponseReturnValue:
    """Sign somebody in who has shown all there is to show; a new browser is told by mail."""
    agent = request.user_agent.string[:200]
    device = hashlib.sha256(agent.encode()).hexdigest()[:16]
    user = queries.get_user(visit.db, account.user_id)
    if not queries.knows_device(visit.db, user.id, device):
        actions.tell_of_sign_in(visit.db, user, agent, now=visit.now)
    near = request.remote_addr or ""
    signed_in = SignedIn(
        subject_id=user.id, partner_id=user.partner_id, address=near, device=device
    )
    _record(visit, signed_in)
    signin.sign_in(person_of(account, 0, visit.services.config))
    return visit.go_to(target)


def _limit(visit: OpenVisit, email: str) -> None:
    """Tries per address of the person, per address of the network, and in all.

    Counted before the hash is computed, in transactions of their own, so that a flood of guesses
    costs counters and not hashes.
    """
    near = request.remote_addr or "unknown"
    for key, most, window in (
        (f"sign-in:email:{email.casefold()}", 10, QUARTER),
        (f"sign-in:address:{near}", 60, QUARTER),
        ("sign-in:all", 3_000, QUARTER),
    ):
        limits.check(visit.services, key, most=most, window=window, now=visit.now)


def _right_account(visit: OpenVisit, email: str, password: str) -> queries.Account | None:
    try:
        user = queries.find_by_email(visit.db, email_key(email))
    except Refused:
        user = None
    stored = user.password_hash if user and user.password_hash else DUMMY
    is_right = hashing.is_right(password, stored)
    account = queries.find_account(visit.db, user.id) if user and is_right else None
    if user is not None and account is None:
        near = request.remote_addr or ""
        _record(visit, SignInFailed(subject_id=user.id, partner_id=user.partner_id, address=near))
    return account


def _record(visit: OpenVisit, event: SignedIn | SignInFailed) -> None:
    visit.db.info["actor_id"] = event.subject_id
    events.publish(visit.db, event, now=visit.now)
    visit.db.commit()


@area.enrolment("/sign-out", method="POST", is_fresh=False)
def sign_out(visit: Visit) -> ResponseReturnValue:
    visit.form(NothingForm)
    signin.sign_out()
    response = visit.go("accounts.show_sign_in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@area.open_page("/forgot", why="Who forgot a password cannot sign in")
def show_forgot(visit: OpenVisit) -> ResponseReturnValue:
    return visit.render("accounts/forgot.html", form=ForgotForm(), is_sent=False)


@area.open_act("/forgot", why="Who forgot a password cannot sign in")
def forgot(visit: OpenVisit) -> ResponseReturnValue:
    form = visit.form(ForgotForm)
    if not form.validate():
        return visit.render("accounts/forgot.html", 422, form=form, is_sent=False)
    near = request.remote_addr or "unknown"
    limits.check(visit.services, f"forgot:{near}", most=20, window=HOUR, now=visit.now)
    email = form.email.data or ""
    key = f"forgot:email:{email.casefold()}"
    limits.check(visit.services, key, most=5, window=HOUR, now=visit.now)
    token = visit.services.new_token()
    with form.refusals(visit.db.rollback):
        actions.request_reset(visit.db, email, token=token, token_hash=hashed(token), now=visit.now)
        return visit.render("accounts/forgot.html", form=form, is_sent=True)
    return visit.render("accounts/forgot.html", 422, form=form, is_sent=False)


@area.open_page("/reset/<token>", why="The link is the proof")
def show_reset(visit: OpenVisit, token: str) -> ResponseReturnValue:
    return _show_link(visit, Purpose.RESET, token)


@area.open_act("/reset/<token>", why="The link is the proof")
def reset(visit: OpenVisit, token: str) -> ResponseReturnValue:
    return _use_link(visit, Purpose.RESET, token)


@area.open_page("/welcome/<token>", why="The link is the proof")
def show_welcome(visit: OpenVisit, token: str) -> ResponseReturnValue:
    return _show_link(visit, Purpose.ADMINISTRATOR, token)


@area.open_act("/welcome/<token>", why="The link is the proof")
def welcome(visit: OpenVisit, token: str) -> ResponseReturnValue:
    return _use_link(visit, Purpose.ADMINISTRATOR, token)


def _show_link(visit: OpenVisit, purpose: Purpose, token: str) -> ResponseReturnValue:
    link = queries.find_link(visit.db, hashed(token), purpose, now=visit.now)
    return visit.render("accounts/new_password.html", form=NewPasswordForm(), is_over=link is None)


def _use_link(visit: OpenVisit, purpose: Purpose, token: str) -> ResponseReturnValue:
    form = visit.form(NewPasswordForm)
    near = request.remote_addr or "unknown"
    limits.check(visit.services, f"link:{near}", most=30, window=HOUR, now=visit.now)
    if form.validate():
        salt = visit.services.salt()
        command = form.command(salt=salt, passes=visit.services.config.password_cost)
        with form.refusals(visit.db.rollback):
            actions.use_link(visit.db, purpose, command, token_hash=hashed(token), now=visit.now)
            visit.say("Your password is set. Sign in with it.")
            return visit.go("accounts.show_sign_in")
    return visit.render("accounts/new_password.html", 422, form=form, is_over=False)
