"""Two years of registrations, day by day, through the same actions that people use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from portal.db.session import SystemSession, ViewerSession
from portal.deals.actions import decisions, drafts, intake, judging, outcomes
from portal.deals.actions.decisions import REASONS, Approve, Ask, Reject
from portal.deals.actions.drafts import SaveDraft
from portal.deals.actions.intake import Answer
from portal.deals.actions.outcomes import Extend, Win
from portal.deals.queries import judging as queries
from portal.deals.queries import record
from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.words import LOST_REASONS
from portal.demo import names
from portal.demo.world import Company, World
from portal.kernel.errors import PortalError
from portal.kernel.money import Money
from portal.kernel.text import fold
from portal.kernel.viewer import Viewer
from portal.web.services import Services

SEASONS = (0.8, 0.9, 1.2, 0.9, 1.0, 1.2, 0.6, 0.5, 1.3, 1.1, 1.2, 1.0)
"""How lively each month is: summers are quiet, quarters end busy."""

TYPICAL = {
    "observe-team": 14_000,
    "observe-enterprise": 120_000,
    "vault-backup": 36_000,
    "shield-sso": 16_000,
}


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    domain: str
    country: str


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """Something that will be done to a registration at an instant."""

    at: dt.datetime
    number: int
    verb: str
    ref: str
    company: str


class Story:
    """Tells history in order of time; what is decided today is acted on later."""

    def __init__(self, services: Services, world: World, *, now: dt.datetime) -> None:
        self.services = services
        self.world = world
        self.now = now
        self.acts: list[Act] = []
        self.scenes: list[Callable[[], object]] = []
        self.numbers = count()
        self.customers = list(_customers(world))
        self.diligence = {
            company.name: world.chance.uniform(0.55, 0.95) for company in world.companies
        }

    def tell(self, *, deals: int, since: dt.datetime) -> None:
        """Register about `deals` times between `since` and now, and do all that follows."""
        for at in self._instants(deals, since):
            company = self.world.chance.choice(self._active())
            self._plan(at, "register", "", company.name)
        while self.acts and self.acts[0].at <= self.now:
            self._do(heappop(self.acts))

    def add_scene(self, at: dt.datetime, play: Callable[[], object]) -> None:
        """Something told in detail, when its time comes."""
        self._plan(at, "scene", str(len(self.scenes)), "")
        self.scenes.append(play)

    def _scene(self, act: Act) -> None:
        self.scenes[int(act.ref)]()

    def _instants(self, deals: int, since: dt.datetime) -> list[dt.datetime]:
        chance, span = self.world.chance, (self.now - since).total_seconds()
        instants: list[dt.datetime] = []
        while len(instants) < deals:
            at = since + dt.timedelta(seconds=chance.random() * span)
            if at.weekday() < 5 and chance.random() < SEASONS[at.month - 1] / 1.3:
                at = at.replace(hour=chance.randint(7, 16), minute=chance.randint(0, 59))
                if at < self.now:
                    instants.append(at)
        return sorted(instants)

    def _active(self) -> list[Company]:
        """Sellers by how much they sell: a few do most of it."""
        weighted = []
        for rank, company in enumerate(self.world.companies):
            weighted += [company] * (1 + (rank * 7919) % 5)
        return weighted

    def _plan(self, at: dt.datetime, verb: str, ref: str, company: str) -> None:
        heappush(self.acts, Act(at, next(self.numbers), verb, ref, company))

    def _later(self, at: dt.datetime, low: float, high: float) -> dt.datetime:
        return at + dt.timedelta(days=self.world.chance.uniform(low, high))

    def _do(self, act: Act) -> None:
        """One act, in a transaction of its own; when a rule says no, the story goes on."""
        try:
            getattr(self, f"_{act.verb}")(act)
        except PortalError:
            return

    def _register(self, act: Act) -> None:
        company = self.world.company(act.company)
        seller = self.world.chance.choice(company.sellers)
        command = self._draft(company, act.at)
        with self._as(seller) as db:
            deal = drafts.save(db, command, now=act.at - dt.timedelta(minutes=3))
            intake.submit(db, deal.ref, version=None, now=act.at)
            db.commit()
        with self._system() as db:
            deal_id = queries.id_of(db, command.new_ref)
            judging.judge_claim(db, deal_id, now=act.at + dt.timedelta(seconds=5))
            db.commit()
        slow = 0.15 if company.manager == "maya" else 0.35
        days = self.world.chance.expovariate(1 / (0.5 + slow))
        decided = act.at + dt.timedelta(days=min(days, 9), minutes=11)
        verb = "ask" if self.world.chance.random() < 0.06 else "decide"
        self._plan(decided, verb, command.new_ref, act.company)

    def _draft(self, company: Company, at: dt.datetime) -> SaveDraft:
        chance = self.world.chance
        customer = self._customer(company)
        line = chance.choice(list(TYPICAL))
        value = round(TYPICAL[line] * chance.lognormvariate(0, 0.6), -2)
        contact = f"{chance.choice(names.FIRST)}.{chance.choice(names.LAST)}".replace("_", "")
        return SaveDraft(
            new_ref=self.world.ref("DR"),
            customer_name=customer.name,
            customer_domain=customer.domain,
            customer_country=customer.country,
            contact_email=f"{fold(contact).replace(' ', '.')}@{customer.domain}",
            contact_name=contact.replace(".", " "),
            line_id=self.world.lines[line],
            distributor_id=self.world.distributor_of(company.id),
            value=Money(int(max(value, 1_500)) * 100, company.currency),
            closes_on=(at + dt.timedelta(days=chance.randint(30, 200))).date(),
            activity=chance.choice(names.ACTIVITIES),
        )

    def _customer(self, company: Company) -> Customer:
        """Mostly at home; rivals of one country meet at the same customers now and then."""
        near = [c for c in self.customers if c.country == company.country]
        return self.world.chance.choice(near)

    def _ask(self, act: Act) -> None:
        ask = Ask(version=None, fields=("activity",), text="What has been done so far?")
        with self._as(self._manager(act)) as db:
            decisions.request_information(db, act.ref, ask, now=act.at)
            db.commit()
        answered = self._later(act.at, 0.2, 2)
        self._plan(answered, "answer", act.ref, act.company)

    def _answer(self, act: Act) -> None:
        command = Answer(text="", values={"activity": self.world.chance.choice(names.ACTIVITIES)})
        with self._as(self._owner(act)) as db:
            intake.answer(db, act.ref, command, now=act.at)
            db.commit()
        with self._system() as db:
            judging.judge_claim(db, queries.id_of(db, act.ref), now=act.at)
            db.commit()
        self._plan(self._later(act.at, 0.1, 1), "decide", act.ref, act.company)

    def _decide(self, act: Act) -> None:
        state = self._state(act.ref)
        if state is DealState.APPROVED:
            self._plan_outcome(act)
            return
        is_good = self.world.chance.random() < 0.55 + 0.4 * self.diligence[act.company]
        is_good = is_good and not self._is_contested(act.ref)
        with self._as(self._manager(act)) as db:
            if is_good:
                decisions.approve(db, act.ref, Approve(version=None), now=act.at)
            else:
                reason = self.world.chance.choice([r for r in REASONS if r != "other"])
                why = Reject(version=None, reason=reason, text="")
                decisions.reject(db, act.ref, why, now=act.at)
            db.commit()
        if is_good:
            self._plan_outcome(act)

    def _is_contested(self, ref: str) -> bool:
        with self._system() as db:
            return queries.is_contested(db, queries.id_of(db, ref))

    def _plan_outcome(self, act: Act) -> None:
        chance = self.world.chance
        skill = self.diligence[act.company]
        verb = chance.choices(
            ["win", "lose", "run_out", "extend", "release"],
            [0.42 * skill, 0.25, 0.2, 0.1, 0.03],
        )[0]
        low, high = (91, 95) if verb == "run_out" else (12, 88)
        self._plan(self._later(act.at, low, high), verb, act.ref, act.company)

    def _win(self, act: Act) -> None:
        with self._as(self._owner(act)) as db:
            deal = record.get_deal(db, act.ref)
            value = Money(deal.value_minor, deal.currency)
            paid = value.minor * self.world.chance.randint(80, 115) // 10_000 * 100
            number = f"PO-{self.world.chance.randint(10_000, 99_999)}"
            command = Win(
                order_number=number,
                value=Money(paid, value.currency),
                won_on=act.at.date(),
            )
            outcomes.win(db, act.ref, command, now=act.at)
            db.commit()

    def _lose(self, act: Act) -> None:
        with self._as(self._owner(act)) as db:
            reason = self.world.chance.choice(list(LOST_REASONS))
            outcomes.lose(db, act.ref, reason, now=act.at)
            db.commit()

    def _release(self, act: Act) -> None:
        with self._as(self._owner(act)) as db:
            outcomes.release(db, act.ref, now=act.at)
            db.commit()

    def _extend(self, act: Act) -> None:
        with self._as(self._owner(act)) as db:
            command = Extend(reason="The customer's budget is decided next quarter")
            outcomes.extend(db, act.ref, command, now=act.at)
            db.commit()
        self._plan(self._later(act.at, 5, 30), "win", act.ref, act.company)

    def _run_out(self, act: Act) -> None:
        with self._system() as db:
            for protection in queries.lapsed(db, now=act.at, limit=50):
                judging.expire(db, protection, now=act.at)
            db.commit()

    def _manager(self, act: Act) -> Viewer:
        return self.world.staff[self.world.company(act.company).manager]

    def _owner(self, act: Act) -> Viewer:
        """The company's manager, who may act on every deal of the company."""
        return self.world.company(act.company).lead

    def _state(self, ref: str) -> DealState:
        with self._system() as db:
            return queries.get_claim(db, queries.id_of(db, ref)).state

    def _as(self, viewer: Viewer) -> ViewerSession:
        return self.services.viewer_session(viewer, writes=True)

    def _system(self) -> SystemSession:
        return self.services.system_session()


def _customers(world: World) -> list[Customer]:
    """Forty-five end customers in each country, with plausible names."""
    made: list[Customer] = []
    taken: set[str] = set()
    for country, form in names.FORMS.items():
        while sum(c.country == country for c in made) < 45:
            stem = world.chance.choice(names.STEMS).replace("_", " ")
            kind = world.chance.choice(names.KINDS)
            name = f"{stem} {kind} {form}"
            if name not in taken:
                taken.add(name)
                domain = f"{fold(stem)}-{fold(kind)}-{country.lower()}.example".replace(" ", "")
                made.append(Customer(name, domain, country))
    return made
