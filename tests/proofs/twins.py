"""Two worlds in which Anna does the same and only her rivals do otherwise.

All that is random is drawn from (who acts, how often they did), and the clock moves with Anna's
own steps, so that whatever differs between the worlds was told to her by the portal.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from flask import Blueprint
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts import actions as accounts
from portal.app import create_app, make_services
from portal.config import Config
from portal.db.engine import build_engines
from portal.db.outbox import Letter
from portal.deals.actions import decisions, intake
from portal.deals.actions.decisions import Approve
from portal.deals.jobs import judge_due
from portal.deals.models import Deal
from portal.kernel import refs
from portal.kernel.errors import PortalError
from portal.web.sessions import hashed
from tests import people
from tests.clock import NOON, HandClock
from tests.deals.registering import draft, register
from tests.people import Cast, Somebody
from tests.policy import routes
from tests.proofs.crawling import TOKEN

CUSTOMERS = 3
FOREIGN = refs.make("DR", 2**39 + 1)
Step = tuple[str, int]
Answer = tuple[int, tuple[tuple[str, str], ...], bytes]


@dataclass
class World:
    """One database, one portal, and Anna's browser in it."""

    folder: Path
    cast: Cast = field(default_factory=Cast)
    clock: HandClock = field(default_factory=HandClock)
    acting: str = "anna"
    drawn: Counter[str] = field(default_factory=Counter)
    mine: list[str] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)

    def open(self, template: Path, extra: Blueprint | None) -> None:
        path = self.folder / "twin.db"
        shutil.copy(template, path)
        self.services = make_services(
            Config(data=str(self.folder), secret_key="x" * 32, password_cost=1, hosts="localhost"),
            engines=build_engines(f"sqlite:///{path}", fast_unsafe=True),
            clock=self.clock,
            new_ref=self.new_ref,
            new_token=lambda: f"{self.new_ref('DR')}{'x' * 32}",
        )
        self.cast = people.assemble(self.services.engines.write)
        self.app = create_app(self.services)
        if extra is not None:
            self.app.register_blueprint(extra)
        self.browser = FlaskClient(self.app, self.app.response_class)
        self.browser.set_cookie("session", self._sign_in(self.cast.anna))
        viewer = self.cast.anna.viewer
        self.pages = [
            route.path
            for route in routes(self.app)
            if route.method == "GET"
            and not route.arguments
            and not route.path.endswith((".xlsx", "/healthz", "/styleguide"))
            and (route.policy.needs is None or viewer.may(route.policy.needs))
        ]

        self.services.engines.dispose()  # folds the WAL into the file
        shutil.copy(path, self.folder / "start.db")

    def begin(self) -> None:
        """Everything as it was when the world was opened."""
        self.services.engines.dispose()
        shutil.copy(self.folder / "start.db", self.folder / "twin.db")
        self.clock.now = NOON
        self.drawn.clear()
        self.mine.clear()
        self.theirs.clear()

    def new_ref(self, prefix: str) -> str:
        self.drawn[self.acting] += 1
        text = f"{self.acting}:{self.drawn[self.acting]}"
        return refs.make(prefix, int.from_bytes(hashlib.sha256(text.encode()).digest()[:5]))

    def _sign_in(self, somebody: Somebody) -> str:
        command = accounts.OpenSession(
            token_hash=hashed("anna's session"),
            data={"_user_id": str(somebody.user_id), "_fresh": True, "csrf_token": "c" * 40},
            user_id=somebody.user_id,
            address="127.0.0.1",
            agent="test",
            fresh_at=self.clock(),
        )
        with self.services.system_session() as db:
            accounts.open_session(db, command, now=self.clock())
            db.commit()
        return "anna's session"

    def do(self, who: str, step: Step) -> None:
        """One step of Anna's or of her rival Carl's; what the rules refuse is left undone."""
        verb, number = step
        self.acting = who
        somebody, claims = getattr(self.cast, who), self.mine if who == "anna" else self.theirs
        try:
            match verb:
                case "register":
                    claims.append(register(self.services, somebody, self._draft(number)))
                case "withdraw" if claims:
                    with self.services.viewer_session(somebody.viewer, writes=True) as db:
                        intake.withdraw(db, claims[number % len(claims)], now=self.clock())
                        db.commit()
                case "approve" if claims:
                    self.acting = "mara"
                    ref = claims[number % len(claims)]
                    with self.services.viewer_session(self.cast.mara.viewer, writes=True) as db:
                        decisions.approve(db, ref, Approve(version=None), now=self.clock())
                        db.commit()
                case "wait":
                    self.clock.pass_(seconds=10)
                    judge_due(self.services, self.clock())
                case _:
                    pass
        except PortalError:
            pass
        self.acting = "anna"

    def _draft(self, number: int):
        name = ("Helvetia Logistics", "Borealis Dairy", "Quarzwerk Tor")[number % CUSTOMERS]
        return draft(
            self.cast,
            new_ref=self.new_ref("DR"),
            customer_name=name,
            customer_domain=f"{name.replace(' ', '-').lower()}.example",
            contact_email="",
        )

    def released(self) -> list[tuple[str, str, str]]:
        """What may differ: the decision on Anna's own claims, by state and pooled reason."""
        query = select(Deal.ref, Deal.state, Deal.reason).where(Deal.ref.in_(self.mine))
        with self.services.system_session(writes=False) as db:
            return sorted((ref, state.value, reason) for ref, state, reason in db.execute(query))

    def look(self, path: str) -> Answer:
        answer = self.browser.get(path)
        headers = tuple((key, value) for key, value in answer.headers if key != "Date")
        return answer.status_code, headers, TOKEN.sub(b"TOKEN", answer.data)

    def letters(self) -> list[tuple[str, str]]:
        """Mail to Anna, as it stands in the outbox."""
        query = select(Letter.template, Letter.facts).where(
            Letter.user_id == self.cast.anna.user_id
        )
        with self.services.system_session(writes=False) as db:
            return [(t, str(sorted(f.items()))) for t, f in db.execute(query.order_by(Letter.id))]


