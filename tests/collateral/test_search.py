"""Search: how good its answers are, the same on both databases, and blind to other audiences."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.collateral.models import Asset, AssetToken
from portal.collateral.queries import search
from portal.collateral.rules import ranking, words
from tests.clock import NOON
from tests.collateral import searching

FOUND: dict[str, dict[str, list[str]]] = {}


@pytest.fixture
def shelf(system, as_viewer, cast):
    searching.fill(system, NOON)
    system.commit()
    with as_viewer(cast.lena) as db:
        searching.synonyms(db, NOON)


def test_judged_searches_are_answered_well(shelf, as_viewer, cast, server):
    cases = searching.judged()
    assert len(cases) >= 60
    with as_viewer(cast.anna) as db:
        found = {text: searching.answers(db, text) for text, _ in cases}
    gains = [searching.ndcg(found[text], grades) for text, grades in cases]
    misses = [text for text, grades in cases if not searching.success(found[text], grades)]
    assert sum(gains) / len(gains) >= 0.9, misses
    assert len(misses) <= 3, misses
    FOUND[server.name] = found
    assert all(each == found for each in FOUND.values()), "the databases answer differently"


def test_what_others_have_does_not_move_what_one_finds(shelf, system, as_viewer, cast):
    cases = [text for text, _ in searching.judged()]
    with as_viewer(cast.carl) as db:
        before = {text: searching.answers(db, text) for text in cases}
    gold = select(AssetToken.asset_id).where(AssetToken.token == "tier:gold")
    for asset in system.scalars(select(Asset).where(Asset.id.in_(gold))):
        asset.title, asset.tags = "Vualt broshure kubernets", "ransomwear vualt"
        searching.index(system, asset)
    system.commit()
    with as_viewer(cast.carl) as db:
        assert {text: searching.answers(db, text) for text in cases} == before


def test_only_the_words_that_were_corrected_are_named(shelf, as_viewer, cast):
    with as_viewer(cast.anna) as db:
        assert search.find(db, "vualt").instead == ("vault",)
        assert search.find(db, "vault").instead == ()
        assert search.find(db, "zzzzqqqq").hits == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        chr(34),
        "OR 1=1 --",
        "a*",
        "(((",
        "NEAR(x y)",
        "-",
        "head:x",
        "é" * 500,
        "x " * 400,
    ],
)
def test_no_text_breaks_the_search(text, shelf, as_viewer, cast):
    with as_viewer(cast.anna) as db:
        search.find(db, text)


def test_word_forms_share_a_stem_and_accents_fall():
    assert words.stem("backups", "en") == words.stem("backup", "en")
    assert words.words_of("Überwachung, naïve") == ["uberwachung", "naive"]


def test_a_passage_names_its_page_and_marks_what_was_found():
    wanted = words.understood("restore")
    _, found = ranking.snippet(wanted, "We restored it at night", 4)
    assert found.page == 4
    assert ("restored", True) in found.parts
