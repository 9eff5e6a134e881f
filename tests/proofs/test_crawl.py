"""Every route, as everybody, with what is theirs, another's, missing or malformed."""

from __future__ import annotations

import pytest
from flask import Response, make_response
from sqlalchemy import select

from portal.deals.models import Deal
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.policy import May
from portal.web.area import Area, Policy
from tests.proofs.crawling import crawl
from tests.proofs.things import Stage


@pytest.fixture
def everybody(app, services, cast, browser_of, server, tmp_path):
    """Acts on own things are done and taken back on SQLite only: there it costs a file's copy."""
    database = tmp_path / "test.db" if server.name == "sqlite" else None
    return lambda: crawl(app, Stage(services, cast), browser_of, database=database)


def test_every_route_answers_everybody_as_the_policy_says(everybody, server, proof):
    walk = everybody()
    walk.walk()
    assert walk.faults == [], "\n".join(walk.faults)
    proof.report(f"{server.name}: {walk.asked:,} requests, each as the policy says")


def test_every_link_that_somebody_is_shown_leads_somewhere(everybody, server, proof):
    walk = everybody()
    followed = walk.follow_links()
    assert walk.faults == [], "\n".join(walk.faults)
    proof.report(f"{server.name}: {followed:,} links, none dead")


holes = Area("holes", __name__)


@holes.page("/holes/list", needs=May.PROFILE_USE)
def list_all(visit):
    with visit.db.as_system("a hole") as system:
        return make_response(" ".join(system.scalars(select(Deal.customer_name))))


@holes.page("/holes/header", needs=May.PROFILE_USE)
def header(visit):
    with visit.db.as_system("a hole") as system:
        return Response("", headers={"X-Last": system.scalars(select(Deal.ref)).all()[-1]})


@holes.page("/holes/<ref>/any", needs=May.PROFILE_USE)
def any_deal(visit, ref):
    with visit.db.as_system("a hole") as system:
        if system.scalar(select(Deal.id).where(Deal.ref == ref)) is None:
            raise NotFound
        return make_response("yours")


@holes.page("/holes/<ref>/forbidden", needs=May.PROFILE_USE)
def forbidden_or_missing(visit, ref):
    if visit.db.scalar(select(Deal.id).where(Deal.ref == ref)) is not None:
        return make_response("yours")
    with visit.db.as_system("a hole") as system:
        if system.scalar(select(Deal.id).where(Deal.ref == ref)) is not None:
            raise Forbidden("That is somebody else's.")
    raise NotFound


@holes.page("/holes/<ref>/words", needs=May.PROFILE_USE)
def other_words(visit, ref):
    if visit.db.scalar(select(Deal.id).where(Deal.ref == ref)) is not None:
        return make_response("yours")
    with visit.db.as_system("a hole") as system:
        is_there = system.scalar(select(Deal.id).where(Deal.ref == ref)) is not None
    return make_response("gone" if is_there else "unknown", 404)


@holes.page("/holes/<ref>/header", needs=May.PROFILE_USE)
def other_header(visit, ref):
    if visit.db.scalar(select(Deal.id).where(Deal.ref == ref)) is not None:
        return make_response("yours")
    with visit.db.as_system("a hole") as system:
        is_there = system.scalar(select(Deal.id).where(Deal.ref == ref)) is not None
    return Response("gone", 404, headers={"X-Cache": "hit"} if is_there else {})


@holes.page("/holes/narrow", needs=May.PROFILE_USE)
def narrow(visit):
    if visit.viewer.partner_id is None:
        raise Forbidden("This page is not part of your role.")
    return make_response("partners only")


@holes.page("/holes/broken", needs=May.DEALS_DECIDE)
def broken(visit):
    raise RuntimeError("a hole")


@holes.act("/holes/<ref>/act", needs=May.DEALS_READ)
def act(visit, ref):
    return make_response(f"done to {ref}")


def unguarded():
    return make_response("open to all")


unguarded.policy = Policy(May.DEALS_DECIDE, "GET")
holes.add_url_rule("/holes/unguarded", "unguarded", unguarded, methods=["GET", "PUT"])

FOUND = {
    "list_all": "shows 'Quill",
    "header": "shows 'DR-",
    "any_deal": "a foreign thing was taken",
    "forbidden_or_missing": "foreign told from missing",
    "other_words": "foreign told from missing",
    "other_header": "foreign told from missing",
    "narrow": "allowed but blocked",
    "broken": "broke: 500",
    "act": "a malformed ref was taken",
    "unguarded": "blocked but allowed",
}


def test_every_planted_hole_is_found(app, everybody):
    app.register_blueprint(holes)
    walk = everybody()
    walk.walk(lambda route: route.endpoint.startswith("holes."))
    for hole, fault in FOUND.items():
        rule = next(rule.rule for rule in app.url_map.iter_rules(f"holes.{hole}"))
        said = [each for each in walk.faults if f" {rule} as " in each]
        assert any(fault in each for each in said), f"{hole}: {said}"
