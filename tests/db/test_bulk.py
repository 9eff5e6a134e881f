"""Many rows at once mean the same as rows one by one, on both databases."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DataError, IntegrityError

from portal.accounts.models import User
from portal.db.bulk import insert_many
from portal.imports.models import Batch
from portal.imports.rules import BatchState, Mode
from portal.partners.models import Partner
from portal.partners.rules import PartnerType
from portal.programme.models import DealRulesVersion, Region
from tests.clock import NOON

ODD = "tab\t, \\N, back\\slash, line\r\nend, \u201equotes\u201c, 🎈"


def region(number: int, **more: object) -> dict[str, object]:
    return {"created_at": NOON, "code": f"r{number}", "name": f"Region {number}", **more}


def partner(number: int, **more: object) -> dict[str, object]:
    named = {"ref": f"PT-{number}", "name": f"Elm {number}", "name_key": f"elm {number}"}
    kept = {"kind": PartnerType.VAR, "domain": "elm.example"}
    return {"created_at": NOON, "version": 1, **named, **kept, **more}


def test_ids_come_in_the_order_of_the_rows_and_go_on_after_others(system):
    first = insert_many(system, Region.__table__, [region(n) for n in (3, 1, 2)])
    one = system.scalar(insert(Region).values(region(9)).returning(Region.id))
    then = insert_many(system, Region.__table__, [region(n) for n in range(10, 2_000)])
    assert [*first, one, *then] == sorted({*first, one, *then})
    named = dict(system.execute(select(Region.id, Region.code)).all())
    assert [named[each] for each in first] == ["r3", "r1", "r2"]
    assert [named[each] for each in then] == [f"r{n}" for n in range(10, 2_000)]


def test_nothing_to_insert_is_no_error(system):
    assert insert_many(system, Region.__table__, []) == []


def test_every_type_comes_back_as_it_was(system):
    east = NOON.astimezone(dt.timezone(dt.timedelta(hours=9)))
    values = {
        "created_at": east,
        "effective_at": NOON + dt.timedelta(microseconds=7),
        "number": 7,
        "document": {"text": ODD, "numbers": [1, 2.5, None, True]},
        "note": ODD,
    }
    insert_many(system, DealRulesVersion.__table__, [{**values, "user_id": None}])
    found = system.scalars(select(DealRulesVersion).where(DealRulesVersion.number == 7)).one()
    assert {name: getattr(found, name) for name in values} == values
    assert found.user_id is None
    insert_many(system, Partner.__table__, [partner(1)])
    assert system.scalars(select(Partner.kind)).one() is PartnerType.VAR


def test_what_is_left_out_gets_its_default(system):
    mail = {"email": "finn@elm.example", "email_key": "finn@elm.example"}
    user = {"created_at": NOON, "version": 1, "ref": "US-1", "name": "Finn", **mail}
    insert_many(system, User.__table__, [{**user, "is_active": False}])
    finn = system.scalars(select(User)).one()
    assert (finn.is_active, finn.has_shortcuts, finn.partner_id) == (False, True, None)
    batch = {"created_at": NOON, "version": 1, "ref": "MP-1", "importer": "partners"}
    insert_many(system, Batch.__table__, [batch])
    kept = system.scalars(select(Batch)).one()
    assert (kept.state, kept.mode, kept.choices) == (BatchState.UPLOADED, Mode.GOOD_ROWS, {})


@pytest.mark.parametrize(
    "rows",
    [
        [partner(1), partner(1)],
        [partner(1, region_id=99)],
        [partner(1), partner(2, name=None)],
    ],
    ids=["unique", "foreign key", "not null"],
)
def test_what_breaks_a_constraint_is_refused_as_an_insert_is(system, rows):
    with pytest.raises(IntegrityError), system.begin_nested():
        system.connection().execute(insert(Partner.__table__), rows)
    with pytest.raises(IntegrityError), system.begin_nested():
        insert_many(system, Partner.__table__, rows)
    assert system.scalar(select(func.count()).select_from(Partner)) == 0
    assert len(insert_many(system, Partner.__table__, [partner(3)])) == 1


def test_text_that_is_too_long_is_never_cut(system):
    row = partner(1, ref="x" * 30)
    if system.connection().dialect.name == "postgresql":
        with pytest.raises(DataError), system.begin_nested():
            insert_many(system, Partner.__table__, [row])
    else:
        insert_many(system, Partner.__table__, [row])
        assert system.scalars(select(Partner.ref)).one() == "x" * 30
