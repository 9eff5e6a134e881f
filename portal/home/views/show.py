"""The first page: what waits for this person, a few figures, and what changed last."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.deals.queries import figures, lists
from portal.deals.queries.figures import Figures
from portal.deals.queries.lists import DealRow
from portal.deals.rules import words
from portal.home.views.pages import area
from portal.kernel.page import TOTAL_CAP
from portal.kernel.policy import May
from portal.programme import queries as programme
from portal.web.area import Visit

SOON = dt.timedelta(days=words.SOON_DAYS)
MOST, RECENT = 5, 6


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do.  `state` says why now, `tone` how urgent it is."""

    label: str
    url: str
    hint: str
    state: str
    tone: str


@area.page("/", needs=May.PROFILE_USE)
def show(visit: Visit) -> ResponseReturnValue:
    reads = visit.viewer.may(May.DEALS_READ)
    found = figures.get_figures(visit.db, now=visit.now) if reads else None
    return visit.render(
        "home/show.html",
        first_name=visit.person.name.split()[0],
        reads=reads,
        tasks=_tasks(visit),
        tiles=_tiles(visit, found) if found else [],
        recent=[_recent(row) for row in _latest(visit)] if reads else [],
        may_register=visit.viewer.may(May.DEALS_REGISTER),
    )


def _tasks(visit: Visit) -> list[Task]:
    if visit.viewer.may(May.DEALS_REGISTER):
        return [*_answers(visit), *_endings(visit), *_drafts(visit)][: MOST + 3]
    if visit.viewer.may(May.DEALS_DECIDE):
        return [*_decisions(visit), *_endings(visit)][: MOST + 3]
    return []


def _answers(visit: Visit) -> list[Task]:
    return [
        _task(
            visit,
            f"Answer about {todo.customer_name}",
            url_for("deals.show_answer", ref=todo.ref),
            todo,
        )
        for todo in figures.list_to_answer(visit.db, most=MOST)
    ]


def _decisions(visit: Visit) -> list[Task]:
    return [
        _task(
            visit,
            f"Decide {todo.customer_name}",
            url_for("approvals.show", deal=todo.ref),
            todo,
        )
        for todo in figures.list_to_decide(visit.db, most=MOST)
    ]


def _endings(visit: Visit) -> list[Task]:
    """Days are counted in the programme's zone, as everywhere."""
    zone = programme.rules_at(visit.db, visit.now)[1].calendar.tzinfo
    tasks = []
    for todo in figures.list_ending(visit.db, now=visit.now, within=SOON, most=MOST):
        assert todo.by is not None
        left = words.shield(todo.by, visit.now, zone)
        label = f"Protection of {todo.customer_name} ends"
        hint = f"{todo.ref}, protected to {left.until:%-d %b %Y}"
        text = left.text[:1].upper() + left.text[1:]
        tasks.append(Task(label, url_for("deals.show", ref=todo.ref), hint, text, "warn"))
    return tasks


def _drafts(visit: Visit) -> list[Task]:
    wanted = lists.Wanted(view=lists.View.DRAFTS)
    return [
        Task(
            label=f"Finish {row.customer_name or 'a draft'}",
            url=url_for("deals.show_draft", ref=row.ref),
            hint=f"{row.ref}, kept {row.updated_at.astimezone(visit.person.zone):%-d %b %Y}",
            state="Draft",
            tone="",
        )
        for row in lists.list_first(visit.db, wanted, now=visit.now, most=3)
    ]


def _task(visit: Visit, label: str, url: str, todo: figures.Todo) -> Task:
    if todo.by is None:
        return Task(label, url, todo.ref, "", "")
    local = todo.by.astimezone(visit.person.zone)
    is_late = todo.by < visit.now
    is_soon = todo.by - visit.now < dt.timedelta(days=1)
    return Task(
        label=label,
        url=url,
        hint=todo.ref,
        state=f"{'Was due' if is_late else 'By'} {local:%-d %b, %H:%M}",
        tone="bad" if is_late else "warn" if is_soon else "info",
    )


def _latest(visit: Visit) -> list[DealRow]:
    return lists.latest(visit.db, now=visit.now, most=RECENT)


def _recent(row: DealRow) -> tuple[Any, ...]:
    badge = words.STATES[row.state]
    return row.ref, row.customer_name, row.line, badge, row.updated_at


def _tiles(visit: Visit, found: Figures) -> list[dict[str, str]]:
    waiting = {
        "label": "To decide" if visit.viewer.is_vendor else "With the vendor",
        "value": _figure(found.waiting),
        "note": f"{_figure(found.late)} past their time" if found.late else "none is late",
        "url": url_for("deals.show_deals", view="waiting"),
    }
    answers = {
        "label": "Waiting for an answer",
        "value": _figure(found.to_answer),
        "note": "asked by the vendor",
        "url": url_for("deals.show_deals", view="waiting"),
    }
    protected = {
        "label": "Protected",
        "value": _figure(found.protected),
        "note": f"{_figure(found.ending)} end within 30 days",
        "url": url_for("deals.show_deals", view="ending"),
    }
    won = {
        "label": "Won",
        "value": _figure(found.won),
        "note": "in the last 12 months",
        "url": url_for("deals.show_deals", view="won"),
    }
    return [waiting, answers, protected, won]


def _figure(count: int) -> str:
    return f"{TOTAL_CAP:,}+" if count > TOTAL_CAP else f"{count:,}"
