"""One registration in full: where it stands, what happened, what its reader may do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from portal.db import events
from portal.db.events import Told
from portal.db.session import SystemSession
from portal.deals.actions import outcomes
from portal.deals.forms.moves import ActivityForm, MessageForm
from portal.deals.models import Deal, Sighting
from portal.deals.queries import record
from portal.deals.queries.record import Look, MessageRow, Surroundings
from portal.deals.rules import deadlines, words
from portal.deals.rules.deadlines import Due
from portal.deals.rules.lifecycle import LIFECYCLE, DealState
from portal.deals.views.pages import area
from portal.kernel.policy import Field, May
from portal.programme import queries as programme
from portal.programme.rules.deal_rules import DealRules
from portal.web import sightings
from portal.web.area import Visit

LOOKED_AGAIN = dt.timedelta(hours=1)
"""Looks of one person that are closer together than this count as one."""

PARTNERS_MOVES = {
    "answer": ("Answer", "deals.show_answer"),
    "win": ("Mark as won", "deals.show_win"),
    "extend": ("Ask for more time", "deals.show_extend"),
    "update": ("Update", "deals.show_update"),
    "appeal": ("Appeal", "deals.show_appeal"),
    "lose": ("Mark as lost", "deals.show_lose"),
    "release": ("Release", "deals.show_release"),
    "withdraw": ("Withdraw", "deals.show_withdraw"),
}
"""What can be done from a deal's page, the most likely first.  Decisions are made in the queue."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline."""

    text: str
    at: dt.datetime
    at_text: str
    who: str = ""
    detail: str = ""
    message: str = ""
    key: bool = False


@area.page("/deals/<ref>", needs=May.DEALS_READ)
def show(visit: Visit, ref: str) -> ResponseReturnValue:
    deal = record.get_deal(visit.db, ref)
    if deal.state is DealState.DRAFT and visit.viewer.may(May.DEALS_REGISTER):
        return visit.go("deals.show_draft", ref=ref)
    _note_look(visit, deal)
    return _page(visit, deal, MessageForm(), ActivityForm())


