"""What every answer keeps to, whatever the page."""

from __future__ import annotations

import pytest

from tests.people import PASSWORD

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/nowhere", "/me", "/styleguide"])
def test_every_answer_carries_the_security_headers(app, cast, path):
    answer = app.test_client().get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_foreign_host_name_is_refused(app, cast):
    answer = app.test_client().get("/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_a_form_sent_from_another_site_is_refused(browser_of, cast):
    browser = browser_of(cast.anna)
    token = browser.token()
    answer = browser.post(
        "/me/shortcuts", data={"csrf_token": token}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "javascript:1", ""],
)
def test_signing_in_leads_to_no_other_site(app, cast, target):
    browser = app.test_client()
    answer = browser.send(
        "/sign-in", page="/sign-in", email=cast.anna.email, password=PASSWORD, next=target
    )
    assert answer.status_code in {303, 422}
    assert answer.headers.get("Location", "/") == "/"


def test_a_body_that_is_too_large_is_refused_before_it_is_read(browser_of, cast):
    browser = browser_of(cast.anna)
    answer = browser.post("/me/shortcuts", data={"csrf_token": "x" * 3_000_000})
    assert answer.status_code == 413


def test_programs_get_problem_documents(app, cast):
    answer = app.test_client().get("/me", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.json["title"]


def test_the_theme_is_remembered_and_served_in_the_first_byte(app, cast):
    browser = app.test_client()
    browser.send("/theme", page="/sign-in", theme="dark")
    assert '<html lang="en" data-theme="dark">' in browser.get("/sign-in").text


def test_health_says_ok_without_a_session(app, cast):
    answer = app.test_client().get("/healthz")
    assert answer.json == {"status": "ok"}
    assert "Set-Cookie" not in answer.headers


def test_files_that_carry_their_hash_are_kept_for_ever(app, cast):
    browser = app.test_client()
    page = browser.get("/sign-in").text
    href = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = browser.get(href)
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.status_code == 200
    again = browser.get(href, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
