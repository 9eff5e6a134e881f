"""The second factor: enrolment, codes that count once, recovery codes, step-up, and notices."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyotp import TOTP
from sqlalchemy import func, select

from portal.accounts.models import Authenticator, RecoveryCode
from portal.accounts.rules import codes, sealing
from portal.app import create_app
from portal.db.outbox import Letter
from tests.page import Browser
from tests.people import PASSWORD


def code_at(secret, clock):
    return TOTP(secret).generate_otp(int(clock().timestamp()) // codes.STEP)


def enrol(browser, clock):
    """Set an authenticator up; returns its secret and the recovery codes."""
    browser.send("/me/second-factor/begin", page="/me/second-factor")
    page = browser.get("/me/second-factor").text
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page).group(1)
    answer = browser.send(
        "/me/second-factor", page="/me/second-factor", code=code_at(secret, clock)
    )
    assert answer.status_code == 200
    return secret, re.findall(r"<code>([a-z2-7-]{27})</code>", answer.text)


def password_given(app, somebody, *, next_path="/me"):
    browser = app.test_client()
    browser.send(
        "/sign-in", page="/sign-in", email=somebody.email, password=PASSWORD, next=next_path
    )
    return browser


def give(browser, code):
    return browser.send("/sign-in/code", page="/sign-in/code", code=code)


def letters(peek, template):
    return peek(select(func.count()).where(Letter.template == template))


def test_with_an_authenticator_the_password_alone_opens_nothing(app, browser_of, cast, clock):
    secret, _ = enrol(browser_of(cast.anna), clock)
    clock.pass_(seconds=30)
    browser = password_given(app, cast.anna)
    assert browser.get("/me").status_code == 303
    assert give(browser, "000000").status_code == 422
    answer = give(browser, code_at(secret, clock))
    assert (answer.status_code, answer.location) == (303, "/me")
    assert browser.get("/me").status_code == 200


def test_a_code_counts_once(app, browser_of, cast, clock):
    secret, _ = enrol(browser_of(cast.anna), clock)
    clock.pass_(seconds=30)
    code = code_at(secret, clock)
    assert give(password_given(app, cast.anna), code).status_code == 303
    again = give(password_given(app, cast.anna), code)
    assert again.status_code == 422
    assert "wrong or was used" in again.text


def test_a_phone_may_be_half_a_minute_off_and_no_more(app, browser_of, cast, clock):
    secret, _ = enrol(browser_of(cast.anna), clock)
    clock.pass_(minutes=5)
    old = code_at(secret, clock)
    clock.pass_(seconds=60)
    assert give(password_given(app, cast.anna), old).status_code == 422
    early = code_at(secret, clock)
    clock.pass_(seconds=30)
    assert give(password_given(app, cast.anna), early).status_code == 303


def test_a_recovery_code_stands_in_once_and_is_told_by_mail(app, browser_of, cast, clock, peek):
    _, on_paper = enrol(browser_of(cast.anna), clock)
    assert len(on_paper) == codes.RECOVERY_CODES
    typed = on_paper[0].upper().replace("-", " ")
    assert give(password_given(app, cast.anna), typed).status_code == 303
    assert give(password_given(app, cast.anna), typed).status_code == 422
    assert letters(peek, "accounts/recovery_used") == 1


def test_the_sixth_try_within_a_quarter_hour_is_refused(app, browser_of, cast, clock):
    secret, _ = enrol(browser_of(cast.anna), clock)
    clock.pass_(minutes=15)
    browser = password_given(app, cast.anna)
    for _ in range(5):
        assert give(browser, "000000").status_code == 422
    assert give(browser, code_at(secret, clock)).status_code == 429


def test_a_sign_in_waits_ten_minutes_for_its_code(app, browser_of, cast, clock):
    secret, _ = enrol(browser_of(cast.anna), clock)
    browser = password_given(app, cast.anna)
    token = browser.token("/sign-in/code")
    clock.pass_(minutes=11)
    late = browser.post("/sign-in/code", data={"csrf_token": token, "code": code_at(secret, clock)})
    assert late.location == "/sign-in"
    assert browser.get("/me").status_code == 303


def test_a_new_password_does_not_take_the_second_factor_away(app, browser_of, cast, clock, peek):
    enrol(browser_of(cast.anna), clock)
    browser = app.test_client()
    browser.send("/forgot", page="/forgot", email=cast.anna.email)
    token = peek(select(Letter.facts).where(Letter.template == "accounts/reset"))["token"]
    new = "walnut lantern orbit meadow"
    browser.send(f"/reset/{token}", page=f"/reset/{token}", password=new)
    fields = {"email": cast.anna.email, "password": new, "next": "/"}
    answer = browser.send("/sign-in", page="/sign-in", **fields)
    assert answer.location == "/sign-in/code"


def test_what_is_kept_is_sealed_or_hashed(browser_of, cast, clock, peek):
    secret, on_paper = enrol(browser_of(cast.anna), clock)
    kept = peek(select(Authenticator.secret))
    assert secret not in kept
    assert peek(select(func.count()).where(RecoveryCode.code_hash == on_paper[0])) == 0


def test_confirming_takes_a_code_where_there_is_an_authenticator(browser_of, cast, clock):
    browser = browser_of(cast.anna)
    secret, _ = enrol(browser, clock)
    clock.pass_(minutes=16)
    page = browser.get("/confirm").text
    assert 'name="code"' in page
    assert 'name="password"' not in page
    assert browser.send("/confirm", page="/confirm", code="000000", next="/").status_code == 422
    code = code_at(secret, clock)
    answer = browser.send("/confirm", page="/confirm", code=code, next="/me")
    assert answer.location == "/me"
    removed = browser.send("/me/second-factor/remove", page="/me/second-factor")
    assert removed.status_code == 303


def test_changing_a_factor_needs_a_fresh_sign_in(browser_of, cast, clock, peek):
    browser = browser_of(cast.anna)
    enrol(browser, clock)
    clock.pass_(minutes=16)
    for act in ("remove", "codes", "begin"):
        refused = browser.send(f"/me/second-factor/{act}", page="/me/second-factor")
        assert refused.status_code == 403
        assert "Confirm that it is you" in refused.text
    assert peek(select(func.count()).select_from(Authenticator)) == 1


def test_new_codes_end_the_old_ones(app, browser_of, cast, clock):
    browser = browser_of(cast.anna)
    _, old = enrol(browser, clock)
    page = browser.send("/me/second-factor/codes", page="/me/second-factor").text
    new = re.findall(r"<code>([a-z2-7-]{27})</code>", page)
    assert give(password_given(app, cast.anna), old[0]).status_code == 422
    assert give(password_given(app, cast.anna), new[0]).status_code == 303


def test_the_picture_of_the_key_is_gone_once_it_is_in_use(browser_of, cast, clock):
    browser = browser_of(cast.anna)
    assert browser.get("/me/second-factor/qr.svg").status_code == 404
    browser.send("/me/second-factor/begin", page="/me/second-factor")
    picture = browser.get("/me/second-factor/qr.svg")
    assert picture.mimetype == "image/svg+xml"
    assert b"style=" not in picture.data
    enrol(browser, clock)
    assert browser.get("/me/second-factor/qr.svg").status_code == 404


def test_adding_and_removing_are_told_by_mail(browser_of, cast, clock, peek):
    browser = browser_of(cast.anna)
    enrol(browser, clock)
    browser.send("/me/second-factor/remove", page="/me/second-factor")
    assert letters(peek, "accounts/factor_added") == 1
    assert letters(peek, "accounts/factor_removed") == 1


@pytest.mark.parametrize(
    ("name", "is_held_back"), [("ada", True), ("mara", True), ("alma", True), ("anna", False)]
)
def test_who_manages_much_enrols_before_anything_else(services, cast, clock, name, is_held_back):
    config = replace(services.config, second_factor="required")
    app = create_app(replace(services, config=config))
    app.test_client_class = Browser
    browser = password_given(app, getattr(cast, name))
    answer = browser.get("/")
    if not is_held_back:
        assert answer.status_code == 200
        return
    assert answer.location == "/me/second-factor"
    assert browser.send("/me/shortcuts", page="/me/second-factor").status_code == 403
    enrol(browser, clock)
    assert browser.get("/").status_code == 200


def test_a_browser_not_seen_before_is_told_by_mail(app, cast, peek):
    first = app.test_client()
    fields = {"email": cast.anna.email, "password": PASSWORD, "next": "/"}
    first.send("/sign-in", page="/sign-in", **fields)
    password_given(app, cast.anna)
    assert letters(peek, "accounts/new_sign_in") == 0
    other = app.test_client()
    token = other.token("/sign-in")
    headers = {"User-Agent": "Another browser"}
    other.post("/sign-in", data={"csrf_token": token, **fields}, headers=headers)
    assert letters(peek, "accounts/new_sign_in") == 1


SECRETS = ("n" * 40, "o" * 40)


@given(st.binary(max_size=64), st.binary(min_size=12, max_size=12))
def test_what_is_sealed_opens_with_any_named_secret_for_its_own_row_only(plain, nonce):
    kept = sealing.seal(plain, secrets=SECRETS[1:], about="a", nonce=nonce)
    assert sealing.unseal(kept, secrets=SECRETS, about="a") == plain
    for secrets, about in ((SECRETS, "b"), (SECRETS[:1], "a")):
        with pytest.raises(sealing.Unreadable):
            sealing.unseal(kept, secrets=secrets, about=about)


def test_a_flipped_bit_does_not_open():
    kept = sealing.seal(b"secret", secrets=SECRETS, about="a", nonce=b"x" * 12)
    for place in range(12, len(kept) - 3):
        changed = kept[:place] + ("A" if kept[place] != "A" else "B") + kept[place + 1 :]
        with pytest.raises(sealing.Unreadable):
            sealing.unseal(changed, secrets=SECRETS, about="a")
