"""The scope proof: every shape of statement, through every kind of eyes, on both databases.

The rows are people: a partner's company sees its own, staff see those they look after.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, exists, func, insert, select, text, update
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.db.events import Entry
from portal.db.session import OutOfScopeWrite, Prepared, UnscopedStatement
from portal.kernel.policy import Role
from portal.partners.models import Partner, Supply

OTHER = aliased(User)

SHAPES = {
    "entities": lambda db: {u.id for u in db.scalars(select(User))},
    "columns": lambda db: set(db.scalars(select(User.id))),
    "prepared": lambda db: {row.id for row in db.rows(PREPARED)},
    "alias": lambda db: set(db.scalars(select(OTHER.id))),
    "subquery": lambda db: set(db.scalars(select(select(User.id).subquery().c.id))),
    "cte": lambda db: set(db.scalars(select(select(User.id).cte().c.id))),
    "union": lambda db: set(
        db.scalars(select(User.id).where(User.id < 5).union(select(User.id).where(User.id >= 5)))
    ),
    "exists": lambda db: set(
        db.scalars(select(User.id).where(exists(select(OTHER.id).where(OTHER.id == User.id))))
    ),
    "join": lambda db: set(db.scalars(select(User.id).join(Partner, isouter=True))),
    "joined alias": lambda db: set(
        db.scalars(select(OTHER.id).select_from(User).join(OTHER, User.id > 0))
    ),
    "joined alias of another": lambda db: set(
        db.scalars(select(OTHER.id).select_from(Partner).outerjoin(OTHER, Partner.id > 0))
    ),
    "get": lambda db: {n for n in db.info["everybody"] if db.get(User, n) is not None},
    "query": lambda db: {u.id for u in db.query(User)},
    "refresh": lambda db: {u.id for u in db.scalars(select(User)) if not db.refresh(u)},
}
PREPARED = Prepared(select(User.id, Partner.name).outerjoin(Partner).order_by(User.id))


def allowed(cast, name):
    """Whom each viewer may see, written down by hand."""
    everybody = {p.user_id for p in cast.people.values()}
    by_company = {
        company: {
            p.user_id for n, p in cast.people.items() if p.email.endswith(f"@{company}.example")
        }
        for company in ("alder", "birch", "cedar", "nordwind")
    }
    staff = {p.user_id for p in cast.people.values() if p.viewer.is_vendor}
    return {
        "anna": by_company["alder"],
        "alma": by_company["alder"],
        "nora": by_company["nordwind"],
        "carl": by_company["cedar"],
        "mara": by_company["alder"] | by_company["cedar"] | staff,
        "otto": by_company["birch"] | by_company["nordwind"] | staff,
        "ada": everybody,
        "fritz": everybody,
        "lena": everybody,
        "ivo": everybody,
    }[name]


VIEWERS = ["anna", "alma", "nora", "carl", "mara", "otto", "ada", "fritz", "lena", "ivo"]


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("name", VIEWERS)
def test_no_shape_of_select_shows_more_than_the_scope(services, cast, name, shape):
    viewer = getattr(cast, name).viewer
    with services.viewer_session(viewer, writes=False) as db:
        db.info["everybody"] = {p.user_id for p in cast.people.values()}
        assert SHAPES[shape](db) == allowed(cast, name)


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_the_proof_would_find_a_leak(services, cast, shape):
    """A viewer widened by mistake is caught by every shape."""
    widened = replace(cast.anna.viewer, roles=frozenset({Role.AUDITOR}), knows=None)
    with services.viewer_session(widened, writes=False) as db:
        db.info["everybody"] = {p.user_id for p in cast.people.values()}
        assert SHAPES[shape](db) != allowed(cast, "anna")


COUNTS = {
    "count": select(func.count()).select_from(User),
    "max": select(func.max(User.id)),
    "column and count": select(func.count(User.id)),
}


@pytest.mark.parametrize("shape", sorted(COUNTS))
def test_aggregates_are_over_visible_rows_only(services, cast, shape):
    visible = allowed(cast, "carl")
    with services.viewer_session(cast.carl.viewer, writes=False) as db:
        found = db.scalar(COUNTS[shape])
    assert found == (max(visible) if shape == "max" else len(visible))


REFUSED = {
    "text": text("SELECT id FROM users"),
    "core table": select(User.__table__.c.id),
    "core count": select(func.count()).select_from(User.__table__),
    "from statement": select(User).from_statement(text("SELECT * FROM users")),
    "bulk insert": insert(Supply).values(reseller_id=1, distributor_id=2),
    "bulk update": update(User).values(name="x"),
    "bulk delete": delete(User),
}


@pytest.mark.parametrize("shape", sorted(REFUSED))
def test_what_cannot_be_scoped_is_refused(services, cast, shape):
    with (
        services.viewer_session(cast.anna.viewer, writes=True) as db,
        pytest.raises(UnscopedStatement),
    ):
        db.execute(REFUSED[shape])


def test_a_row_cannot_be_given_away(as_viewer, cast):
    with pytest.raises(OutOfScopeWrite), as_viewer(cast.anna) as db:
        user = db.get(User, cast.anna.user_id)
        user.partner_id = cast.partners["cedar"]
        db.flush()


def test_a_row_cannot_be_planted_with_another_company(as_viewer, cast, clock):
    with pytest.raises(OutOfScopeWrite), as_viewer(cast.anna) as db:
        db.add(
            User(
                created_at=clock(),
                ref="PE-00000000",
                email="x@cedar.example",
                email_key="x@cedar.example",
                name="X",
                partner_id=cast.partners["cedar"],
            )
        )
        db.flush()


def test_partners_do_not_read_the_log(services, cast):
    for name in ("anna", "alma", "nora", "alois"):
        with services.viewer_session(getattr(cast, name).viewer, writes=False) as db:
            assert db.scalar(select(func.count(Entry.id))) == 0


def test_a_prepared_statement_cannot_run_without_its_viewer(services, cast):
    with services.viewer_session(cast.anna.viewer, writes=False) as db:
        scoped = PREPARED.seen_by(db.eyes)
    with services.system_session(writes=False) as system, pytest.raises(Exception, match="viewer_"):
        system.execute(scoped).all()
