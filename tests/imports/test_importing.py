"""From upload to undo, through the pages and the job runner, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Assignment, User
from portal.app import make_runner
from portal.catalogue.models import Line, Product
from portal.db.events import Entry
from portal.db.outbox import Letter
from portal.deals.models import Customer, Deal, Protection
from portal.importers import IMPORTERS
from portal.imports import jobs
from portal.imports.models import Batch, ImportedRow
from portal.partners.models import Partner, Supply
from portal.web.services import Task

PARTNERS = (
    "\ufeffFirma;Partner type;Land;Tier;Supplier;Channel manager\r\n"
    "Larch GmbH;VAR;Germany;gold;Nordwind Distribution;mara@vendor.example\r\n"
    "Alder Systems;;Austria;;;\r\n"
    "Birch IT;;;;;\r\n"
    "Maple Ltd;dealer;Nowhere;gold;;\r\n"
    "Larch GmbH;;;;;\r\n"
)


def partner(stored, name):
    stored.rollback()
    return stored.scalar(select(Partner).where(Partner.name == name))


def count(stored, model):
    stored.rollback()
    return stored.scalar(select(func.count()).select_from(model))


def many(rows: int, *, bad: int = 0) -> str:
    """Partners by number; row `bad` names a country that is none."""
    lines = [f"Company {n},{'Nowhere' if n == bad else 'CH'}" for n in range(2, rows + 2)]
    return "\n".join(["name,country", *lines])


def test_a_preview_shows_every_row_and_changes_nothing(importing, stored):
    before = count(stored, Partner)
    path = importing.preview("partners", ("p.csv", PARTNERS))
    assert importing.counts(path) == {
        "new": 1,
        "changed": 1,
        "unchanged": 1,
        "skipped": 1,
        "error": 1,
    }
    page = importing.browser.get(path).text
    assert "is no country that is known here" in page
    changed = importing.browser.get(f"{path}?show=changed").text
    assert "Country: CH → AT" in changed
    assert count(stored, Partner) == before


def test_good_rows_go_in_and_the_others_can_be_downloaded(importing, stored):
    path = importing.do("partners", ("p.csv", PARTNERS))
    larch = partner(stored, "Larch GmbH")
    assert (larch.kind.value, larch.country, larch.state.value) == ("var", "DE", "active")
    supplied = stored.scalar(select(Supply).where(Supply.reseller_id == larch.id))
    assert stored.get(Partner, supplied.distributor_id).name == "Nordwind Distribution"
    assigned = stored.scalar(select(Assignment).where(Assignment.partner_id == larch.id))
    assert stored.get(User, assigned.user_id).email == "mara@vendor.example"
    assert partner(stored, "Maple Ltd") is None
    errors = importing.browser.get(f"{path}/errors.csv")
    assert "p.csv,5,Country" in errors.text


def test_undo_takes_out_what_was_made_and_restores_what_was_changed(importing, stored):
    before = count(stored, Partner), count(stored, Supply), count(stored, Assignment)
    path = importing.do("partners", ("p.csv", PARTNERS))
    assert partner(stored, "Alder Systems").country == "AT"
    page = importing.browser.get(f"{path}/undo").text
    assert "1 made, 1 changed" in page
    assert importing.undo(path).status_code == 303
    assert partner(stored, "Alder Systems").country == "CH"
    assert (count(stored, Partner), count(stored, Supply), count(stored, Assignment)) == before
    assert count(stored, ImportedRow) == 0


def test_undo_leaves_what_was_changed_or_used_since_and_says_so(importing, services, stored):
    path = importing.do("partners", ("p.csv", "name,country\nElm,CH\nFir,CH\nYew,CH\n"))
    with services.system_session() as db:
        db.scalar(select(Partner).where(Partner.name == "Elm")).country = "DE"
        db.commit()
    importing.do("people", ("u.csv", "name,email,company\nFinn,finn@fir.example,Fir\n"))
    importing.undo(path)
    assert partner(stored, "Elm").country == "DE"
    assert partner(stored, "Fir") is not None
    assert partner(stored, "Yew") is None
    assert "2 rows stay" in importing.browser.get(path).text


def test_columns_are_remembered_for_the_next_file_like_it(importing):
    first = "Wer,Wo\nLarch,CH\n"
    path = importing.upload("partners", ("a.csv", first)).location
    page = importing.browser.get(path).text
    name, country = importing.field(page, "name"), importing.field(page, "country")
    refused = importing.columns(path, **{name: "", country: "", "currency": "CHF"})
    assert refused.status_code == 422
    assert "Choose the column that holds company" in refused.text
    assert (
        importing.columns(path, **{name: "0", country: "1", "currency": "CHF"}).status_code == 303
    )
    again = importing.upload("partners", ("b.csv", "wer,WO\nElm,DE\n")).location
    shown = importing.browser.get(again).text
    assert 'selected value="0">wer<' in shown
    assert 'selected value="1">WO<' in shown
    assert 'value="CHF"' in shown


def test_one_column_is_used_once(importing):
    path = importing.upload("partners", ("a.csv", "name,country\nElm,CH\n")).location
    page = importing.browser.get(path).text
    answer = importing.columns(path, **{importing.field(page, "region"): "0"})
    assert answer.status_code == 422
    assert "already used for company" in answer.text


def test_days_that_can_be_read_two_ways_are_asked_about(importing):
    text = (
        "number,partner,customer,line,stage,registered on\n"
        "A1,Alder Systems,Acme,Observe,engaging,03-02-2026\n"
    )
    path = importing.upload("registrations", ("r.csv", text)).location
    asked = importing.columns(path)
    assert asked.status_code == 422
    assert "can be read two ways" in asked.text
    assert importing.columns(path, day_order="day_first").status_code == 303


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("empty.csv", b"", "is empty"),
        ("wide.csv", ("a," * 5_000 + "a\n1\n").encode(), "5,001 columns"),
        ("a.pdf", b"%PDF-1.7", "this is a PDF"),
        ("evil.csv", b'a\n"' + b"x" * 200_000, "cannot be read"),
        ("\u202egnp.csv", b"", "is empty"),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_nothing_is_kept(importing, stored, name, body, why):
    answer = importing.upload("partners", (name, body))
    assert answer.status_code == 422
    assert why in answer.text
    assert count(stored, Batch) == 0


def test_an_upload_without_a_file_says_so(importing):
    answer = importing.browser.send(
        "/data/import/new", page="/data/import/new", importer="partners"
    )
    assert answer.status_code == 422
    assert "Choose a file" in answer.text


def test_all_or_nothing_with_one_bad_row_imports_nothing_and_names_it(importing, stored):
    before = count(stored, Partner)
    path = importing.preview("partners", ("p.csv", many(1_200, bad=1_100)))
    refused = importing.run(path, mode="all_or_nothing")
    assert refused.status_code == 422
    assert "so nothing was imported" in refused.text
    (bad,) = [finding for finding in importing.findings(path) if finding.problems]
    assert (bad.number, bad.problems[0].column) == (1_100, "Country")
    assert count(stored, Partner) == before


@pytest.mark.parametrize(("mode", "kept"), [("good_rows", 500), ("all_or_nothing", 0)])
def test_a_run_cut_off_in_the_middle_is_finished_by_the_next_runner(
    importing, services, stored, mode, kept
):
    before = count(stored, Partner)
    path = importing.preview("partners", ("p.csv", many(800)))
    importing.browser.send(f"{path}/run", page=path, mode=mode)
    batch = importing.batch(path)
    made: list[str] = []

    def dies(prefix: str) -> str:
        made.append(prefix)
        if len(made) > 600:
            raise SystemExit
        return services.new_ref(prefix)

    task = Task(
        replace(services, new_ref=dies),
        batch.job_id,
        {"batch_id": batch.id},
        None,
        services.clock(),
    )
    with pytest.raises(SystemExit):
        jobs.run(IMPORTERS, task)
    assert count(stored, Partner) == before + kept
    importing.runner.run_due()
    assert count(stored, Partner) == before + 800
    assert importing.counts(path) == {"new": 800}
    importing.undo(path)
    assert count(stored, Partner) == before


@pytest.fixture
def stopped(importing, services, clock, browser_of, cast):
    """The path of a run of 800 rows that failed for good after the first 500."""
    path = importing.preview("partners", ("p.csv", many(800)))
    importing.browser.send(f"{path}/run", page=path, mode="good_rows")
    made: list[str] = []

    def fails(prefix: str) -> str:
        made.append(prefix)
        if len(made) > 600:
            raise LookupError("no reference is left")
        return services.new_ref(prefix)

    failing = make_runner(replace(services, new_ref=fails))
    for _ in range(5):
        failing.run_due()
        clock.pass_(hours=1)
    importing.browser = browser_of(cast.ada)  # the first one's session has run out
    return path


def test_a_run_that_fails_for_good_says_why_and_goes_on_when_it_is_tried_again(
    importing, stopped, stored
):
    path, before = stopped, count(stored, Partner)
    assert importing.batch(path).state == "failed"
    page = importing.browser.get(path).text
    assert "It stopped while importing." in page
    assert "LookupError: no reference is left" in page
    assert importing.browser.send(f"{path}/again", page=path).status_code == 303
    assert importing.batch(path).state == "running"
    assert importing.browser.send(f"{path}/again", page="/me").status_code == 409
    importing.runner.run_due()
    assert importing.counts(path) == {"new": 800}
    assert count(stored, Partner) == before + 300
    assert "It stopped" not in importing.browser.get(path).text


def test_a_run_that_failed_for_good_can_be_undone_instead(importing, stopped, stored):
    before = count(stored, Partner)
    assert "500 made" in importing.browser.get(f"{stopped}/undo").text
    assert importing.undo(stopped).status_code == 303
    assert importing.batch(stopped).state == "undone"
    assert count(stored, Partner) == before - 500


def test_an_import_runs_once_however_often_it_is_sent(importing, stored):
    path = importing.preview("partners", ("p.csv", "name\nElm\n"))
    assert importing.run(path).status_code == 303
    assert importing.browser.send(f"{path}/run", page="/me", mode="good_rows").status_code == 409
    assert importing.undo(path).status_code == 303
    assert importing.browser.send(f"{path}/undo", page="/me").status_code == 409


def test_people_products_customers_and_registrations_are_known_again(importing, stored):
    files = {
        "people": "Full name;Mail;Firma;Function\nFinn;finn@alder.example;Alder Systems;seller\n"
        "Vera;vera@vendor.example;;auditor\n",
        "products": 'Item,Series,Unit price\nScope,Optics,"1,250.50"\n',
        "customers": "Account,Domain,Parent\nAcme Bau,acme.example,Acme Holding\nAcme Holding,,\n",
        "registrations": "number,partner,person,customer,line,state,registered,closed,amount\n"
        "A1,Alder Systems,finn@alder.example,Acme Bau,Scope,won,2026-01-15,2026-02-20,9000\n"
        "A2,alder systems,,Neukunde AG,Observe,in progress,2026-02-20,,500\n",
    }
    for importer, text in files.items():
        path = importing.do(importer, (f"{importer}.csv", text))
        assert importing.counts(path) == {"new": 2} or importer == "products", importer
    for importer, text in files.items():
        again = importing.preview(importer, (f"{importer}.csv", text))
        assert set(importing.counts(again)) == {"unchanged"}, importer
    stored.rollback()
    product = stored.scalar(select(Product).where(Product.name == "Scope"))
    assert (product.list_price_minor, stored.get(Line, product.line_id).family) == (
        125_050,
        "Optics",
    )
    acme = stored.scalar(select(Customer).where(Customer.name == "Acme Bau"))
    won = stored.scalar(select(Deal).where(Deal.customer_id == acme.id))
    assert (won.state.value, won.won_minor, won.is_history) == ("won", 900_000, True)
    live = stored.scalar(select(Protection).where(Protection.state == "live"))
    assert stored.get(Deal, live.deal_id).customer_name == "Neukunde AG"
    assert count(stored, Letter) == 0


def test_names_that_are_not_known_are_refused_with_the_nearest(importing):
    text = "number,partner,customer,line,stage,registered on\nA1,Aldr Systems,Acme,Observ,won,\n"
    path = importing.preview("registrations", ("r.csv", text))
    assert "Is it Alder Systems?" in importing.browser.get(path).text


def test_a_run_and_its_undo_are_in_the_log(importing, stored):
    path = importing.do("partners", ("p.csv", "name\nElm\n"))
    importing.undo(path)
    kinds = stored.scalars(select(Entry.kind).order_by(Entry.id)).all()
    assert kinds[-3:] == ["partner.imported", "import.finished", "import.undone"]


def test_only_administrators_import(browser_of, cast):
    for person in (cast.mara, cast.lena, cast.ivo, cast.alma):
        assert browser_of(person).get("/data/import").status_code == 403


def test_the_list_takes_few_statements_and_names_what_was_imported(importing):
    importing.do("partners", ("partners-2026.csv", "name\nElm\n"))
    page = importing.browser.get("/data/import").text
    assert "partners-2026.csv" in page
    assert "Done" in page


def test_an_empty_table_to_fill_in_is_one_that_is_taken(importing):
    text = importing.browser.get("/data/import/templates/partners.csv").text
    row = "Elm,VAR,elm.example,CH,DACH,gold,EUR,,\n"
    path = importing.do("partners", ("p.csv", text + row))
    assert importing.counts(path) == {"new": 1}
