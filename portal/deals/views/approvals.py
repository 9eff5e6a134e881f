"""The vendor's decision screens: the queue, one claim beside it, and every decision on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from portal.db.session import SystemSession, ViewerSession
from portal.deals.actions import conflicts, decisions, outcomes
from portal.deals.actions.decisions import Approved
from portal.deals.forms.approvals import AskForm, BulkForm, DecideForm, NoteForm, RejectForm
from portal.deals.models import Deal
from portal.deals.queries import case as cases
from portal.deals.queries import queue as queue_queries
from portal.deals.queries import record
from portal.deals.queries.queue import Neighbours, QueueRow, View
from portal.deals.rules.resolution import Resolution
from portal.deals.rules.ruling import day_words
from portal.deals.rules.states import Visibility
from portal.deals.views import panel, queue
from portal.deals.views.queue import Shown
from portal.kernel.errors import Refused
from portal.kernel.page import Cursor
from portal.kernel.policy import May
from portal.programme import queries as programme
from portal.web import sightings
from portal.web.area import Area, Visit
from portal.web.csv import XLSX_TYPE, csv_chunks, download, xlsx_bytes
from portal.web.forms import PortalForm

MOST_AT_ONCE = 100

area = Area("approvals", __name__)


@area.page("/approvals", needs=May.DEALS_DECIDE)
def show(visit: Visit) -> ResponseReturnValue:
    """The list; with `deal` in the address, that registration beside it."""
    here = queue.shown(request.args)
    if visit.fragment == "seen":
        _saw(visit, here.ref)
        return make_response("", 204)
    if here.ref and "X-Prefetch" not in request.headers:
        _saw(visit, here.ref)
    return _show(visit, here)


def _saw(visit: Visit, ref: str) -> None:
    """That somebody looked is kept, for the registration's owner to see."""
    record.get_deal(visit.db, ref)

    def write(db: SystemSession) -> None:
        cases.note_sighting(db, ref, visit.viewer.user_id, now=visit.now)

    sightings.record(visit.services, write)


def _show(visit: Visit, here: Shown, form: PortalForm | None = None, status: int = 200) -> Response:
    opened = _opened(visit, here, form) if here.ref else {}
    if here.ref and (visit.fragment == "panel" or (visit.fragment and status == 422)):
        return visit.render("approvals/panel.html", status, **opened)
    at = queue.moment(visit.now, visit.person.time_zone)
    page, around = queue_queries.list_queue(visit.db, here.filters, here.page, at=at)
    return visit.render(
        "approvals/show.html",
        status,
        heading_text=f"{opened['deal'].customer_name} · Approvals" if opened else "Approvals",
        is_decided=here.filters.view is View.DECIDED,
        lines=queue.lines(page.rows, here, visit.now),
        pages=queue.pages(here, page),
        views=queue.views(here, around),
        tiles=queue.tiles(around),
        saved=queue.saved(around),
        save_url=f"/views?{urlencode({'page': queue_queries.PATH, 'query': here.query})}",
        filter_form=queue.filter_form(here, around),
        chips=queue.chips(here, around),
        empty_words=queue.EMPTY[here.filters.view],
        **{"here": here, "opened": False, **opened},
    )


def _opened(visit: Visit, here: Shown, form: PortalForm | None) -> dict[str, Any]:
    """What the panel prints.  Raises NotFound."""
    case = cases.get_case(visit.db, here.ref, now=visit.now)
    _, rules = programme.rules_at(visit.db, visit.now)
    given = panel.values(visit, case, rules)
    around = _neighbours(visit, here, case.deal)
    filled = form or _form_for(here.act)
    if isinstance(filled, DecideForm):
        panel.decide_form(filled, given["options"])
    return {
        **given,
        "here": here,
        "opened": True,
        "act": here.act,
        "form": filled,
        "details": panel.details(given["options"]),
        "before": around.before,
        "after": around.after,
    }


