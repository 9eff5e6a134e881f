"""The export of a sales system as it comes, with every mess: our own small one, and a real one."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Assignment, User, UserRole
from portal.catalogue.models import Line, Product
from portal.cli import install
from portal.db.events import Entry
from portal.db.outbox import Letter
from portal.deals.models import Customer, CustomerKey, Deal, Protection
from portal.imports.models import ImportedRow
from portal.kernel.policy import Role
from portal.partners.models import Partner
from portal.programme.models import Region

OWN = Path(__file__).parent / "crm"
REAL = Path(os.environ.get("CRM_EXPORT") or OWN)
TABLES = (Region, Line, Product, Partner, User, UserRole, Assignment, Customer, CustomerKey, Deal)


def files_of(folder: Path) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.csv"))]


def everything(stored) -> dict[str, int]:
    stored.rollback()
    return {
        model.__tablename__: stored.scalar(select(func.count()).select_from(model))
        for model in (*TABLES, Protection)
    }


def deal(stored, number):
    """A registration by its number in the export, with its protection."""
    stored.rollback()
    row = stored.scalar(select(ImportedRow.row_id).where(ImportedRow.key == number))
    found = stored.get(Deal, row)
    return found, stored.scalar(select(Protection).where(Protection.deal_id == row))


@pytest.fixture
def imported(importing):
    return importing.do("crm", *files_of(OWN))


def test_agents_managers_offices_accounts_and_products_become_what_they_are(imported, stored):
    agent = stored.scalar(select(Partner).where(Partner.name == "Mei-Mei Johns"))
    manager = stored.scalar(select(User).where(User.name == "Dustin Brinkmann"))
    role = stored.scalar(select(UserRole.role).where(UserRole.user_id == manager.id))
    assigned = stored.scalar(select(Assignment).where(Assignment.partner_id == agent.id))
    region = stored.get(Region, agent.region_id)
    assert (agent.kind.value, region.name) == ("reseller", "Central")
    assert (role, assigned.user_id) == (Role.CHANNEL_MANAGER, manager.id)
    line = stored.scalar(select(Line).where(Line.name == "GTX Pro"))
    product = stored.scalar(select(Product).where(Product.line_id == line.id))
    assert (line.family, product.list_price_minor, product.currency) == ("GTX", 482_100, "USD")


def test_subsidiaries_belong_to_parents_that_stand_further_down(imported, stored):
    child = stored.scalar(select(Customer).where(Customer.name == "Bergwerk & Co"))
    assert stored.get(Customer, child.parent_id).name == "Zenith Holding"
    assert child.country == "PH"


def test_won_and_lost_deals_keep_their_dates(imported, stored):
    won, held = deal(stored, "W1")
    assert (won.state.value, str(won.won_on), won.won_minor) == ("won", "2025-12-01", 451_400)
    assert (held.state.value, held.cause, held.ended_at) == ("ended", "won", won.closed_at)
    late, held = deal(stored, "W2")
    assert (late.state.value, held.cause) == ("won", "expired")
    assert held.ended_at == held.ends_at < late.closed_at
    lost, held = deal(stored, "L1")
    assert (lost.state.value, lost.lost_reason, held.cause) == ("lost", "not_recorded", "lost")


def test_open_deals_are_approved_or_expired_by_todays_clock(imported, stored):
    old, held = deal(stored, "E3")
    assert (old.state.value, held.cause) == ("expired", "expired")
    live, held = deal(stored, "E2")
    assert (live.state.value, held.state.value) == ("approved", "live")


def test_only_the_first_open_deal_holds_a_customer_and_line(imported, stored):
    """E1 stands above E2 in the file, but began two days later."""
    second, held = deal(stored, "E1")
    assert (second.state.value, held.state.value) == ("expired", "ended")
    assert held.cause == "held_by_another"


def test_rows_without_account_or_date_are_drafts_that_say_so(imported, stored):
    for number, reason in (("E4", "customer_missing"), ("P1", ""), ("P2", "")):
        found, held = deal(stored, number)
        assert (found.state.value, found.reason, held) == ("draft", reason, None)


def test_the_past_takes_no_place_sends_no_mail_and_is_in_the_log(imported, stored):
    places = stored.scalar(select(func.count()).where(Deal.received_at.is_not(None)))
    mails = stored.scalar(select(func.count()).select_from(Letter))
    logged = stored.scalar(select(func.count()).where(Entry.kind == "deal.imported"))
    assert (places, mails, logged) == (0, 0, 9)
    assert stored.scalar(select(func.count()).where(Deal.is_history)) == 9


def test_imported_customers_are_found_by_matching(imported, stored):
    named = stored.scalar(select(Customer.id).where(Customer.name == "Alpenrose AG"))
    assert stored.scalar(select(func.count()).where(CustomerKey.customer_id == named)) > 0


def test_the_preview_tells_what_will_be_expired_and_what_is_misspelt(importing):
    path = importing.preview("crm", *files_of(OWN))
    page = importing.browser.get(path).text
    assert "another registration holds the customer and line" in page
    assert "technolgy → technology" in page
    assert "Philipines: read as Philippines" in page
    assert importing.counts(path) == {"new": 18}


def test_a_misspelling_is_kept_unless_the_correction_is_taken(importing, stored):
    path = importing.preview("crm", *files_of(OWN))
    importing.run(path, corrections="accounts/sector/technolgy")
    sector = select(Customer.sector).where(Customer.name == "Alpenrose AG")
    assert stored.scalar(sector) == "technology"
    importing.undo(path)
    importing.do("crm", *files_of(OWN))
    stored.rollback()
    assert stored.scalar(sector) == "technolgy"


def test_a_second_import_changes_nothing(importing, imported, stored):
    before = everything(stored)
    again = importing.preview("crm", *files_of(OWN))
    assert importing.counts(again) == {"unchanged": 18}
    assert "There is nothing to import" in importing.run(again).text
    assert everything(stored) == before


def test_a_later_export_moves_deals_on(importing, imported, stored):
    files = dict(files_of(OWN))
    old = b"Engaging,01-02-2026,,"
    files["sales_pipeline.csv"] = files["sales_pipeline.csv"].replace(
        old, b"Won,01-02-2026,27-02-2026,60"
    )
    path = importing.do("crm", *files.items())
    assert importing.counts(path) == {"changed": 1, "unchanged": 17}
    found, held = deal(stored, "E2")
    assert (found.state.value, held.state.value, held.cause) == ("won", "ended", "won")
    importing.undo(path)
    found, held = deal(stored, "E2")
    assert (found.state.value, held.state.value, found.won_on) == ("approved", "live", None)


def test_undo_leaves_the_portal_as_it_was(importing, stored):
    before = everything(stored)
    path = importing.do("crm", *files_of(OWN))
    assert everything(stored) != before
    importing.undo(path)
    assert everything(stored) == before
    assert "rows were taken out" in importing.browser.get(path).text


def test_one_zip_does_as_well_as_several_files(importing):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("README.md", "not a table")
        for name, body in files_of(OWN):
            archive.writestr(f"crm/{name}", body)
    path = importing.do("crm", ("export.zip", packed.getvalue()))
    assert importing.counts(path) == {"new": 18}


def test_a_missing_table_is_named(importing):
    files = [file for file in files_of(OWN) if file[0] != "products.csv"]
    answer = importing.upload("crm", *files)
    assert answer.status_code == 422
    assert "No file holds the products" in answer.text


def test_the_command_line_imports_a_folder(app, cast, stored):
    install(app)
    result = app.test_cli_runner().invoke(args=["imports", "crm", str(REAL)])
    assert result.exit_code == 0, result.output
    assert "0 error" not in result.output
    rows = sum(len(body.splitlines()) - 1 for name, body in files_of(REAL) if "dict" not in name)
    assert f"{rows:,} new" in result.output
    again = app.test_cli_runner().invoke(args=["imports", "crm", str(REAL), "--check"])
    assert f"{rows:,} unchanged" in again.output


def test_every_imported_registration_has_a_page(importing, imported, stored):
    for number in ("W1", "L1", "E1", "E2", "E4", "P1"):
        found, _ = deal(stored, number)
        page = importing.browser.get(f"/deals/{found.ref}")
        assert page.status_code == 200, number
        assert "imported" in page.text.lower(), number
