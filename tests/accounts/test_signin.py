"""Signing in and out, through HTTP."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.accounts.models import UserSession
from portal.db.outbox import Letter
from tests.people import PASSWORD


def signed_in(app, email, password=PASSWORD):
    browser = app.test_client()
    answer = browser.send("/sign-in", page="/sign-in", email=email, password=password, next="/me")
    return browser, answer


def test_the_right_password_opens_the_page_one_wanted(app, cast):
    browser, answer = signed_in(app, cast.anna.email)
    assert (answer.status_code, answer.location) == (303, "/me")
    assert "Anna" in browser.get("/me").text


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(app, cast):
    _, wrong = signed_in(app, cast.anna.email, "not the password")
    _, unknown = signed_in(app, "nobody@alder.example", "not the password")
    assert wrong.status_code == unknown.status_code == 422
    assert (
        wrong.text.replace(cast.anna.email, "").split("csrf")[0]
        == unknown.text.replace("nobody@alder.example", "").split("csrf")[0]
    )


def test_signing_in_gives_a_new_session(app, cast):
    browser = app.test_client()
    browser.get("/sign-in")
    before = browser.get_cookie("session").value
    browser.send("/sign-in", page="/sign-in", email=cast.anna.email, password=PASSWORD, next="/")
    assert browser.get_cookie("session").value != before


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app, cast):
    browser, _ = signed_in(app, cast.anna.email)
    copied = browser.get_cookie("session").value
    assert browser.send("/sign-out").status_code == 303
    thief = app.test_client()
    thief.set_cookie("session", copied)
    assert thief.get("/me").location == "/sign-in?next=/me"


def test_the_token_is_stored_only_as_a_hash(app, cast, peek):
    browser, _ = signed_in(app, cast.anna.email)
    token = browser.get_cookie("session").value
    matches = select(func.count()).where(UserSession.token_hash == token)
    assert peek(matches) == 0


def test_a_session_ends_after_two_idle_hours(browser_of, cast, clock):
    browser = browser_of(cast.anna)
    clock.pass_(hours=1, minutes=59)
    assert browser.get("/me").status_code == 200
    clock.pass_(hours=2)
    assert browser.get("/me").status_code == 303


def test_the_eleventh_try_for_one_address_is_refused_before_it_is_checked(app, cast):
    for _ in range(10):
        signed_in(app, cast.anna.email, "wrong")
    _, answer = signed_in(app, cast.anna.email)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a_forgotten_password_is_set_by_a_link_that_works_once(app, cast, peek, clock):
    browser = app.test_client()
    browser.send("/forgot", page="/forgot", email=cast.anna.email)
    token = peek(select(Letter.facts).where(Letter.template == "accounts/reset"))["token"]
    new = "walnut lantern orbit meadow"
    answer = browser.send(f"/reset/{token}", page=f"/reset/{token}", password=new)
    assert answer.status_code == 303
    assert signed_in(app, cast.anna.email, new)[1].status_code == 303
    again = app.test_client()
    assert "This link is over" in again.get(f"/reset/{token}").text


def test_a_forgotten_password_says_the_same_for_an_unknown_address(app, cast, peek):
    browser = app.test_client()
    answer = browser.send("/forgot", page="/forgot", email="nobody@alder.example")
    assert "Look at your mail" in answer.text
    assert peek(select(func.count()).select_from(Letter)) == 0


def test_a_weak_password_is_refused_with_a_reason_and_the_link_still_works(app, cast, peek):
    browser = app.test_client()
    browser.send("/forgot", page="/forgot", email=cast.anna.email)
    token = peek(select(Letter.facts).where(Letter.template == "accounts/reset"))["token"]
    weak = browser.send(f"/reset/{token}", page=f"/reset/{token}", password="short")
    assert weak.status_code == 422
    assert "at least 12 characters" in weak.text
    assert "Choose a password" in browser.get(f"/reset/{token}").text


def test_a_post_without_a_token_changes_nothing(app, cast):
    browser = app.test_client()
    answer = browser.post("/sign-in", data={"email": cast.anna.email, "password": PASSWORD})
    assert answer.status_code == 400


def test_an_unknown_field_is_refused(app, cast):
    browser = app.test_client()
    answer = browser.send(
        "/sign-in", page="/sign-in", email="a@b.example", password="x", next="/", is_admin="1"
    )
    assert answer.status_code == 400


def test_one_can_end_another_session_of_ones_own(browser_of, cast):
    here, there = browser_of(cast.anna), browser_of(cast.anna)
    assert there.get("/me").status_code == 200
    assert here.send("/me/sessions/end").status_code == 303
    assert there.get("/me").status_code == 303
    assert here.get("/me").status_code == 200
