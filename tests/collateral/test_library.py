"""From an upload to a partner's co-branded download, and who finds what on the way."""

from __future__ import annotations

import io

from sqlalchemy import func, select

from portal.collateral.models import Asset, AssetVersion, Download, Rendition
from portal.collateral.rules.assets import VersionState
from tests.collateral.making import edited, logo, pdf, publish, upload


def test_an_upload_becomes_a_draft_that_only_staff_see(browser_of, cast, runner):
    lena, anna = browser_of(cast.lena), browser_of(cast.anna)
    (ref,) = upload(lena, runner, ("Observe datasheet.pdf", pdf()))
    assert "Observe datasheet" in lena.get("/content").text
    assert anna.get(f"/collateral/{ref}").status_code == 404
    assert "Observe datasheet" not in anna.get("/collateral").text


def test_a_published_piece_is_found_by_a_word_inside_it_with_its_page(browser_of, cast, runner):
    lena, anna = browser_of(cast.lena), browser_of(cast.anna)
    (ref,) = upload(lena, runner, ("Observe datasheet.pdf", pdf()))
    assert publish(lena, ref).status_code == 303
    page = anna.get("/collateral?q=servers").text
    assert "Observe datasheet" in page
    assert "<mark>server</mark>" in page
    assert "page 1" in page
    assert anna.get(f"/collateral/{ref}/v/1/thumbnail").mimetype == "image/webp"
    assert anna.get(f"/collateral/{ref}/v/1/pages/2").status_code == 200


def test_an_audience_decides_who_finds_a_piece(browser_of, cast, runner):
    lena = browser_of(cast.lena)
    (ref,) = upload(lena, runner, ("Gold price list.pdf", pdf()))
    assert edited(lena, ref, is_for_all=None, tiers=["gold"]).status_code == 303
    publish(lena, ref)
    gold, silver = browser_of(cast.anna), browser_of(cast.carl)
    assert gold.get(f"/collateral/{ref}").status_code == 200
    for path in ("", "/download", "/v/1/preview", "/v/1/thumbnail", "/v/1/pages/1"):
        assert silver.get(f"/collateral/{ref}{path}").status_code == 404
    for query in ("", "?q=gold", "?q=servers", "?q=sevrers"):
        page = silver.get(f"/collateral{query}").text
        assert "Gold price list" not in page
        assert "(1)" not in page


def test_an_audience_of_nobody_is_refused(browser_of, cast, runner):
    lena = browser_of(cast.lena)
    (ref,) = upload(lena, runner, ("Anything.pdf", pdf()))
    answer = edited(lena, ref, is_for_all=None)
    assert answer.status_code == 422
    assert "at least one type, level or company" in answer.text


def test_a_download_is_recorded_with_version_and_deal(browser_of, cast, runner, peek):
    lena, anna = browser_of(cast.lena), browser_of(cast.anna)
    (ref,) = upload(lena, runner, ("Observe datasheet.pdf", pdf()))
    publish(lena, ref)
    answer = anna.get(f"/collateral/{ref}/download?deal=DR-7K3Q9ABCX")
    assert answer.data == pdf()
    assert "Observe datasheet, EN, v1.pdf" in answer.headers["Content-Disposition"]
    assert peek(select(Download.deal_ref)) == "DR-7K3Q9ABCX"
    assert peek(select(Download.partner_id)) == cast.partners["alder"]
    part = anna.get(f"/collateral/{ref}/download", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, pdf()[10:20])
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert anna.get(f"/collateral/{ref}/download", headers=tag).status_code == 304
    assert peek(select(func.count(Download.id))) == 1


def test_the_first_co_branded_download_asks_for_a_logo_and_goes_on(browser_of, cast, runner, peek):
    lena, anna = browser_of(cast.lena), browser_of(cast.anna)
    (ref,) = upload(lena, runner, ("Observe datasheet.pdf", pdf()))
    zone = {"page": "1", "x": "60", "y": "85", "width": "30", "height": "8", "align": "left"}
    zone |= {"ground": "light", "largest": ""}
    zone |= {"kind": "logo", "csrf_token": lena.token()}
    assert lena.post(f"/content/{ref}/zones", data=zone).status_code == 303
    assert lena.get(f"/content/{ref}/zones/1/proof").mimetype == "image/webp"
    publish(lena, ref)
    assert "Download with my logo" in anna.get("/collateral").text
    asked = anna.get(f"/collateral/{ref}/download")
    assert asked.location == f"/collateral/{ref}/brand"
    sent = (io.BytesIO(logo()), "logo.png")
    kept = anna.send(f"/collateral/{ref}/brand", logo=sent)
    assert anna.get(kept.location).headers["Refresh"] == f"0; url=/collateral/{ref}/download"
    first = anna.get(f"/collateral/{ref}/download")
    assert first.data.startswith(pdf())
    assert len(first.data) > len(pdf())
    assert anna.get(f"/collateral/{ref}/download").data == first.data
    assert peek(select(func.count(Rendition.id))) == 1
    assert anna.get(f"/collateral/{ref}/download?plain=1").data == pdf()


