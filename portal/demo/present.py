"""What waits today: a queue with every kind of case in it, and protections about to end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial

from portal.deals.actions import decisions, drafts, intake, judging
from portal.deals.actions.decisions import Approve
from portal.deals.actions.drafts import SaveDraft
from portal.deals.queries import judging as queries
from portal.demo.history import Story
from portal.demo.world import World
from portal.kernel.money import Money
from portal.web.services import Services


@dataclass(frozen=True, slots=True)
class Scene:
    """One registration of today's story, `hours` ago."""

    company: str
    customer: str
    country: str
    line: str
    value: int
    hours: float
    contact: str = "Reto Frei"
    activity: str = "Demo held on site"
    domain: str = ""


PROTECTED_BEFORE = [
    Scene(
        "Nordlicht Systems",
        "Helvetia Logistics AG",
        "CH",
        "observe-enterprise",
        61_000,
        24 * 76,
        "Petra Lang",
    ),
    Scene("Rheinwerk Daten", "Falkenstein Pharma GmbH", "DE", "vault-backup", 44_000, 24 * 88),
    Scene("Alpenblick IT", "Calanda Clinics AG", "CH", "observe-enterprise", 132_000, 24 * 62),
    Scene("Fjordline Systems", "Solberg Shipping AS", "NO", "shield-sso", 27_500, 24 * 79),
    Scene(
        "Hexacode",
        "Northgate City Council",
        "GB",
        "vault-backup",
        58_000,
        24 * 40,
        domain="northgatecity.example",
    ),
]
"""Approved weeks ago; some end within days, one is contested today."""

WAITING = [
    Scene("Alpenblick IT", "Bergmann Maschinenbau GmbH", "DE", "observe-enterprise", 186_000, 122),
    Scene("Fjordline Systems", "Tillväxt Energi AB", "SE", "vault-backup", 42_500, 121),
    Scene("Alpenblick IT", "Helvetia Logistik", "CH", "observe-enterprise", 248_000, 120),
    Scene("Brisa Tecnología", "Casa Moreno Hoteles SL", "ES", "observe-team", 31_200, 96),
    Scene("Pennine Managed IT", "Northgate Council", "GB", "observe-enterprise", 312_000, 95),
    Scene("Hexacode", "Lumen Diagnostics Ltd", "GB", "vault-backup", 77_900, 74),
    Scene("Brisa Tecnología", "Porto Azul Shipping Lda", "PT", "shield-sso", 26_400, 72),
    Scene("Pennine Managed IT", "Kestrel Aerospace Ltd", "GB", "observe-enterprise", 118_500, 49),
    Scene("Laagland Cloud", "Vandervelde Foods NV", "BE", "vault-backup", 154_000, 26),
    Scene("Skog & Data", "Baltic Grain Terminal AB", "SE", "observe-team", 48_750, 20),
    Scene("Tejo Sistemas", "Granada Ceramics SL", "ES", "vault-backup", 65_300, 6),
    Scene("Birch IT", "Rothorn Railways AG", "CH", "observe-enterprise", 203_000, 3),
]


def arrange(story: Story) -> None:
    """Put every scene at its time into the story."""
    services, world, now = story.services, story.world, story.now
    for scene in PROTECTED_BEFORE:
        at = now - dt.timedelta(hours=scene.hours)
        story.add_scene(at, partial(_protected, services, world, scene, at))
    for scene in WAITING:
        at = now - dt.timedelta(hours=scene.hours)
        story.add_scene(at, partial(_register, services, world, scene, at))
    story.add_scene(now - dt.timedelta(hours=2), partial(_draft, services, world, now))


def _protected(services: Services, world: World, scene: Scene, at: dt.datetime) -> None:
    ref = _register(services, world, scene, at)
    manager = world.staff[world.company(scene.company).manager]
    with services.viewer_session(manager, writes=True) as db:
        decisions.approve(db, ref, Approve(version=None), now=at + dt.timedelta(minutes=20))
        db.commit()


def _command(world: World, scene: Scene, at: dt.datetime) -> SaveDraft:
    company = world.company(scene.company)
    stem = "".join(c for c in scene.customer.lower().split(" ")[0] if c.isalnum())
    domain = scene.domain or f"{stem}-{scene.country.lower()}.example"
    first, _, last = scene.contact.lower().partition(" ")
    return SaveDraft(
        new_ref=world.ref("DR"),
        customer_name=scene.customer,
        customer_domain=domain,
        customer_country=scene.country,
        contact_name=scene.contact,
        contact_email=f"{first}.{last}@{domain}",
        line_id=world.lines[scene.line],
        value=Money(scene.value * 100, company.currency),
        closes_on=(at + dt.timedelta(days=120)).date(),
        activity=scene.activity,
    )


def _register(services: Services, world: World, scene: Scene, at: dt.datetime) -> str:
    command = _command(world, scene, at)
    with services.viewer_session(world.company(scene.company).seller, writes=True) as db:
        drafts.save(db, command, now=at)
        intake.submit(db, command.new_ref, version=None, now=at)
        db.commit()
    with services.system_session() as system:
        deal_id = queries.id_of(system, command.new_ref)
        judging.judge_claim(system, deal_id, now=at + dt.timedelta(seconds=5))
        system.commit()
    return command.new_ref


def _draft(services: Services, world: World, now: dt.datetime) -> None:
    """A draft that somebody left open this morning."""
    scene = replace(WAITING[1], customer="Kronberg Insurance AG", country="CH")
    with services.viewer_session(world.company(scene.company).seller, writes=True) as db:
        at = now - dt.timedelta(hours=2)
        command = _command(world, scene, at)
        drafts.save(db, replace(command, activity="", closes_on=None), now=at)
        db.commit()
