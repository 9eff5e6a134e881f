"""The partner directory, a company in full, and its own page, through HTTP."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import event, func, select

from portal.accounts.models import Assignment, UserSession
from portal.db.events import Entry
from portal.kernel import refs
from portal.partners.models import Partner, PartnerNote, Supply
from portal.partners.rules import PartnerState, PartnerType
from tests.clock import NOON
from tests.people import COMPANIES


def ref_of(peek, cast, code):
    return peek(select(Partner.ref).where(Partner.id == cast.partners[code]))


@pytest.fixture
def cedar(peek, cast):
    return ref_of(peek, cast, "cedar")


EDIT = {
    "name": "Cedar Networks",
    "kind": "var",
    "domain": "cedar.example",
    "country": "AT",
    "currency": "EUR",
    "region": "",
    "tier": "",
    "languages": ["de", "en"],
    "version": "1",
}


def test_staff_list_the_companies_they_look_after(browser_of, cast):
    page = browser_of(cast.mara).get("/partners").text
    assert "Cedar Networks" in page
    assert "Alder Systems" in page
    assert "Birch IT" not in page
    assert "1–2 of 2" in page


def test_an_administrator_lists_all_and_finds_by_part_of_a_name(browser_of, cast):
    browser = browser_of(cast.ada)
    page = browser.get("/partners").text
    assert all(name in page for name, *_ in COMPANIES.values())
    found = browser.get("/partners?q=NORDW").text
    assert "Nordwind Distribution" in found
    assert "Cedar Networks" not in found


def test_filters_stand_in_the_address_and_can_be_taken_away(browser_of, cast):
    page = browser_of(cast.ada).get("/partners?type=var&tier=silver").text
    assert "Birch IT" in page
    assert "Cedar Networks" not in page
    assert "Remove filter" in page


def test_a_search_without_a_match_offers_the_way_back(browser_of, cast):
    assert "No partner matches" in browser_of(cast.ada).get("/partners?q=zzz").text


@pytest.mark.parametrize("name", ["anna", "alma", "nora"])
def test_partners_have_no_directory(browser_of, cast, cedar, name):
    browser = browser_of(getattr(cast, name))
    assert browser.get("/partners").status_code == 403
    assert browser.get(f"/partners/{cedar}").status_code == 403


def test_a_company_one_does_not_look_after_is_not_there(browser_of, cast, cedar):
    assert browser_of(cast.otto).get(f"/partners/{cedar}").status_code == 404
    assert browser_of(cast.otto).get("/partners/PA-NOTHING00").status_code == 404


def test_pages_are_cut_by_key_in_both_directions(browser_of, cast, system):
    for number in range(60):
        system.add(
            Partner(
                created_at=NOON,
                ref=refs.make("PA", 5_000 + number),
                name=f"Grove {number:02}",
                name_key=f"grove {number:02}",
                kind=PartnerType.RESELLER,
            )
        )
    system.commit()
    browser = browser_of(cast.ada)
    first = browser.get("/partners?q=grove")
    assert "1–25 of 60" in first.text
    second = browser.get(link_of(first.text, "next"))
    assert "Grove 25" in second.text
    assert "Grove 24<" not in second.text
    third = browser.get(link_of(second.text, "next"))
    assert "Grove 59" in third.text
    assert 'rel="next"' not in third.text
    back = browser.get(link_of(third.text, "prev"))
    assert "Grove 25" in back.text
    falling = browser.get("/partners?q=grove&sort=-name").text
    assert "Grove 59" in falling
    assert "Grove 10" not in falling


def link_of(page, rel):
    before = page.split(f'rel="{rel}"')[0]
    return before.rpartition('href="')[2].split('"')[0].replace("&amp;", "&")


def test_a_damaged_cursor_and_an_odd_size_are_refused(browser_of, cast):
    browser = browser_of(cast.ada)
    assert browser.get("/partners?after=rubbish").status_code == 422
    assert browser.get("/partners?size=7").status_code == 422


def test_the_list_takes_five_statements(browser_of, cast, engines):
    browser = browser_of(cast.mara)
    said = []
    event.listen(engines.read, "before_cursor_execute", lambda *given: said.append(given[2]))
    browser.get("/partners")
    assert len([text for text in said if text.startswith("SELECT")]) <= 5


def test_the_export_holds_exactly_the_filtered_rows_and_no_formula(browser_of, cast, system):
    partner = system.get(Partner, cast.partners["cedar"])
    partner.name = "=cmd()"
    system.commit()
    answer = browser_of(cast.mara).get("/partners.csv?type=reseller")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert {row["Company"] for row in rows} == {"Alder Systems", "'=cmd()"}
    assert rows[0]["Channel manager"] == "Mara"


def test_an_edit_is_kept_and_told_in_the_history(browser_of, cast, cedar, peek):
    browser = browser_of(cast.mara)
    path = f"/partners/{cedar}/edit"
    assert browser.send(path, page=path, **EDIT).status_code == 303
    assert peek(select(Partner.kind).where(Partner.ref == cedar)) is PartnerType.VAR
    history = browser.get(f"/partners/{cedar}/history").text
    assert "type from reseller to var" in history
    assert "Mara" in history


def test_an_edit_of_what_changed_meanwhile_is_stale(browser_of, cast, cedar):
    browser = browser_of(cast.mara)
    path = f"/partners/{cedar}/edit"
    browser.send(path, page=path, **EDIT)
    assert browser.send(path, page=path, **EDIT | {"name": "Other"}).status_code == 409


@pytest.mark.parametrize(
    ("domain", "message"),
    [
        ("gmail.com", "names no company"),
        ("not a domain", "Enter a web address"),
        ("alder.example", "Alder Systems has this domain"),
    ],
)
def test_a_domain_names_one_company(browser_of, cast, cedar, domain, message):
    path = f"/partners/{cedar}/edit"
    answer = browser_of(cast.mara).send(path, page=path, **EDIT | {"domain": domain})
    assert answer.status_code == 422
    assert message in answer.text


def test_an_empty_name_is_refused_with_the_form_kept(browser_of, cast, cedar):
    path = f"/partners/{cedar}/edit"
    answer = browser_of(cast.mara).send(path, page=path, **EDIT | {"name": "", "country": "DE"})
    assert answer.status_code == 422
    assert "Enter the company" in answer.text
    assert '<option selected value="DE">' in answer.text


def test_finance_reads_and_changes_nothing(browser_of, cast, cedar):
    browser = browser_of(cast.fritz)
    assert browser.get(f"/partners/{cedar}").status_code == 200
    assert browser.get(f"/partners/{cedar}/edit").status_code == 403
    assert browser.send(f"/partners/{cedar}/notes", text="x").status_code == 403


def test_a_company_is_handed_to_another_manager(browser_of, cast, cedar, peek):
    path = f"/partners/{cedar}/manager"
    mara, otto = browser_of(cast.mara), browser_of(cast.otto)
    assert mara.send(path, page=path, manager=str(cast.otto.user_id)).status_code == 303
    kept = select(Assignment.user_id).where(Assignment.partner_id == cast.partners["cedar"])
    assert peek(kept) == cast.otto.user_id
    assert mara.get(f"/partners/{cedar}").status_code == 404
    assert otto.get(f"/partners/{cedar}").status_code == 200


def test_only_channel_managers_can_be_given_a_company(browser_of, cast, cedar):
    path = f"/partners/{cedar}/manager"
    answer = browser_of(cast.ada).send(path, page=path, manager=str(cast.fritz.user_id))
    assert answer.status_code == 422


def test_suppliers_are_chosen_among_distributors(browser_of, cast, cedar, peek):
    path = f"/partners/{cedar}/suppliers"
    browser = browser_of(cast.mara)
    nordwind = str(cast.partners["nordwind"])
    assert browser.send(path, page=path, suppliers=[nordwind]).status_code == 303
    bought = select(func.count()).where(Supply.reseller_id == cast.partners["cedar"])
    assert peek(bought) == 1
    alder = str(cast.partners["alder"])
    assert browser.send(path, page=path, suppliers=[alder]).status_code == 422
    assert browser.send(path, page=path).status_code == 303
    assert peek(bought) == 0


def test_a_note_is_read_by_staff_who_know_the_company_and_by_nobody_else(
    browser_of, cast, cedar, as_viewer, peek
):
    path = f"/partners/{cedar}/notes"
    assert browser_of(cast.mara).send(path, page=path, text="Pays late").status_code == 303
    assert "Pays late" in browser_of(cast.ada).get(path).text
    assert peek(select(func.count()).select_from(PartnerNote)) == 1
    for name in ("otto", "carla", "carl", "alma", "nora"):
        with as_viewer(getattr(cast, name)) as db:
            assert db.scalar(select(func.count()).select_from(PartnerNote)) == 0, name


def test_suspending_ends_every_session_of_the_company_at_once(browser_of, cast, cedar, peek):
    carl, anna = browser_of(cast.carl), browser_of(cast.anna)
    assert carl.get("/me").status_code == 200
    path = f"/partners/{cedar}/suspend"
    browser = browser_of(cast.ada)
    assert "2 people can no longer sign in" in browser.get(path).text
    assert browser.send(path, page=path, reason="Owes since May").status_code == 303
    assert carl.get("/me").status_code == 303
    assert anna.get("/me").status_code == 200
    assert peek(select(func.count()).where(UserSession.user_id == cast.carl.user_id)) == 0
    history = browser.get(f"/partners/{cedar}/history").text
    assert "Owes since May" in history


def test_a_suspended_company_opens_again_and_an_ended_one_does_not(browser_of, cast, cedar, peek):
    browser = browser_of(cast.ada)
    for verb in ("suspend", "resume", "end"):
        path = f"/partners/{cedar}/{verb}"
        assert browser.send(path, page=path, reason="Because").status_code == 303
    assert peek(select(Partner.state).where(Partner.ref == cedar)) is PartnerState.ENDED
    assert browser.get(f"/partners/{cedar}/resume").status_code == 409


def test_closing_a_company_needs_a_fresh_sign_in_and_an_administrator(
    browser_of, cast, cedar, clock
):
    path = f"/partners/{cedar}/suspend"
    assert browser_of(cast.mara).get(path).status_code == 403
    browser = browser_of(cast.ada)
    clock.pass_(minutes=16)
    answer = browser.get(path)
    assert answer.status_code == 403
    assert "Confirm that it is you" in answer.text


def test_a_company_sees_its_own_page_and_its_manager(browser_of, cast):
    page = browser_of(cast.carla).get("/company").text
    assert "Cedar Networks" in page
    assert "mara@vendor.example" in page
    assert "Alder" not in page
    assert browser_of(cast.ada).get("/company").status_code == 403


CONTACT = {
    "contact_name": "Carla Cedar",
    "contact_email": "hello@cedar.example",
    "contact_phone": "+43 1 234",
    "website": "https://cedar.example",
    "address": "Ring 1\n1010 Wien",
    "languages": ["de"],
    "version": "1",
}


def test_a_partner_manager_changes_the_contact_and_a_seller_does_not(browser_of, cast, peek):
    browser = browser_of(cast.carla)
    answer = browser.send("/company/edit", page="/company/edit", **CONTACT)
    assert answer.status_code == 303
    page = browser.get("/company").text
    assert "Carla Cedar" in page
    assert "German" in page
    kinds = select(func.count()).where(Entry.kind == "partner.changed")
    assert peek(kinds) == 1
    assert browser_of(cast.carl).get("/company/edit").status_code == 403


def test_a_company_cannot_change_what_the_vendor_keeps(browser_of, cast):
    browser = browser_of(cast.carla)
    answer = browser.send("/company/edit", page="/company/edit", **CONTACT | {"tier": "1"})
    assert answer.status_code == 400