def test_a_newer_version_is_pointed_out_to_those_who_took_the_old_one(browser_of, cast, runner):
    lena, anna = browser_of(cast.lena), browser_of(cast.anna)
    (ref,) = upload(lena, runner, ("Observe datasheet.pdf", pdf()))
    publish(lena, ref)
    anna.get(f"/collateral/{ref}/download")
    newer = pdf("Observe now watches clouds as well.")
    lena.send(f"/content/{ref}/version", file=(io.BytesIO(newer), "v2.pdf"), note="Clouds")
    runner.run_due()
    assert anna.get(f"/collateral/{ref}/download").data == pdf()
    assert "Old version" not in anna.get(f"/collateral/{ref}").text
    publish(lena, ref)
    assert "Get version 2" in anna.get("/collateral/mine").text
    assert anna.get(f"/collateral/{ref}/download").data == newer
    assert anna.get(f"/collateral/{ref}/v/1/download").data == pdf()
    assert "Old version" in anna.get(f"/collateral/{ref}").text


def test_a_broken_file_says_so_and_is_not_kept(browser_of, cast, runner, peek, services):
    lena = browser_of(cast.lena)
    (ref,) = upload(lena, runner, ("Broken.pdf", b"%PDF-1.7\nnothing that follows is a document"))
    assert peek(select(AssetVersion.state)) is VersionState.REFUSED
    assert peek(select(AssetVersion.file_key)) == ""
    assert "damaged or incomplete" in lena.get(f"/content/{ref}").text
    assert publish(lena, ref).status_code == 422


def test_a_file_of_the_wrong_kind_is_turned_down_at_once(browser_of, cast, peek):
    lena = browser_of(cast.lena)
    sent = [(io.BytesIO(b"<svg/>"), "drawing.svg")]
    answer = lena.send("/content/upload", files=sent, kind="image", line="")
    assert answer.status_code == 422
    assert "can run scripts" in answer.text
    assert peek(select(func.count(Asset.id))) == 0


def test_what_ended_yesterday_is_expired_today(browser_of, cast, runner, clock):
    lena = browser_of(cast.lena)
    (ref,) = upload(lena, runner, ("Spring offer.pdf", pdf()))
    edited(lena, ref, valid_until="2026-03-03")
    publish(lena, ref)
    clock.pass_(hours=18)
    runner.run_due()
    assert "Spring offer" in browser_of(cast.anna).get("/collateral?q=offer").text
    clock.pass_(hours=24)
    runner.run_due()
    anna = browser_of(cast.anna)
    assert "Spring offer" not in anna.get("/collateral").text
    assert "Expired." in anna.get(f"/collateral/{ref}").text


def test_what_is_asked_for_is_answered_with_a_piece(browser_of, cast, runner):
    lena, anna = browser_of(cast.lena), browser_of(cast.anna)
    assert anna.send("/collateral/ask", words="Swiss references", note="").status_code == 303
    wishes = lena.get("/content/wishes").text
    assert "Swiss references" in wishes
    ref = wishes.split("/content/wishes/")[1].split('"')[0]
    done = lena.send(f"/content/wishes/{ref}", answer="They come in May.", asset="")
    assert done.status_code == 303
    assert "They come in May." in anna.get("/collateral/mine").text


def test_searches_in_vain_become_marketings_list(browser_of, cast):
    anna, lena = browser_of(cast.anna), browser_of(cast.lena)
    assert "Ask for it" in anna.get("/collateral?q=Quantum+toaster").text
    assert "quantum toaster" in lena.get("/content/wishes").text


def test_a_favourite_is_personal(browser_of, cast, runner):
    lena, anna, axel = browser_of(cast.lena), browser_of(cast.anna), browser_of(cast.axel)
    (ref,) = upload(lena, runner, ("Observe datasheet.pdf", pdf()))
    publish(lena, ref)
    anna.send(f"/collateral/{ref}/favourite")
    assert "Observe datasheet" in anna.get("/collateral?only=favourites").text
    assert "Observe datasheet" not in axel.get("/collateral?only=favourites").text
