"""Links to customers, letters about newer versions, and what use is counted."""

from __future__ import annotations

import io
import re

from sqlalchemy import select

from portal.collateral.models import ShareLink
from portal.db.outbox import Letter
from tests.collateral.making import pdf, publish, upload


def shared(browser, ref: str, **more: str) -> str:
    fields = {"recipient": "Helvetia Logistics", "days": "30", "password": ""} | more
    answer = browser.send(f"/collateral/{ref}/share", **fields)
    assert answer.status_code == 200, answer.text
    return re.search(r'value="http://[^/]+(/s/[^"]+)"', answer.text).group(1)


def a_live_piece(browser_of, cast, runner) -> str:
    lena = browser_of(cast.lena)
    (ref,) = upload(lena, runner, ("Observe datasheet.pdf", pdf()))
    publish(lena, ref)
    return ref


def test_a_customer_opens_a_link_and_its_opens_are_counted(app, browser_of, cast, runner, peek):
    ref, anna = a_live_piece(browser_of, cast, runner), browser_of(cast.anna)
    link, customer = shared(anna, ref), app.test_client()
    page = customer.get(link)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Shared by Alder Systems" in page.text
    assert customer.get(f"{link}/file").data == pdf()
    assert customer.get(f"{link}/preview").mimetype == "image/webp"
    assert (peek(select(ShareLink.opens)), peek(select(ShareLink.downloads))) == (1, 1)
    assert "Helvetia Logistics" in anna.get("/collateral/shares").text
    assert "Helvetia Logistics" not in browser_of(cast.axel).get("/collateral/shares").text


def test_a_link_that_is_over_revoked_or_withdrawn_is_as_if_it_never_was(
    app, browser_of, cast, runner, clock, peek
):
    ref, anna = a_live_piece(browser_of, cast, runner), browser_of(cast.anna)
    first, second, third = shared(anna, ref, days="1"), shared(anna, ref), shared(anna, ref)
    customer = app.test_client()
    share = peek(select(ShareLink.ref).order_by(ShareLink.id).offset(1).limit(1))
    assert anna.send(f"/collateral/shares/{share}/revoke").status_code == 303
    assert browser_of(cast.axel).send(f"/collateral/shares/{share}/revoke").status_code == 404
    assert customer.get(second).status_code == 404
    clock.pass_(days=1)
    assert customer.get(first).status_code == 404
    assert customer.get(third).status_code == 200
    browser_of(cast.lena).send(f"/content/{ref}/step", step="withdraw")
    for path in (third, f"{third}/file", f"{third}/preview", "/s/nothing"):
        assert customer.get(path).status_code == 404


def test_a_password_is_asked_for_and_remembered(app, browser_of, cast, runner):
    ref = a_live_piece(browser_of, cast, runner)
    link = shared(browser_of(cast.anna), ref, password="harbour")
    customer = app.test_client()
    assert customer.get(f"{link}/file").status_code == 403
    assert customer.send(link, page=link, password="wrong").status_code == 422
    assert customer.send(link, page=link, password="harbour").status_code == 303
    assert customer.get(f"{link}/file").data == pdf()


def test_who_took_the_old_version_is_told_of_the_new_one(browser_of, cast, runner, peek, clock):
    ref, lena = a_live_piece(browser_of, cast, runner), browser_of(cast.lena)
    browser_of(cast.anna).get(f"/collateral/{ref}/download")
    newer = (io.BytesIO(pdf("Clouds too.")), "v2.pdf")
    lena.send(f"/content/{ref}/version", file=newer, note="")
    runner.run_due()
    publish(lena, ref)
    assert peek(select(Letter.address)) == cast.anna.email
    clock.pass_(seconds=5)
    runner.run_due()
    assert peek(select(Letter.state)).value == "sent"


def test_use_is_counted_by_piece_and_by_partner_and_exported(browser_of, cast, runner):
    ref = a_live_piece(browser_of, cast, runner)
    for somebody in (cast.anna, cast.axel, cast.carl, cast.lena):
        browser_of(somebody).get(f"/collateral/{ref}/download?deal=DR-7K3Q9ABCX")
    lena = browser_of(cast.lena)
    page = lena.get("/reports/usage").text
    assert "Alder Systems" in page
    assert "Cedar Networks" in page
    assert lena.get(f"/reports/usage/downloads?piece={ref}").text.count("Observe datasheet") == 3
    assert lena.get("/reports/usage.csv").text.count("DR-7K3Q9ABCX") == 3
    assert browser_of(cast.anna).get("/reports/usage").status_code == 403
