"""Drafts: a partner's own notes of a deal, which hold no place and which staff do not see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.db.session import ViewerSession
from portal.deals.models import Deal
from portal.deals.queries import record
from portal.deals.rules.lifecycle import DealState
from portal.kernel import text
from portal.kernel.errors import Forbidden, NotFound, Refused, Stale
from portal.kernel.money import Money
from portal.kernel.policy import May, Role
from portal.partners import queries as partner_queries


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """What the register page holds.  `ref` names the draft to change; without it one is made.

    `reseller_id`: a distributor registers for a reseller of its branch.
    """

    new_ref: str
    ref: str | None = None
    version: int | None = None
    bundle: str = ""
    reseller_id: int | None = None
    distributor_id: int | None = None
    customer_name: str = ""
    customer_domain: str = ""
    customer_country: str = ""
    customer_city: str = ""
    customer_tax_id: str = ""
    contact_name: str = ""
    contact_email: str = ""
    line_id: int | None = None
    value: Money | None = None
    closes_on: dt.date | None = None
    activity: str = ""
    note: str = ""
    is_tender: bool = False
    tender_published_on: dt.date | None = None


def save(db: ViewerSession, command: SaveDraft, *, now: dt.datetime) -> Deal:
    """Make or change a draft of the viewer's own.

    Raises Forbidden without a company, NotFound for a foreign draft or company, Stale if it was
    changed or sent meanwhile.
    """
    deal = _made(db, command, now) if command.ref is None else _own_draft(db, command)
    _fill(deal, command)
    deal.updated_at = now
    db.flush()
    return deal


def discard(db: ViewerSession, ref: str, *, now: dt.datetime) -> None:
    """Raises NotFound, Stale if it is no draft any more."""
    deal = record.get_deal(db, ref)
    _check_draft(db, deal)
    db.delete(deal)
    db.flush()


def _made(db: ViewerSession, command: SaveDraft, now: dt.datetime) -> Deal:
    viewer = db.viewer
    if viewer.partner_id is None or not viewer.may(May.DEALS_REGISTER):
        raise Forbidden("Only partners register deals.")
    partner_id, distributor_id = viewer.partner_id, command.distributor_id
    if command.reseller_id is not None and command.reseller_id != partner_id:
        if Role.DISTRIBUTOR_MANAGER not in viewer.roles:
            raise Forbidden("Only a distributor registers for its resellers.")
        with db.as_system("whom this distributor supplies") as system:
            if command.reseller_id not in partner_queries.resellers_of(system, partner_id):
                raise NotFound
        partner_id, distributor_id = command.reseller_id, viewer.partner_id
    deal = Deal(
        created_at=now,
        updated_at=now,
        ref=command.new_ref,
        partner_id=partner_id,
        owner_id=viewer.user_id,
        registered_by_id=viewer.user_id,
        distributor_id=distributor_id,
        bundle=command.bundle,
        state=DealState.DRAFT,
    )
    db.add(deal)
    return deal


def _own_draft(db: ViewerSession, command: SaveDraft) -> Deal:
    assert command.ref is not None
    deal = record.get_deal(db, command.ref)
    _check_draft(db, deal)
    if command.version is not None and command.version != deal.version:
        raise Stale("This draft was changed in another window. Reload to see it.")
    if command.distributor_id is not None or deal.partner_id == db.viewer.partner_id:
        deal.distributor_id = command.distributor_id
    return deal


def _check_draft(db: ViewerSession, deal: Deal) -> None:
    if deal.state is not DealState.DRAFT:
        raise Stale("This was registered meanwhile. Open it to see where it stands.")


def _fill(deal: Deal, command: SaveDraft) -> None:
    deal.customer_name = command.customer_name
    deal.customer_key = text.fold(command.customer_name)
    deal.customer_domain = text.domain_of(command.customer_domain or command.contact_email) or ""
    if text.is_free_mail(deal.customer_domain):
        deal.customer_domain = ""
    deal.customer_country = command.customer_country
    deal.customer_city = command.customer_city
    deal.customer_tax_id = "".join(command.customer_tax_id.split()).upper()
    deal.contact_name = command.contact_name
    deal.contact_email = command.contact_email
    deal.line_id = command.line_id
    if command.value is not None:
        deal.value_minor, deal.currency = command.value.minor, command.value.currency
    deal.closes_on = command.closes_on
    deal.activity = command.activity
    deal.note = command.note
    deal.is_tender = command.is_tender
    deal.tender_published_on = command.tender_published_on


def check_supplier(db: ViewerSession, deal: Deal) -> None:
    """A named distributor supplies this company with this line.  Raises Refused("no_supplier")."""
    if deal.distributor_id is None or deal.line_id is None:
        return
    with db.as_system("who supplies this company") as system:
        found = partner_queries.suppliers_of(system, deal.partner_id, deal.line_id)
    if deal.distributor_id not in {partner_id for partner_id, _ in found}:
        raise Refused(
            "That distributor does not supply this line to you. Choose another one.",
            code="no_supplier",
            field="distributor",
        )
