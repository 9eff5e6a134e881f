"""`flask demo …`: telling the story into an empty database, and who can sign in to see it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass, replace
from random import Random
from typing import ClassVar

import click
from flask.cli import AppGroup
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.accounts.models import User, UserRole
from portal.accounts.rules import hashing
from portal.db import events, schema
from portal.db.engine import Engines, build_engines
from portal.db.events import Entry
from portal.db.session import SystemSession
from portal.deals.models import Deal
from portal.demo import collateral, money, present
from portal.demo.history import Story
from portal.demo.world import World
from portal.demo.world import found as world_is_founded
from portal.kernel.event import Event
from portal.kernel.policy import Role
from portal.partners.models import Partner
from portal.web.services import Services, services

demo = AppGroup("demo", help="The demo story.")

PASSWORD = "violet harbour kettle spruce"
SEED, DEALS = 1, 1_500
SPAN = dt.timedelta(days=2 * 365)
HERO = "Alpenblick IT"
"""The company whose people the sign-ins belong to where there is a choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTold(Event):
    """The last entry of a story that was told to its end."""

    kind: ClassVar[str] = "demo.told"
    subject: ClassVar[str] = "demo"
    is_shown: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class SignIn:
    """One person of the story for each role."""

    role: str
    email: str
    password: str
    company: str


def is_told(found: Services) -> bool:
    """Whether there are people in the database, whoever put them there."""
    with found.system_session(writes=False) as db:
        return bool(db.scalar(select(func.count(User.id))))


def is_demo(found: Services) -> bool:
    """Whether the database holds the story."""
    with found.system_session(writes=False) as db:
        return bool(db.scalar(select(User.id).where(User.email == "ada@northpeak.example")))


def is_cut_off(found: Services) -> bool:
    """Whether the story was begun and somebody stopped it before its end."""
    with found.system_session(writes=False) as db:
        is_told_out = select(Entry.id).where(Entry.kind == StoryTold.kind).limit(1)
        return is_demo(found) and db.scalar(is_told_out) is None


def load(found: Services, *, deals: int = DEALS, engines: Engines | None = None) -> int:
    """Tell the story up to now; returns how many registrations it has.

    The database is filled without waiting for the disk: one that is cut off is told anew.
    """
    now = found.clock()
    own = engines or build_engines(found.config.database, fast_unsafe=True)
    swift = replace(found, engines=own, wiring=money.WIRING)
    hashed = hashing.hash_password(PASSWORD, salt=b"the demo's salt.", passes=1)
    world = World(Random(SEED), hashed)
    with swift.system_session() as db:
        world_is_founded(db, world, now=now - SPAN)
        money.found(db, world, since=now - SPAN, until=now)
        db.commit()
    story = Story(swift, world, now=now)
    present.arrange(story)
    story.tell(deals=deals, since=now - SPAN + dt.timedelta(days=1))
    money.tell(swift, now=now)
    collateral.shelve(found, world.staff["lena"], now=now)
    with swift.system_session() as db:
        events.publish(db, StoryTold(subject_id=1, partner_id=None), now=now)
        db.commit()
    schema.analyze(own.write)
    with swift.system_session(writes=False) as db:
        told = db.scalar(select(func.count(Deal.id))) or 0
    if engines is None:
        own.dispose()
    return told


def sign_ins(found: Services) -> list[SignIn]:
    with found.system_session(writes=False) as db:
        return [who for role in Role for who in _somebody(db, role, found.config.vendor)]


def _somebody(db: SystemSession, role: Role, vendor: str) -> list[SignIn]:
    held = aliased(UserRole)
    roles_held = select(func.count(held.id)).where(held.user_id == User.id).scalar_subquery()
    query = (
        select(User.email, Partner.name)
        .join(UserRole, UserRole.user_id == User.id)
        .outerjoin(Partner, Partner.id == User.partner_id)
        .where(UserRole.role == role)
        .order_by((Partner.name != HERO), roles_held, User.id)
        .limit(1)
    )
    return [
        SignIn(role.value, email, PASSWORD, company or vendor)
        for email, company in db.execute(query)
    ]


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing if the database holds people.")
@click.option("--deals", default=DEALS, show_default=True)
def load_command(*, if_empty: bool, deals: int) -> None:
    """Tell the demo story into an empty database."""
    found = services()
    if is_told(found):
        if if_empty:
            return
        raise click.ClickException("The database holds people. `flask demo reset` starts over.")
    tell_aloud(found, deals)


def tell_aloud(found: Services, deals: int = DEALS) -> None:
    click.echo("Telling the demo story: 40 partners, two years of registrations …")
    told = load(found, deals=deals)
    click.echo(f"Told {told:,} registrations.")


@demo.command("reset")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(*, yes: bool) -> None:
    """Forget everything and tell the story anew, from today."""
    found = services()
    if found.config.is_production:
        raise click.ClickException("Not in production: this forgets everything.")
    if not is_demo(found) and is_told(found) and not yes:
        click.confirm("The database does not hold the demo story. Forget it all?", abort=True)
    schema.remake(found.engines)
    tell_aloud(found)


@demo.command("sign-ins")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def sign_ins_command(*, as_json: bool) -> None:
    """One sign-in for each role."""
    found = sign_ins(services())
    if as_json:
        click.echo(json.dumps([asdict(who) for who in found], indent=2))
    else:
        print_sign_ins(found)


def print_sign_ins(found: list[SignIn]) -> None:
    click.echo(f"Sign in with the password  {PASSWORD}")
    for who in found:
        click.echo(f"  {Role(who.role).label:<20} {who.email:<36} {who.company}")