@area.act("/deals/<ref>/messages", needs=May.DEALS_READ)
def write_message(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(MessageForm)
    visibility = form.visibility_for(is_vendor=visit.viewer.is_vendor)
    sent = visit.attempt(
        form,
        lambda: outcomes.write_message(
            visit.db, ref, form.body.data or "", visibility, now=visit.now
        ),
    )
    if sent is None:
        return _page(visit, record.get_deal(visit.db, ref), form, ActivityForm(), 422)
    visit.say("Your message is kept with the deal.")
    return visit.go("deals.show", ref=ref)


@area.act("/deals/<ref>/activity", needs=May.DEALS_REGISTER)
def note_activity(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(ActivityForm)
    done = form.text.data or ""
    noted = visit.attempt(form, lambda: outcomes.note_activity(visit.db, ref, done, now=visit.now))
    if noted is None:
        return _page(visit, record.get_deal(visit.db, ref), MessageForm(), form, 422)
    visit.say("Noted. Both sides see it.")
    return visit.go("deals.show", ref=ref)


def _note_look(visit: Visit, deal: Deal) -> None:
    """Remember that somebody of the vendor looked; the registration's owner may see it."""
    if not visit.viewer.is_vendor:
        return
    deal_id, user_id, now = deal.id, visit.viewer.user_id, visit.now

    def write(system: SystemSession) -> None:
        since = now - LOOKED_AGAIN
        if not record.is_seen_since(system, deal_id=deal_id, user_id=user_id, since=since):
            system.add(Sighting(seen_at=now, deal_id=deal_id, user_id=user_id))

    sightings.record(visit.services, write)


def _page(
    visit: Visit, deal: Deal, form: MessageForm, activity: ActivityForm, status: int = 200
) -> ResponseReturnValue:
    around = record.get_surroundings(visit.db, deal)
    _, rules = programme.rules_at(visit.db, visit.now)
    told = events.timeline(visit.db, "deal", deal)
    messages = record.list_messages(visit.db, deal)
    looks = record.list_looks(visit.db, deal)
    names = _names(visit, deal, told, messages, looks)
    may_note = deal.state is DealState.APPROVED and visit.viewer.may(May.DEALS_REGISTER)
    return visit.render(
        "deals/record.html",
        status,
        heading_text=deal.customer_name or "No customer yet",
        deal=deal,
        around=around,
        state=words.STATES[deal.state],
        shield=_shield(visit, deal, around, rules),
        turn=_turn(deal, around, rules),
        turn_words=words.TURNS,
        facts=_facts(visit, deal, around, names),
        reason=words.REASONS.get(deal.reason, "") if deal.state is DealState.REJECTED else "",
        siblings=record.list_bundle(visit.db, deal),
        states=words.STATES,
        entries=_entries(visit, told, messages, names),
        looks=[(names.get(look.user_id, "Somebody"), look) for look in looks],
        moves=_moves(visit, deal),
        form=form,
        activity=activity if may_note else None,
    )


def _names(
    visit: Visit, deal: Deal, told: list[Told], messages: list[MessageRow], looks: list[Look]
) -> dict[int, str]:
    acted = {entry.actor_id for entry in told} | {deal.owner_id, deal.registered_by_id}
    wanted = acted | {m.user_id for m in messages} | {look.user_id for look in looks}
    with visit.db.as_system("names of people who acted on this registration") as system:
        return record.names_of(system, {user_id for user_id in wanted if user_id})


def _shield(
    visit: Visit, deal: Deal, around: Surroundings, rules: DealRules
) -> words.Shield | None:
    if around.ends_at is None or not around.is_live or deal.state is not DealState.APPROVED:
        return None
    return words.shield(around.ends_at, visit.now, rules.calendar.tzinfo)


def _turn(deal: Deal, around: Surroundings, rules: DealRules) -> deadlines.Turn | None:
    is_rejected = deal.state is DealState.REJECTED and deal.decided_at is not None
    appeal_by = None
    if is_rejected and deal.appealed_at is None and deal.decided_at is not None:
        appeal_by = deadlines.appeal_ends_at(rules, deal.decided_at)
    if deal.state is DealState.REJECTED and appeal_by is None:
        return None
    due = Due(
        decide_by=deal.due_at,
        answer_by=deal.answer_due_at,
        appeal_by=appeal_by,
        appeal_decided_by=deal.due_at,
        protected_until=around.ends_at if around.is_live else None,
    )
    return deadlines.turn(deal.state, due)


def _facts(
    visit: Visit, deal: Deal, around: Surroundings, names: dict[int, str]
) -> list[dict[str, str]]:
    """Label and value of what is known; rows without a value are left out."""
    contact = " · ".join(filter(None, (deal.contact_name, deal.contact_email)))
    given = [
        ("Partner", around.partner if visit.viewer.partner_id != deal.partner_id else ""),
        ("Owner", names.get(deal.owner_id, "")),
        ("Distributor", around.distributor),
        ("City", deal.customer_city),
        ("Tax number", deal.customer_tax_id),
        ("Contact", contact if visit.viewer.is_shown(Field.CUSTOMER_CONTACT) else ""),
        ("Stage", deal.stage),
        ("What was done", deal.activity),
        ("Order", deal.order_number),
        ("Lost because", words.LOST_BECAUSE.get(deal.lost_reason, deal.lost_reason)),
    ]
    return [{"label": label, "value": value} for label, value in given if value]


def _entries(
    visit: Visit, told: list[Told], messages: list[MessageRow], names: dict[int, str]
) -> list[Entry]:
    """The log and the messages as one timeline, the latest first."""
    bodies = {message.id: message.body for message in messages}
    entries = []
    for entry in told:
        said = words.happened(entry.kind, entry.facts)
        entries.append(
            Entry(
                text=said.text,
                at=entry.at,
                at_text=f"{_local(visit, entry.at):%-d %b %Y, %H:%M}",
                who=names.get(entry.actor_id or 0, ""),
                detail=said.detail,
                message=bodies.get(entry.facts.get("message_id", 0), said.message),
                key=entry.kind in words.TURNING_POINTS,
            )
        )
    return entries[::-1]


def _local(visit: Visit, at: dt.datetime) -> dt.datetime:
    return at.astimezone(visit.person.zone)


def _moves(visit: Visit, deal: Deal) -> list[dict[str, str]]:
    """The buttons: what the lifecycle opens to this reader, and what an approved deal allows."""
    opened = set(LIFECYCLE.open_to(deal.state, visit.viewer.roles))
    if deal.state is DealState.APPROVED:
        may_sell = visit.viewer.may(May.DEALS_REGISTER)
        opened |= {"update"} if may_sell else set()
        opened |= {"extend"} if may_sell or visit.viewer.may(May.DEALS_DECIDE) else set()
    return [
        {"label": label, "endpoint": endpoint}
        for verb, (label, endpoint) in PARTNERS_MOVES.items()
        if verb in opened
    ]
