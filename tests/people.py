"""The cast.  Nordwind distributes for Alder and Birch; Cedar stands alone; Mara manages Cedar and
Alder; Otto manages Birch and Nordwind; Ada administers; Fritz is finance; Lena is marketing; Ivo
audits.  Each company has a manager, a seller and, at Alder, somebody for finance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Engine

from portal.accounts import actions as accounts
from portal.accounts import queries as account_queries
from portal.accounts.actions import CreateUser
from portal.accounts.rules import hashing
from portal.catalogue.models import Line
from portal.db.session import SystemSession
from portal.kernel import refs
from portal.kernel.policy import Role
from portal.kernel.text import fold
from portal.kernel.viewer import Viewer
from portal.partners.models import Partner, Supply
from portal.partners.rules import PartnerType
from portal.programme.models import Region, Tier
from tests.clock import NOON

PASSWORD = "spruce harbour violet kettle"


@cache
def password_hash() -> str:
    return hashing.hash_password(PASSWORD, salt=b"0123456789abcdef", passes=1)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the cast: sign in with `email` and PASSWORD, look with `viewer`."""

    user_id: int
    email: str
    viewer: Viewer


@dataclass(slots=True)
class Cast:
    partners: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    people: dict[str, Somebody] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Somebody:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


COMPANIES = {
    "nordwind": ("Nordwind Distribution", PartnerType.DISTRIBUTOR, "DE", "gold"),
    "alder": ("Alder Systems", PartnerType.RESELLER, "CH", "gold"),
    "birch": ("Birch IT", PartnerType.VAR, "CH", "silver"),
    "cedar": ("Cedar Networks", PartnerType.RESELLER, "AT", "silver"),
}

PARTNER_PEOPLE = {
    "nora": ("nordwind", {Role.DISTRIBUTOR_MANAGER}),
    "nils": ("nordwind", {Role.PARTNER_SELLER}),
    "alma": ("alder", {Role.PARTNER_MANAGER}),
    "anna": ("alder", {Role.PARTNER_SELLER}),
    "axel": ("alder", {Role.PARTNER_SELLER}),
    "alois": ("alder", {Role.PARTNER_FINANCE}),
    "bea": ("birch", {Role.PARTNER_MANAGER}),
    "bert": ("birch", {Role.PARTNER_SELLER}),
    "carla": ("cedar", {Role.PARTNER_MANAGER}),
    "carl": ("cedar", {Role.PARTNER_SELLER}),
}

STAFF = {
    "mara": {Role.CHANNEL_MANAGER},
    "otto": {Role.CHANNEL_MANAGER},
    "ada": {Role.ADMINISTRATOR},
    "fritz": {Role.FINANCE},
    "lena": {Role.MARKETING_MANAGER},
    "ivo": {Role.AUDITOR},
}

LOOKED_AFTER = {"mara": ("alder", "cedar"), "otto": ("birch", "nordwind")}


def assemble(engine: Engine) -> Cast:
    """Write the cast into an empty database."""
    cast = Cast()
    with SystemSession(engine, expire_on_commit=False) as db:
        _places(db, cast)
        _companies(db, cast)
        _people(db, cast)
        db.commit()
        for name, somebody in cast.people.items():
            viewer = account_queries.viewer_for(db, somebody.user_id)
            cast.people[name] = Somebody(somebody.user_id, somebody.email, viewer)
    return cast


def _places(db: SystemSession, cast: Cast) -> None:
    db.add(Region(created_at=NOON, code="dach", name="DACH"))
    for rank, code in enumerate(("silver", "gold"), 1):
        db.add(Tier(created_at=NOON, code=code, name=code.capitalize(), rank=rank))
    for code, name in (("observe", "Observe"), ("vault", "Vault Backup"), ("shield", "Shield SSO")):
        line = Line(created_at=NOON, code=code, name=name)
        db.add(line)
        db.flush()
        cast.lines[code] = line.id


def _companies(db: SystemSession, cast: Cast) -> None:
    region = db.query(Region).one()
    tiers = {tier.code: tier.id for tier in db.query(Tier)}
    for number, (code, (name, kind, country, tier)) in enumerate(COMPANIES.items(), 1):
        partner = Partner(
            created_at=NOON,
            ref=refs.make("PA", number),
            name=name,
            name_key=fold(name),
            kind=kind,
            domain=f"{code}.example",
            country=country,
            region_id=region.id,
            tier_id=tiers[tier],
        )
        db.add(partner)
        db.flush()
        cast.partners[code] = partner.id
    for reseller in ("alder", "birch"):
        db.add(
            Supply(
                created_at=NOON,
                reseller_id=cast.partners[reseller],
                distributor_id=cast.partners["nordwind"],
            )
        )


def _people(db: SystemSession, cast: Cast) -> None:
    for name, (company, roles) in PARTNER_PEOPLE.items():
        _person(db, cast, name, f"{name}@{company}.example", roles, cast.partners[company])
    for name, roles in STAFF.items():
        _person(db, cast, name, f"{name}@vendor.example", roles, None)
    for name, companies in LOOKED_AFTER.items():
        for company in companies:
            user_id = cast.people[name].user_id
            accounts.assign(db, partner_id=cast.partners[company], user_id=user_id, now=NOON)


def _person(
    db: SystemSession, cast: Cast, name: str, email: str, roles: set[Role], partner: int | None
) -> None:
    command = CreateUser(
        ref=refs.make("PE", 1000 + len(cast.people)),
        email=email,
        name=name.capitalize(),
        roles=frozenset(roles),
        partner_id=partner,
        password_hash=password_hash(),
    )
    user = accounts.create(db, command, now=NOON)
    cast.people[name] = Somebody(user.id, email, None)  # type: ignore[arg-type]
