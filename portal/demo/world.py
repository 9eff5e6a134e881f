"""The vendor, its lines and rules, the companies and their people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from portal.accounts import actions as accounts
from portal.accounts import queries as account_queries
from portal.accounts.actions import CreateUser
from portal.catalogue.models import Line, Product
from portal.db.session import SystemSession
from portal.demo import names
from portal.kernel import refs
from portal.kernel.business import Calendar, office_hours
from portal.kernel.money import Money
from portal.kernel.policy import Role
from portal.kernel.text import fold
from portal.kernel.viewer import Sight, Viewer
from portal.partners.models import Partner, Supply
from portal.partners.rules import PartnerType
from portal.programme.models import DealRulesVersion, Region, Tier
from portal.programme.rules.deal_rules import (
    AutoLimit,
    DealRules,
    LateRule,
    OnConflict,
    WhenLate,
)


@dataclass(slots=True)
class Company:
    id: int
    name: str
    country: str
    currency: str
    manager: str
    sellers: list[Viewer] = field(default_factory=list)

    @property
    def seller(self) -> Viewer:
        """Who sees only what is theirs."""
        return next((s for s in self.sellers if s.sees.sight is Sight.OWN), self.lead)

    @property
    def lead(self) -> Viewer:
        """Who sees all of the company's deals."""
        return next(s for s in self.sellers if s.sees.sight is not Sight.OWN)


@dataclass(slots=True)
class World:
    """What the story needs to go on: who there is, and the source of everything accidental."""

    chance: Random
    password_hash: str
    lines: dict[str, int] = field(default_factory=dict)
    companies: list[Company] = field(default_factory=list)
    staff: dict[str, Viewer] = field(default_factory=dict)
    distributors: dict[int, int] = field(default_factory=dict)

    def ref(self, prefix: str) -> str:
        return refs.make(prefix, self.chance.getrandbits(64))

    def distributor_of(self, company_id: int) -> int | None:
        """From whom a reseller buys; many companies buy from the vendor."""
        return self.distributors.get(company_id)

    def company(self, name: str) -> Company:
        return next(c for c in self.companies if c.name == name)


def found(db: SystemSession, world: World, *, now: dt.datetime) -> None:
    """Write everybody and everything that is there before the first registration."""
    _programme(db, now)
    _catalogue(db, world, now)
    staff = _staff(db, world, now)
    _companies(db, world, staff, now)
    db.flush()
    for handle, user_id in staff.items():
        world.staff[handle] = account_queries.viewer_for(db, user_id)


def _programme(db: SystemSession, now: dt.datetime) -> None:
    db.add_all(Region(created_at=now, code=code, name=name) for code, name in names.REGIONS)
    db.add_all(
        Tier(created_at=now, code=code, name=name, rank=rank)
        for rank, (code, name) in enumerate(names.TIERS, 1)
    )
    rules = DealRules(
        calendar=Calendar(
            zone="Europe/Zurich", shifts=office_hours(9, 17), country="CH", subdivision="ZH"
        ),
        auto_approval=(
            AutoLimit(below=Money(20_000_00, "EUR"), tier="gold"),
            AutoLimit(below=Money(20_000_00, "CHF"), tier="gold"),
            AutoLimit(below=Money(18_000_00, "GBP"), tier="gold"),
        ),
        late=LateRule(consequence=WhenLate.ADD_LATE_TIME),
        on_conflict=OnConflict.REVIEW,
    )
    version = DealRulesVersion(
        created_at=now,
        effective_at=now,
        number=1,
        document=rules.to_dict(),
        user_id=None,
        note="The rules the programme opened with",
    )
    db.add(version)
    db.flush()


def _catalogue(db: SystemSession, world: World, now: dt.datetime) -> None:
    for code, name, family in names.LINES:
        line = Line(created_at=now, code=code, name=name, family=family)
        db.add(line)
        db.flush()
        world.lines[code] = line.id
    for code, name, line_code, price in names.PRODUCTS:
        db.add(
            Product(
                created_at=now,
                code=code,
                name=name,
                line_id=world.lines[line_code],
                list_price_minor=price,
                currency="EUR",
            )
        )


def _staff(db: SystemSession, world: World, now: dt.datetime) -> dict[str, int]:
    return {
        handle: _person(
            db, world, _Somebody(name, f"{handle}@northpeak.example", {Role(role)}), now
        )
        for handle, name, role in names.STAFF
    }


def _companies(db: SystemSession, world: World, staff: dict[str, int], now: dt.datetime) -> None:
    regions = {region.code: region.id for region in db.query(Region)}
    tiers = {tier.code: tier.id for tier in db.query(Tier)}
    by_name: dict[str, int] = {}
    for name, kind, country, region, tier, currency, manager in names.PARTNERS:
        partner = Partner(
            created_at=now,
            ref=world.ref("PA"),
            name=name,
            name_key=fold(name),
            kind=PartnerType(kind),
            domain=_domain(name),
            country=country,
            currency=currency,
            region_id=regions[region],
            tier_id=tiers[tier],
        )
        db.add(partner)
        db.flush()
        by_name[name] = partner.id
        accounts.assign(db, partner_id=partner.id, user_id=staff[manager], now=now)
        company = Company(partner.id, name, country, currency, manager)
        world.companies.append(company)
        _people(db, world, company, PartnerType(kind), now)
    for distributor, resellers in names.BRANCHES.items():
        for reseller in resellers:
            world.distributors[by_name[reseller]] = by_name[distributor]
            db.add(
                Supply(
                    created_at=now,
                    reseller_id=by_name[reseller],
                    distributor_id=by_name[distributor],
                )
            )
    db.flush()
    for company in world.companies:
        sellers = account_queries.people_of(db, company.id, Role.PARTNER_SELLER)
        company.sellers = [account_queries.viewer_for(db, s.user_id) for s in sellers]


def _people(
    db: SystemSession, world: World, company: Company, kind: PartnerType, now: dt.datetime
) -> None:
    """A manager who sells too, one or two sellers, and somebody for finance."""
    domain = _domain(company.name)
    lead = {
        PartnerType.DISTRIBUTOR: {Role.DISTRIBUTOR_MANAGER, Role.PARTNER_SELLER},
    }.get(kind, {Role.PARTNER_MANAGER, Role.PARTNER_SELLER})
    jobs: list[set[Role]] = [lead, {Role.PARTNER_SELLER}]
    if kind is not PartnerType.AGENT:
        jobs.append({Role.PARTNER_FINANCE})
    taken: set[str] = set()
    for roles in jobs:
        first = world.chance.choice([n for n in names.FIRST if n not in taken])
        taken.add(first)
        name = f"{first} {world.chance.choice(names.LAST).replace('_', ' ')}"
        who = _Somebody(name, f"{fold(first)}@{domain}", roles, company.id)
        _person(db, world, who, now)


@dataclass(frozen=True, slots=True)
class _Somebody:
    name: str
    email: str
    roles: set[Role]
    partner_id: int | None = None


def _person(db: SystemSession, world: World, who: _Somebody, now: dt.datetime) -> int:
    command = CreateUser(
        ref=world.ref("PE"),
        email=who.email,
        name=who.name,
        roles=frozenset(who.roles),
        partner_id=who.partner_id,
        password_hash=world.password_hash,
    )
    return accounts.create(db, command, now=now).id


def _domain(name: str) -> str:
    return f"{fold(name).replace(' ', '')}.example"