def pair(template: Path, folder: Path, leak: Blueprint | None = None) -> tuple[World, World]:
    """Two worlds that are alike, both with the leak if there is one."""
    worlds = World(folder / "without"), World(folder / "with")
    for world in worlds:
        world.folder.mkdir()
        world.open(template, leak)
    return worlds


def difference(worlds: tuple[World, World], seed: int, *, is_leaky: bool = False) -> str | None:
    """What Anna can tell the two worlds of `seed` apart by, or None."""
    draw = random.Random(seed)
    verbs = ("register", "register", "withdraw", "approve", "wait", "wait")
    script = [(draw.choice(verbs), draw.randrange(CUSTOMERS)) for _ in range(5)]
    rivals = [
        [(draw.choice(verbs[:4]), draw.randrange(CUSTOMERS)) for _ in range(draw.randrange(3))]
        for _ in script
    ]
    for world in worlds:
        world.begin()
    for step, theirs in zip(script, rivals, strict=True):
        for each in theirs:
            worlds[1].do("carl", each)
        for world in worlds:
            world.do("anna", step)
        if worlds[0].released() != worlds[1].released():
            return None
        found = _compared(worlds, draw, is_leaky=is_leaky)
        if found is not None:
            return f"seed {seed}, after {step}: {found}"
    return None


def _compared(worlds: tuple[World, World], draw: random.Random, *, is_leaky: bool) -> str | None:
    one, other = worlds
    own = [f"/deals/{ref}" for ref in one.mine]
    paths = [draw.choice(one.pages), draw.choice(one.pages), *own[-1:], f"/deals/{FOREIGN}"]
    if is_leaky:
        theirs = other.theirs[-1] if other.theirs else FOREIGN
        paths = [f"/leak?ref={theirs}"]
    for path in paths:
        if one.look(path) != other.look(path):
            return path
    return None if one.letters() == other.letters() else "letters"
