"""Every change to partner companies.  One function per verb; none commits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

from sqlalchemy import delete, select

from portal.db import events
from portal.db.session import SystemSession, ViewerSession
from portal.kernel.errors import Refused, Stale
from portal.kernel.policy import Role
from portal.kernel.text import fold
from portal.partners import rules
from portal.partners.models import Partner, PartnerNote, Supply
from portal.partners.rules import PartnerState, PartnerType
from portal.partners.rules.events import (
    MOVED,
    NoteAdded,
    PartnerChanged,
    PartnerCreated,
    SuppliersChanged,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePartner:
    """`ref` comes from outside: nothing below the doors makes randomness."""

    ref: str
    name: str
    kind: PartnerType
    domain: str = ""
    country: str = ""
    currency: str = "EUR"
    region_id: int | None = None
    tier_id: int | None = None
    state: PartnerState = PartnerState.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPartner:
    """Everything the vendor keeps about a company.  `version` is the one that was read."""

    version: int
    name: str
    kind: PartnerType
    domain: str
    country: str
    currency: str
    region_id: int | None
    tier_id: int | None
    languages: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditContact:
    """What a company says about itself.  `version` is the one that was read."""

    version: int
    contact_name: str
    contact_email: str
    contact_phone: str
    website: str
    address: str
    languages: str


def create(db: SystemSession, command: CreatePartner, *, now: dt.datetime) -> Partner:
    """Raises Refused("domain_taken"), Refused("domain_format"), Refused("free_mail")."""
    domain = rules.company_domain(command.domain)
    _check_domain(db, domain, None)
    partner = Partner(
        created_at=now,
        ref=command.ref,
        name=command.name,
        name_key=fold(command.name),
        kind=command.kind,
        state=command.state,
        domain=domain,
        country=command.country,
        currency=command.currency,
        region_id=command.region_id,
        tier_id=command.tier_id,
    )
    db.add(partner)
    db.flush()
    created = PartnerCreated(
        subject_id=partner.id, partner_id=partner.id, ref=partner.ref, type=partner.kind
    )
    events.publish(db, created, now=now)
    return partner


def edit(db: SystemSession, partner: Partner, command: EditPartner, *, now: dt.datetime) -> None:
    """Raises Stale, Refused("domain_taken"), Refused("domain_format"), Refused("free_mail")."""
    domain = rules.company_domain(command.domain)
    _check_domain(db, domain, partner.id)
    _change(db, partner, command, now=now, domain=domain, name_key=fold(command.name))


def edit_contact(
    db: ViewerSession | SystemSession, partner: Partner, command: EditContact, *, now: dt.datetime
) -> None:
    """Raises Stale."""
    _change(db, partner, command, now=now)


def _change(
    db: ViewerSession | SystemSession,
    partner: Partner,
    command: EditPartner | EditContact,
    *,
    now: dt.datetime,
    **derived: str,
) -> None:
    if partner.version != command.version:
        raise Stale("Somebody changed this company in the meantime. Open it again.")
    wanted = {f.name: getattr(command, f.name) for f in fields(command) if f.name != "version"}
    wanted |= derived
    changes = {
        name: (str(getattr(partner, name) or ""), str(value or ""))
        for name, value in wanted.items()
        if (getattr(partner, name) or "") != (value or "") and name != "name_key"
    }
    if not changes:
        return
    for name, value in wanted.items():
        setattr(partner, name, value)
    db.flush()
    changed = PartnerChanged(subject_id=partner.id, partner_id=partner.id, changes=changes)
    events.publish(db, changed, now=now)


def _check_domain(db: SystemSession, domain: str, partner_id: int | None) -> None:
    taken = select(Partner.name).where(
        Partner.domain == domain, Partner.id != (partner_id or 0), Partner.domain != ""
    )
    name = db.scalar(taken)
    if name is not None:
        raise Refused(
            f"{name} has this domain. Work with that company, or leave the domain empty.",
            code="domain_taken",
            field="domain",
        )


def move(
    db: ViewerSession,
    partner: Partner,
    verb: str,
    *,
    reason: str,
    roles: frozenset[Role],
    now: dt.datetime,
) -> None:
    """Admit, suspend, resume or end a company, by `rules.LIFE`.

    Its people are signed out by whoever is wired to the event.  Raises Forbidden, Stale.
    """
    partner.state = rules.LIFE.after(verb, partner.state, roles)
    db.flush()
    moved = MOVED[verb](subject_id=partner.id, partner_id=partner.id, reason=reason)
    events.publish(db, moved, now=now)


def set_suppliers(
    db: SystemSession, partner: Partner, supplier_ids: frozenset[int], *, now: dt.datetime
) -> None:
    """Who supplies a company with every line.  Suppliers of single lines stay as they are.

    Raises Refused("not_a_supplier").
    """
    chosen = list(db.scalars(select(Partner).where(Partner.id.in_(supplier_ids))))
    rules.check_suppliers(partner.kind, (supplier.kind for supplier in chosen))
    mine = (Supply.reseller_id == partner.id) & Supply.line_id.is_(None)
    before = set(db.scalars(select(Supply.distributor_id).where(mine)))
    if before == supplier_ids:
        return
    db.execute(delete(Supply).where(mine, Supply.distributor_id.not_in(supplier_ids)))
    db.add_all(
        Supply(created_at=now, reseller_id=partner.id, distributor_id=supplier_id)
        for supplier_id in sorted(supplier_ids - before)
    )
    db.flush()
    named = select(Partner.id, Partner.name).where(Partner.id.in_(before | supplier_ids))
    names = {row.id: row.name for row in db.execute(named)}
    changed = SuppliersChanged(
        subject_id=partner.id,
        partner_id=partner.id,
        before=tuple(sorted(names[n] for n in before)),
        after=tuple(sorted(names[n] for n in supplier_ids)),
    )
    events.publish(db, changed, now=now)


def add_note(db: ViewerSession, partner: Partner, text: str, *, now: dt.datetime) -> None:
    """A note that only staff read."""
    note = PartnerNote(created_at=now, partner_id=partner.id, user_id=db.viewer.user_id, text=text)
    db.add(note)
    db.flush()
    added = NoteAdded(subject_id=partner.id, partner_id=partner.id, note_id=note.id)
    events.publish(db, added, now=now)
