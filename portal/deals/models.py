"""Tables of registrations: what partners claim, who the customers are, and what is protected."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    column,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, Code, Currency, Document, Id, Line, LongText, Minor, Name
from portal.db.scope import registered, through, unless_vendor, vendor_only
from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.states import ProtectionState, Visibility
from portal.deals.rules.verdict import Outcome

EXCLUSIVE = and_(column("state") == "live", column("is_shared", Boolean) == false())


class Customer(Base):
    """An end customer as the vendor knows it.  Partners never see this table, only their own words.

    `name_key` is the folded name; `profile` what matching keeps of it.  A division or site is a
    customer of its own with a parent.
    """

    __tablename__ = "customers"
    __scope__ = vendor_only()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[Name]
    name_key: Mapped[Name] = mapped_column(index=True)
    domain: Mapped[Name] = mapped_column(default="", index=True)
    country: Mapped[str] = mapped_column(String(2), default="")
    city: Mapped[Name] = mapped_column(default="")
    tax_id: Mapped[Code] = mapped_column(default="", index=True)
    division: Mapped[Name] = mapped_column(default="")
    sector: Mapped[Name] = mapped_column(default="")
    profile: Mapped[LongText] = mapped_column(default="")
    is_named_account: Mapped[bool] = mapped_column(default=False)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)

    __mapper_args__ = {"version_id_col": version}


class CustomerKey(Base):
    """A blocking key of a customer, see `rules.matching`: equal keys make two worth comparing."""

    __tablename__ = "customer_keys"
    __scope__ = vendor_only()
    __table_args__ = ({"sqlite_with_rowid": False},)

    k: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True)


class Deal(Base):
    """One partner's registration of one end customer for one line, from draft to outcome.

    What the partner typed about its customer stands here in its own words; `customer_id` is set by
    the judgement and is the vendor's business.  `received_at` is the place in the queue: given by
    the log when a complete submission commits.  The protection's dates stand in `protections`.
    """

    __tablename__ = "deals"
    __scope__ = registered(partner="partner_id", owner="owner_id", distributor="distributor_id")
    __table_args__ = (
        CheckConstraint("value_minor >= 0", name="value"),
        CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL", name="submitted"),
        CheckConstraint("state <> 'rejected' OR reason <> ''", name="rejected"),
        CheckConstraint("(state = 'information_requested') = (asked_at IS NOT NULL)", name="asked"),
        CheckConstraint("state <> 'won' OR (won_on IS NOT NULL)", name="won"),
        CheckConstraint("state <> 'lost' OR lost_reason <> ''", name="lost"),
        CheckConstraint(
            "state NOT IN ('approved', 'won', 'lost', 'expired', 'released', 'transferred') "
            "OR decided_at IS NOT NULL",
            name="decided",
        ),
        Index("ix_deals_partner_list", "partner_id", "state", "updated_at", "id"),
        Index("ix_deals_owner_list", "owner_id", "updated_at", "id"),
        Index("ix_deals_distributor_list", "distributor_id", "updated_at", "id"),
        Index("ix_deals_queue", "state", "due_at", "id"),
        Index("ix_deals_updated", "updated_at", "id"),
        Index("ix_deals_decided", "decided_at", "id"),
        Index("ix_deals_place", "state", "received_at", "id"),
        Index("ix_deals_subject", "customer_id", "line_id", "state"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    ref: Mapped[str] = mapped_column(String(20), unique=True)

    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id"), index=True)
    bundle: Mapped[str] = mapped_column(String(20), default="", index=True)
    """Linked registrations of one customer for several lines share it."""

    customer_name: Mapped[Name] = mapped_column(default="")
    customer_key: Mapped[Name] = mapped_column(default="", index=True)
    customer_domain: Mapped[Name] = mapped_column(default="")
    customer_country: Mapped[str] = mapped_column(String(2), default="")
    customer_city: Mapped[Name] = mapped_column(default="")
    customer_tax_id: Mapped[Code] = mapped_column(default="")
    contact_name: Mapped[Name] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(String(320), default="")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))

    value_minor: Mapped[Minor] = mapped_column(default=0)
    currency: Mapped[Currency] = mapped_column(default="EUR")
    closes_on: Mapped[dt.date | None]
    activity: Mapped[Line] = mapped_column(default="")
    note: Mapped[LongText] = mapped_column(default="")
    is_tender: Mapped[bool] = mapped_column(default=False)
    tender_published_on: Mapped[dt.date | None]
    stage: Mapped[Code] = mapped_column(default="")
    active_at: Mapped[dt.datetime | None]

    state: Mapped[DealState] = mapped_column(default=DealState.DRAFT)
    last_verb: Mapped[Code] = mapped_column(default="")
    state_before: Mapped[Code] = mapped_column(default="")
    submitted_at: Mapped[dt.datetime | None]
    received_at: Mapped[dt.datetime | None]
    judged_at: Mapped[dt.datetime | None]
    is_waiting: Mapped[bool] = mapped_column(default=False)
    finding: Mapped[Code] = mapped_column(default="")
    """Why a person has to look, by the latest judgement; empty while the claim is clear."""
    due_at: Mapped[dt.datetime | None]
    rules_number: Mapped[int | None]

    holder_asked_at: Mapped[dt.datetime | None]
    """When the partner that stands against this claim was asked whether its deal lives."""

    asked_at: Mapped[dt.datetime | None]
    asked_fields: Mapped[Line] = mapped_column(default="")
    asked_text: Mapped[LongText] = mapped_column(default="")
    answer_due_at: Mapped[dt.datetime | None]

    decided_at: Mapped[dt.datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    reason: Mapped[Code] = mapped_column(default="")
    reason_text: Mapped[LongText] = mapped_column(default="")
    appeal_text: Mapped[LongText] = mapped_column(default="")
    appealed_at: Mapped[dt.datetime | None]

    order_number: Mapped[Code] = mapped_column(default="")
    won_minor: Mapped[int | None] = mapped_column(BigInteger)
    won_on: Mapped[dt.date | None]
    lost_reason: Mapped[Code] = mapped_column(default="")
    closed_at: Mapped[dt.datetime | None]
    is_history: Mapped[bool] = mapped_column(default=False)
    """Imported with asserted dates: no place, no mail, no commission."""

    __mapper_args__ = {"version_id_col": version}


class Protection(Base):
    """A customer and line held for one registration.  At most one is live: the database sees to it.

    The period is [starts_at, ends_at).  Ended ones stay, with their cause.  A shared one stands
    beside another partner's and keeps nobody out: of those there may be several.
    """

    __tablename__ = "protections"
    __scope__ = through("deal_id", Deal)
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="period"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        Index(
            "uq_protections_one_live",
            "customer_id",
            "line_id",
            unique=True,
            sqlite_where=EXCLUSIVE,
            postgresql_where=EXCLUSIVE,
        ),
        Index("ix_protections_ending", "state", "ends_at", "id"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"))
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"), index=True)
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    state: Mapped[ProtectionState] = mapped_column(default=ProtectionState.LIVE)
    is_shared: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[dt.datetime | None]
    cause: Mapped[Code] = mapped_column(default="")
    extensions: Mapped[int] = mapped_column(default=0)
    reminded: Mapped[Code] = mapped_column(default="")

    __mapper_args__ = {"version_id_col": version}


class Judgement(Base):
    """What the rules found on a claim, and what a person decided: kept whole, for the vendor.

    `document` is the written `verdict.Decision` with its path.  Nothing is overwritten: every
    judgement and every decision is a row.  `is_choice`: the customer chose this partner, by letter.
    """

    __tablename__ = "judgements"
    __scope__ = vendor_only()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    rules_number: Mapped[int]
    outcome: Mapped[Outcome]
    is_override: Mapped[bool] = mapped_column(default=False)
    is_choice: Mapped[bool] = mapped_column(default=False)
    is_undone: Mapped[bool] = mapped_column(default=False)
    reason_text: Mapped[LongText] = mapped_column(default="")
    document: Mapped[Document]


class Likeness(Base):
    """Another customer that a claim's customer may be, with the matcher's reasons; for staff."""

    __tablename__ = "likenesses"
    __scope__ = vendor_only()
    __table_args__ = (UniqueConstraint("deal_id", "customer_id"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    score: Mapped[int]
    is_exact: Mapped[bool]
    is_settled: Mapped[bool] = mapped_column(default=False)
    """A person said that they are two."""
    reasons: Mapped[Document]


class Opportunity(Base):
    """An opportunity the vendor itself works on, which stands against a claim."""

    __tablename__ = "opportunities"
    __scope__ = vendor_only()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    closed_at: Mapped[dt.datetime | None]


class Purchase(Base):
    """What a customer bought, for the look-back."""

    __tablename__ = "purchases"
    __scope__ = vendor_only()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    bought_on: Mapped[dt.date]


class Message(Base):
    """A comment on a registration: between partner and vendor, or among the vendor's staff."""

    __tablename__ = "deal_messages"
    __scope__ = unless_vendor(through("deal_id", Deal), "visibility", Visibility.BOTH)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    visibility: Mapped[Visibility]
    body: Mapped[LongText]


class Sighting(Base):
    """Somebody of the vendor looked at a registration; its owner may see who and when."""

    __tablename__ = "deal_sightings"
    __scope__ = through("deal_id", Deal)
    __table_args__ = (Index("ix_deal_sightings_deal", "deal_id", "seen_at"),)

    id: Mapped[Id]
    seen_at: Mapped[dt.datetime]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
