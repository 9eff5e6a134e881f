"""Rival companies, and contests in which they want the same customers at the same moment."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from portal.accounts import actions as accounts
from portal.accounts import queries as account_queries
from portal.accounts.actions import CreateUser
from portal.deals.jobs import judge_due
from portal.deals.models import Deal, Protection
from portal.deals.queries import judging
from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.states import ProtectionState
from portal.kernel import refs
from portal.kernel.money import Money
from portal.kernel.policy import Role
from portal.partners.models import Partner
from portal.partners.rules import PartnerType
from portal.programme.models import DealRulesVersion
from portal.programme.rules.deal_rules import AutoLimit, DealRules
from portal.web.services import Services
from tests.clock import NOON
from tests.deals.registering import draft, register
from tests.people import Somebody, password_hash

BREATH = 0.01
"""Seconds between two looks of a judge, so that rivals get a turn on a small machine."""
PATIENCE = 60
"""Seconds after which a rival that still waits has found a deadlock."""


def found_rivals(services: Services, count: int) -> list[Somebody]:
    """So many companies that have nothing to do with each other, with one seller each."""
    rivals = []
    with services.system_session() as db:
        for number in range(1, count + 1):
            name = f"rival{number}"
            partner = Partner(
                created_at=NOON,
                ref=refs.make("PA", 900 + number),
                name=name.capitalize(),
                name_key=name,
                kind=PartnerType.RESELLER,
                domain=f"{name}.example",
                country="CH",
            )
            db.add(partner)
            db.flush()
            command = CreateUser(
                ref=refs.make("PE", 5_000 + number),
                email=f"seller@{name}.example",
                name=f"Seller {number}",
                roles=frozenset({Role.PARTNER_SELLER}),
                partner_id=partner.id,
                password_hash=password_hash(),
            )
            user = accounts.create(db, command, now=NOON)
            viewer = account_queries.viewer_for(db, user.id)
            rivals.append(Somebody(user.id, command.email, viewer))
        db.commit()
    return rivals


def approve_what_is_clear(services: Services) -> None:
    """Rules under which nobody need decide: a clean claim is approved as it is judged."""
    rules = DealRules(auto_approval=(AutoLimit(below=Money(10**12, "EUR")),))
    with services.system_session() as db:
        db.add(
            DealRulesVersion(created_at=NOON, effective_at=NOON, number=1, document=rules.to_dict())
        )
        db.commit()


def unlike(number: int) -> str:
    """A company's name that resembles no other's."""
    letters = hashlib.sha256(f"{number}".encode()).hexdigest().translate(_LETTERS)
    return f"{letters[:9]} {letters[9:20]}".title()


_LETTERS = str.maketrans("0123456789abcdef", "bcdfghklmnprstvz")


def wanted(cast, number: int, **changes):
    """A draft of the contest's customer of that number."""
    name = unlike(number)
    domain = f"{name.replace(' ', '-').lower()}.example"
    return draft(
        cast,
        customer_name=name,
        customer_domain=domain,
        contact_email=f"buyer@{domain}",
        **changes,
    )


def contest(
    services: Services, cast, rivals: Sequence[Somebody], *, rounds: int, judges: int
) -> None:
    """In each round every rival registers the same customer at once, while judges are at work."""
    start = threading.Barrier(len(rivals))
    is_over = threading.Event()

    def compete(rival: Somebody) -> None:
        for number in range(rounds):
            start.wait(PATIENCE)
            register(services, rival, wanted(cast, number))

    def judge() -> None:
        while not is_over.wait(BREATH):
            judge_due(services, services.clock())

    with ThreadPoolExecutor(len(rivals) + judges) as pool:
        judging_ = [pool.submit(judge) for _ in range(judges)]
        try:
            at_once(pool, [lambda rival=rival: compete(rival) for rival in rivals])
        finally:
            is_over.set()
        for each in judging_:
            each.result(PATIENCE)
    judge_the_rest(services)


def at_once(pool: ThreadPoolExecutor, acts: Sequence[Callable[[], object]]) -> None:
    """Do all of them in threads of their own; raises what one of them raised."""
    for future in [pool.submit(act) for act in acts]:
        future.result()


def judge_the_rest(services: Services) -> None:
    """Two more looks: one for what was not seen, one for what waited for that."""
    for _ in range(2):
        judge_due(services, services.clock())
    with services.system_session() as db:
        assert judging.claims_due(db, limit=1) == []


def outcome(services: Services, *, rounds: int, rivals: int) -> None:
    """One winner each, the one whose place is lowest; nobody's claim is lost or left undecided."""
    with services.system_session(writes=False) as db:
        live = select(func.count()).where(Protection.state == ProtectionState.LIVE)
        assert db.scalar(live) == rounds
        found: dict[str, list[tuple[object, DealState, int | None]]] = {}
        query = select(Deal.customer_name, Deal.received_at, Deal.state, Deal.customer_id)
        for name, place, state, customer in db.execute(query.order_by(Deal.received_at)):
            found.setdefault(name, []).append((place, state, customer))
        assert len(found) == rounds
        for name, claims in found.items():
            places = [place for place, _, _ in claims]
            assert len(set(places)) == len(claims) == rivals, name
            assert [state for _, state, _ in claims] == [
                DealState.APPROVED,
                *([DealState.REJECTED] * (rivals - 1)),
            ], f"{name}: the claim with the lowest place has to win"
            assert len({customer for _, _, customer in claims}) == 1, f"{name}: made twice"