def _form_for(act: str) -> PortalForm:
    kinds: dict[str, type[PortalForm]] = {"reject": RejectForm, "ask": AskForm, "note": NoteForm}
    return kinds.get(act, DecideForm)()


def _neighbours(visit: Visit, here: Shown, deal: Deal) -> Neighbours:
    at = deal.decided_at if here.filters.view is View.DECIDED else deal.due_at
    if at is None:
        return Neighbours(None, None)
    place = Cursor(here.filters.sort, (at,), deal.id)
    today = queue.moment(visit.now, visit.person.time_zone)
    return queue_queries.neighbours(visit.db, here.filters, place, at=today)


@area.act("/approvals/<ref>/decide", needs=May.DEALS_DECIDE)
def decide(visit: Visit, ref: str) -> ResponseReturnValue:
    """Approve what is clear, or apply the outcome that was chosen for a conflict."""
    form = visit.form(DecideForm)
    form.outcome.choices = []
    act_name = "choice" if form.outcome.data == "choice" else ""
    return _decided(visit, ref, form, lambda: _resolve(visit, ref, form), act_name=act_name)


def _resolve(visit: Visit, ref: str, form: DecideForm) -> str:
    """What the toast says of it."""
    db, now = visit.db, visit.now
    match form.outcome.data or "":
        case Resolution.ASK:
            deal = conflicts.ask_holder(db, ref, form.ask_holder(), now=now)
            assert deal.due_at is not None
            return f"The other partner was asked. Decide by {day_words(deal.due_at.date())}"
        case Resolution.KEEP:
            deal = decisions.reject(db, ref, form.keep_other(), now=now)
            return f"{deal.customer_name} rejected"
        case Resolution.BOTH:
            done = conflicts.approve_second(db, ref, form.approve_second(), now=now)
        case "choice":
            done = conflicts.follow_customer(db, ref, form.follow_customer(), now=now)
        case _:
            done = decisions.approve(db, ref, form.approve(), now=now)
    return _approved_words(done)


def _approved_words(done: Approved) -> str:
    if done.waits_for:
        return f"{done.deal.customer_name} waits for {done.waits_for}"
    return f"{done.deal.customer_name} approved"


