"""The log, looked through and checked.  What is shown stands in its address."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.db import events
from portal.db.session import ViewerSession
from portal.kernel.clock import end_of_day, start_of_day
from portal.kernel.errors import Refused
from portal.kernel.event import Event
from portal.kernel.policy import May
from portal.oversight.queries import log
from portal.oversight.queries.log import EntryRow, Wanted
from portal.oversight.rules import entries
from portal.oversight.views.pages import audit as area
from portal.web import lists
from portal.web.area import Visit
from portal.web.csv import csv_chunks, download
from portal.web.lists import Asked
from portal.web.templating import moment_text

FILTERS = ("person", "subject", "thing", "kind", "from", "to")
SORTS = ("-id",)
HEADER = ("Entry", "At", "Person", "What", "Kind", "About", "Row", "Partner", "Facts", "Hash")
LONGEST_FACTS = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the page prints it; `url` shows everything about the same thing."""

    number: int
    text: str
    about: str
    url: str
    who: str
    partner: str
    facts: str
    at: dt.datetime
    at_text: str


@area.page("/settings/audit", needs=May.EVENTS_READ)
def show(visit: Visit) -> ResponseReturnValue:
    asked = _asked()
    found = log.list_entries(visit.db, _wanted(asked, visit.person.zone), asked.page)
    words = {
        "person": f"Person: {asked['person']}",
        "subject": f"About: {entries.SUBJECTS.get(asked['subject'], asked['subject'])}",
        "thing": f"Number: {asked['thing']}",
        "kind": f"Kind: {entries.plain(asked['kind'])}",
        "from": f"From {asked['from']}",
        "to": f"To {asked['to']}",
    }
    return visit.render(
        "oversight/audit.html",
        asked=asked,
        lines=[_line(visit, asked, row) for row in found.rows],
        pager=asked.pager(found),
        chips=asked.chips(words),
        subjects=entries.SUBJECTS,
        kinds={kind: entries.plain(kind) for kind in _kinds(Event)},
        export_url=asked.export_url(url_for("audit.export")),
    )


@area.page("/settings/audit.csv", needs=May.EVENTS_READ)
def export(visit: Visit) -> ResponseReturnValue:
    wanted = _wanted(_asked(), visit.person.zone)

    def chunks(db: ViewerSession) -> Iterator[bytes]:
        return csv_chunks(HEADER, (_cells(row) for row in log.stream_entries(db, wanted)))

    return download(visit.stream(chunks), name="log.csv", media_type="text/csv")


@area.page("/settings/audit/check", needs=May.EVENTS_READ)
def check(visit: Visit) -> ResponseReturnValue:
    """Recompute the whole chain, now, and say whether it holds."""
    verdict = events.verify_all(visit.services.engines)
    return visit.render("oversight/check.html", verdict=verdict)


def _asked() -> Asked:
    return lists.asked(url_for("audit.show"), request.args, filters=FILTERS, sorts=SORTS)


def _wanted(asked: Asked, zone: ZoneInfo) -> Wanted:
    """Days are those of whoever looks.  Raises Refused("day")."""
    starts_on, ends_on = _day(asked["from"]), _day(asked["to"])
    return Wanted(
        person=asked["person"],
        subject=asked["subject"],
        thing=asked["thing"].upper(),
        kind=asked["kind"],
        starts_at=start_of_day(starts_on, zone) if starts_on else None,
        ends_at=end_of_day(ends_on, zone) if ends_on else None,
    )


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise Refused("Write days as 2026-03-31.", code="day") from error
    if not 1970 <= day.year <= 9000:
        raise Refused("Write a day between 1970 and 9000.", code="day")
    return day


def _kinds(kind: type[Event]) -> list[str]:
    """Every kind of entry that some part of the portal writes, sorted."""
    below = [name for each in kind.__subclasses__() for name in _kinds(each)]
    own = getattr(kind, "kind", "")
    return sorted({*below, *([own] if "." in own else [])})


def _line(visit: Visit, asked: Asked, row: EntryRow) -> Line:
    facts = entries.facts_text(row.facts)
    subject = entries.SUBJECTS.get(row.subject, entries.plain(row.subject))
    return Line(
        number=row.id,
        text=entries.sentence(row.kind, row.facts),
        about=f"{subject} {row.facts.get('ref') or row.subject_id}",
        url=asked.url(subject=row.subject, thing=str(row.subject_id)),
        who=row.actor or ("The portal" if row.actor_id is None else f"Person {row.actor_id}"),
        partner=row.partner,
        facts=facts if len(facts) <= LONGEST_FACTS else f"{facts[:LONGEST_FACTS]}…",
        at=row.at,
        at_text=moment_text(row.at, visit.person.locale, visit.person.time_zone),
    )


def _cells(row: EntryRow) -> tuple[object, ...]:
    return (
        row.id,
        row.at,
        row.actor,
        entries.sentence(row.kind, row.facts),
        row.kind,
        row.subject,
        row.subject_id,
        row.partner,
        json.dumps(row.facts, sort_keys=True, ensure_ascii=False),
        row.hash,
    )
