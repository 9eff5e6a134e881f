"""A kit is an archive of the pieces that its taker may have."""

from __future__ import annotations

import io
import zipfile

from sqlalchemy import func, select

from portal.collateral.models import Download
from tests.collateral.making import edited, pdf, publish, upload


def test_a_kit_holds_what_its_taker_may_have_and_a_contents_page(browser_of, cast, runner, peek):
    lena = browser_of(cast.lena)
    files = (("First sheet.pdf", pdf("One.")), ("Gold prices.pdf", pdf("Two.")))
    gold, first = upload(lena, runner, *files)
    edited(lena, gold, is_for_all=None, tiers=["gold"])
    for ref in (gold, first):
        publish(lena, ref)
    fields = {"title": "Starter", "summary_text": "", "stage": "any", "is_for_all": "y"}
    fields |= {"pieces": f"{first}\n{gold}", "is_live": "y"}
    assert lena.send("/content/kits/new", **fields).status_code == 303
    page = browser_of(cast.anna).get("/collateral/kits").text
    kit = page.split("/collateral/kits/")[1].split('"')[0]
    for somebody, held in ((cast.anna, 2), (cast.carl, 1)):
        answer = browser_of(somebody).get(f"/collateral/kits/{kit}/download")
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            names = archive.namelist()
            assert len(names) == held + 1
            assert archive.read(names[0]) == pdf("One.")
            contents = archive.read("contents.html").decode()
        assert ("Gold prices" in contents) is (held == 2)
    assert peek(select(func.count(Download.id))) == 3
    assert browser_of(cast.carl).get(f"/collateral/kits/{kit}").text.count("Gold prices") == 0