@area.act("/approvals/<ref>/reject", needs=May.DEALS_DECIDE)
def reject(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(RejectForm)

    def act() -> str:
        deal = decisions.reject(visit.db, ref, form.command(), now=visit.now)
        return f"{deal.customer_name} rejected"

    return _decided(visit, ref, form, act, act_name="reject")


@area.act("/approvals/<ref>/ask", needs=May.DEALS_DECIDE)
def ask(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(AskForm)

    def act() -> str:
        deal = decisions.request_information(visit.db, ref, form.command(), now=visit.now)
        return f"{deal.customer_name}: the partner was asked"

    return _decided(visit, ref, form, act, act_name="ask")


def _decided(
    visit: Visit, ref: str, form: PortalForm, act: Callable[[], str], *, act_name: str = ""
) -> ResponseReturnValue:
    """The list goes on with the next one; a refusal shows the panel with what to change."""
    here = queue.shown(request.args)
    here = Shown(here.filters, here.page, ref, act_name)
    around = _neighbours(visit, here, record.get_deal(visit.db, ref))
    said = visit.attempt(form, act)
    if said is None:
        return _show(visit, here, form, 422)
    deal = record.get_deal(visit.db, ref)
    is_gone = deal.state not in queue_queries.TO_DECIDE
    undo_url = here.url(f"{queue_queries.PATH}/undo", refs=ref) if is_gone else ""
    return _done(
        visit,
        here,
        said,
        undo_url=undo_url,
        gone=[ref] if is_gone else [],
        following=around.after or around.before,
    )


def _done(
    visit: Visit,
    here: Shown,
    said: str,
    *,
    undo_url: str = "",
    following: QueueRow | None = None,
    **moved: list[str],
) -> Response:
    """Say what was done: in place for scripts, on the list for everybody else."""
    if visit.fragment != "outcome":
        visit.say(f"{said}.", undo=undo_url or None)
        return visit.go_to(here.url())
    at = queue.moment(visit.now, visit.person.time_zone)
    around = queue_queries.read_around(visit.db, here.filters, at=at)
    return visit.render(
        "approvals/outcome.html",
        text=said,
        undo_url=undo_url,
        counts=queue.figures(around),
        next_url=here.open_url(following.ref) if following else "",
        gone=moved.get("gone", []),
        back=moved.get("back", []),
    )


@area.act("/approvals/undo", needs=May.DEALS_DECIDE)
def undo(visit: Visit) -> ResponseReturnValue:
    """Take back what was decided within the last minute."""
    visit.form(PortalForm)
    refs = request.args.get("refs", "").split(",")[:MOST_AT_ONCE]
    deals = [decisions.undo(visit.db, ref, now=visit.now) for ref in refs]
    what = deals[0].customer_name if len(deals) == 1 else f"{len(deals)} registrations"
    said = f"{what}: the decision was taken back"
    return _done(visit, queue.shown(request.args), said, back=refs)


@area.act("/approvals/bulk", needs=May.DEALS_DECIDE)
def decide_many(visit: Visit) -> ResponseReturnValue:
    """Approve the chosen ones that are clear, and name those that a person has to look at."""
    form = visit.form(BulkForm)
    refs = (form.refs.data or [])[:MOST_AT_ONCE]
    if not refs:
        raise Refused("No registration was chosen. Choose some in the list first.")
    done = decisions.approve_clear(visit.db, refs, now=visit.now)
    here = queue.shown(request.args)
    approved = list(done.approved)
    undo_url = here.url(f"{queue_queries.PATH}/undo", refs=",".join(approved)) if approved else ""
    return _done(visit, here, _bulk_words(done), undo_url=undo_url, gone=approved)


def _bulk_words(done: decisions.Bulk) -> str:
    count = len(done.approved)
    said = f"{count} registration{'' if count == 1 else 's'} approved"
    if not done.left:
        return said
    verb = "needs" if len(done.left) == 1 else "need"
    return f"{said}. {', '.join(done.left)} {verb} a review first"


@area.act("/approvals/<ref>/note", needs=May.DEALS_DECIDE)
def write_note(visit: Visit, ref: str) -> ResponseReturnValue:
    """A note for our own staff, or a message that the partner reads too."""
    form = visit.form(NoteForm)
    here = queue.shown(request.args)
    here = Shown(here.filters, here.page, ref, "note")

    def act() -> Any:
        visibility = Visibility(form.visibility.data)
        body = form.body.data or ""
        return outcomes.write_message(visit.db, ref, body, visibility, now=visit.now)

    if visit.attempt(form, act) is None:
        return _show(visit, here, form, 422)
    return visit.go_to(here.open_url(ref))


@area.page("/approvals/export.csv", needs=May.DEALS_DECIDE)
def export_csv(visit: Visit) -> ResponseReturnValue:
    """Exactly the rows that the address shows, on all their pages."""
    here, at = queue.shown(request.args), queue.moment(visit.now, visit.person.time_zone)

    def chunks(db: ViewerSession) -> Iterator[bytes]:
        rows = queue_queries.every_row(db, here.filters, at=at)
        return csv_chunks(queue.HEADER, queue.cells(rows))

    return download(visit.stream(chunks), name="approvals.csv", media_type="text/csv")


@area.page("/approvals/export.xlsx", needs=May.DEALS_DECIDE)
def export_xlsx(visit: Visit) -> ResponseReturnValue:
    here, at = queue.shown(request.args), queue.moment(visit.now, visit.person.time_zone)
    rows = queue.cells(queue_queries.every_row(visit.db, here.filters, at=at))
    body = xlsx_bytes(queue.HEADER, rows, title="Approvals")
    return download(body, name="approvals.xlsx", media_type=XLSX_TYPE)
