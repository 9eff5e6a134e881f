"""What a partner is shown does not depend on what its rivals do; planted leaks are found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Response, make_response, request
from sqlalchemy import func, select

from portal.db import buckets
from portal.db.events import Head
from portal.deals.models import Customer, Deal
from portal.deals.rules.lifecycle import DealState
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.policy import May
from portal.web.area import Area
from tests.proofs.twins import CUSTOMERS, difference, pair


@pytest.fixture
def template(_servers):
    """The file of a migrated, empty database."""
    return Path(_servers("sqlite").url.removeprefix("sqlite:///"))


def test_a_partner_cannot_tell_what_its_rivals_do(template, tmp_path, proof):
    runs = proof.rounds(commit=150, full=5_000)
    worlds = pair(template, tmp_path)
    found = [each for seed in range(runs) if (each := difference(worlds, seed))]
    assert found == []
    proof.report(f"{runs:,} pairs of worlds, alike to the byte")


def _deal(system):
    return system.scalar(select(Deal).where(Deal.ref == request.args["ref"]))


def _etag(system) -> Response:
    latest = system.scalar(select(func.max(Deal.updated_at)))
    count = system.scalar(select(func.count(Deal.id)))
    return Response("", headers={"ETag": f'"{latest}{count}"'})


def _forbidden(system) -> Response:
    if _deal(system) is not None:
        raise Forbidden("That is somebody else's.")
    raise NotFound


def _limited(system) -> Response:
    count = system.scalar(select(func.count(buckets.Bucket.id))) or 0
    count += system.scalar(select(func.count(Deal.id))) or 0
    return make_response("slow down" if count > CUSTOMERS else "go on")


def _text(query) -> Callable[..., Response]:
    return lambda system: make_response(str(list(system.scalars(query))))


LEAKS = {
    "conflict text": _text(select(Deal.customer_key).group_by(Deal.customer_key)),
    "sequential ids": _text(select(func.max(Deal.id))),
    "customer made": _text(select(func.count(Customer.id))),
    "state of all": _text(select(Deal.state).order_by(Deal.id)),
    "total": _text(select(func.count(Deal.id))),
    "etag": _etag,
    "403 for 404": _forbidden,
    "type-ahead": _text(select(Deal.customer_name).where(Deal.customer_key.like("b%"))),
    "shared limit": _limited,
    "length of the log": _text(select(Head.last_id)),
    "hash of the log": _text(select(Head.last_hash)),
    "drafts and withdrawals": _text(
        select(func.count(Deal.id)).where(Deal.state == DealState.WITHDRAWN)
    ),
}


@pytest.mark.parametrize("leak", sorted(LEAKS))
def test_a_planted_leak_is_found(template, tmp_path, leak):
    area = Area("leak", __name__)

    @area.page("/leak", needs=May.PROFILE_USE)
    def leaking(visit):
        with visit.db.as_system("a leak") as system:
            return LEAKS[leak](system)

    worlds = pair(template, tmp_path, area)
    assert any(difference(worlds, seed, is_leaky=True) for seed in range(40))
