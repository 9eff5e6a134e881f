"""A partner registers, the portal judges, a channel manager decides, protection counts down."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from portal.db.outbox import Letter, LetterState
from portal.deals.actions import decisions, drafts, intake
from portal.deals.actions.decisions import Approve, Ask, Reject
from portal.deals.actions.intake import Answer
from portal.deals.models import Customer, Deal, Judgement, Protection
from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.states import ProtectionState
from portal.kernel.errors import Forbidden, NotFound, Refused, Stale
from tests.deals.registering import draft, register


def state_of(peek, ref):
    return peek(select(Deal.state).where(Deal.ref == ref))


def act(services, somebody, action, *args):
    with services.viewer_session(somebody.viewer, writes=True) as db:
        result = action(db, *args, now=services.clock())
        db.commit()
        return result


def approve(services, somebody, ref, **how):
    return act(services, somebody, decisions.approve, ref, Approve(version=None, **how))


def reject(services, somebody, ref, reason="not_enough_information", text="Who is the buyer?"):
    return act(
        services, somebody, decisions.reject, ref, Reject(version=None, reason=reason, text=text)
    )


def test_an_approved_registration_is_protected_to_the_end_of_its_ninetieth_day(
    services, runner, cast, peek
):
    ref = register(services, cast.anna, draft(cast))
    runner.run_due()
    assert state_of(peek, ref) is DealState.SUBMITTED
    approve(services, cast.mara, ref)
    assert state_of(peek, ref) is DealState.APPROVED
    ends_at = peek(select(Protection.ends_at))
    assert ends_at.astimezone(dt.UTC).date() >= dt.date(2026, 5, 31)


def test_a_rival_is_rejected_as_not_open_without_learning_more(services, runner, cast, peek, clock):
    first = register(services, cast.anna, draft(cast))
    runner.run_due()
    approve(services, cast.mara, first)
    clock.pass_(days=1)
    second = register(services, cast.carl, draft(cast, customer_name="HELVETIA Logistics"))
    runner.run_due()
    assert state_of(peek, second) is DealState.REJECTED
    assert peek(select(Deal.reason).where(Deal.ref == second)) == "not_open"
    assert peek(select(func.count()).select_from(Customer)) == 1


def test_a_younger_claim_waits_for_the_older_one(services, runner, cast, peek, clock):
    older = register(services, cast.anna, draft(cast))
    clock.pass_(minutes=1)
    younger = register(services, cast.carl, draft(cast))
    runner.run_due()
    assert peek(select(Deal.is_waiting).where(Deal.ref == younger))
    reject(services, cast.mara, older)
    clock.pass_(seconds=10)
    runner.run_due()
    assert not peek(select(Deal.is_waiting).where(Deal.ref == younger))
    assert state_of(peek, younger) is DealState.SUBMITTED


def test_another_line_of_the_same_customer_is_no_conflict(services, runner, cast, peek):
    first = register(services, cast.anna, draft(cast))
    runner.run_due()
    approve(services, cast.mara, first)
    second = register(services, cast.carl, draft(cast, line_id=cast.lines["vault"]))
    runner.run_due()
    approve(services, cast.mara, second)
    live = select(func.count()).where(Protection.state == ProtectionState.LIVE)
    assert peek(live) == 2


def test_places_are_strictly_increasing_at_one_instant(services, cast, peek):
    refs = [
        register(
            services,
            cast.anna if n % 2 else cast.carl,
            draft(cast, customer_name=f"Customer {n}", customer_domain=f"customer-{n}.example"),
        )
        for n in range(4)
    ]
    places = [peek(select(Deal.received_at).where(Deal.ref == ref)) for ref in refs]
    assert places == sorted(set(places))


def test_approving_the_younger_first_needs_a_reason_and_a_colleague(
    services, runner, cast, peek, clock
):
    register(services, cast.anna, draft(cast))
    clock.pass_(minutes=1)
    younger = register(services, cast.carl, draft(cast))
    runner.run_due()
    with pytest.raises(Refused, match="Say why"):
        approve(services, cast.mara, younger)
    asked = approve(services, cast.mara, younger, override_reason="The customer wrote to us")
    assert "colleague" in asked.waits_for
    assert state_of(peek, younger) is DealState.SUBMITTED
    approve(services, cast.ada, younger)
    assert state_of(peek, younger) is DealState.APPROVED
    assert peek(select(Judgement.confirmed_by_id).where(Judgement.is_override)) == cast.ada.user_id


def test_undo_takes_back_the_decision_its_protection_and_its_mail(services, runner, cast, peek):
    ref = register(services, cast.anna, draft(cast))
    runner.run_due()
    approve(services, cast.mara, ref)
    act(services, cast.mara, decisions.undo, ref)
    assert state_of(peek, ref) is DealState.SUBMITTED
    live = select(func.count()).where(Protection.state == ProtectionState.LIVE)
    assert peek(live) == 0
    approve(services, cast.mara, ref)
    assert state_of(peek, ref) is DealState.APPROVED


def test_after_a_minute_it_is_too_late_to_undo(services, runner, cast, clock):
    ref = register(services, cast.anna, draft(cast))
    runner.run_due()
    approve(services, cast.mara, ref)
    clock.pass_(seconds=61)
    with pytest.raises(Stale, match="too late"):
        act(services, cast.mara, decisions.undo, ref)


def test_protection_ends_by_itself_and_frees_the_customer(services, runner, cast, peek, clock):
    ref = register(services, cast.anna, draft(cast))
    runner.run_due()
    approve(services, cast.mara, ref)
    clock.pass_(days=91)
    runner.run_due()
    assert state_of(peek, ref) is DealState.EXPIRED
    again = register(services, cast.carl, draft(cast, closes_on=dt.date(2026, 12, 1)))
    runner.run_due()
    approve(services, cast.mara, again)
    assert state_of(peek, again) is DealState.APPROVED


def test_only_the_fields_asked_for_open_again(services, runner, cast, peek, clock):
    ref = register(services, cast.anna, draft(cast))
    runner.run_due()
    ask = Ask(version=None, fields=("activity",), text="What did you do so far?")
    act(services, cast.mara, decisions.request_information, ref, ask)
    place = peek(select(Deal.received_at).where(Deal.ref == ref))
    with pytest.raises(Refused, match="not asked"):
        act(
            services,
            cast.anna,
            intake.answer,
            ref,
            Answer(text="", values={"customer_city": "Bern"}),
        )
    clock.pass_(hours=3)
    act(services, cast.anna, intake.answer, ref, Answer(text="", values={"activity": "Two demos"}))
    assert state_of(peek, ref) is DealState.SUBMITTED
    assert peek(select(Deal.received_at).where(Deal.ref == ref)) == place


def test_a_late_answer_takes_a_new_place(services, runner, cast, peek, clock):
    ref = register(services, cast.anna, draft(cast))
    runner.run_due()
    act(
        services,
        cast.mara,
        decisions.request_information,
        ref,
        Ask(version=None, fields=(), text="Who buys?"),
    )
    place = peek(select(Deal.received_at).where(Deal.ref == ref))
    clock.pass_(days=8)
    act(services, cast.anna, intake.answer, ref, Answer(text="The CIO", values={}))
    assert peek(select(Deal.received_at).where(Deal.ref == ref)) > place


def test_an_appeal_goes_to_another_person(services, runner, cast, peek):
    ref = register(services, cast.anna, draft(cast))
    runner.run_due()
    reject(services, cast.mara, ref)
    act(services, cast.anna, intake.appeal, ref, "The buyer is the CIO")
    with pytest.raises(Refused, match="colleague"):
        approve(services, cast.mara, ref)
    approve(services, cast.ada, ref)
    assert state_of(peek, ref) is DealState.APPROVED


def test_nobody_decides_a_registration_of_a_partner_they_do_not_look_after(services, runner, cast):
    ref = register(services, cast.anna, draft(cast))
    runner.run_due()
    with pytest.raises(NotFound):
        approve(services, cast.otto, ref)


def test_a_partner_does_not_approve(services, runner, cast):
    ref = register(services, cast.anna, draft(cast))
    runner.run_due()
    with pytest.raises(Forbidden):
        approve(services, cast.alma, ref)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer_name": ""}, "customer_name"),
        ({"line_id": None}, "line"),
        ({"value": None}, "value"),
        ({"closes_on": None}, "closes_on"),
        ({"closes_on": dt.date(2026, 1, 1)}, "closes_on"),
        ({"customer_country": "", "customer_domain": "", "contact_email": ""}, "customer_country"),
    ],
)
def test_an_incomplete_draft_is_not_taken_and_says_what_is_missing(services, cast, changes, field):
    with pytest.raises(Refused) as refused:
        register(services, cast.anna, draft(cast, **changes))
    assert refused.value.field == field


def test_a_company_is_told_of_its_own_registration_of_the_same(services, cast):
    ref = register(services, cast.anna, draft(cast))
    with pytest.raises(Refused, match=ref):
        register(services, cast.axel, draft(cast))


def test_drafts_are_not_seen_by_staff_or_colleagues(services, cast):
    with services.viewer_session(cast.anna.viewer, writes=True) as db:
        ref = drafts.save(db, draft(cast), now=services.clock()).ref
        db.commit()
    for name in ("mara", "ada", "axel", "bert"):
        with pytest.raises(NotFound):
            act(services, getattr(cast, name), drafts.discard, ref)


def test_an_undone_decision_sends_no_mail_and_a_standing_one_does(
    services, runner, cast, peek, clock
):
    ref = register(services, cast.anna, draft(cast))
    runner.run_due()
    approve(services, cast.mara, ref)
    act(services, cast.mara, decisions.undo, ref)
    clock.pass_(minutes=2)
    runner.run_due()
    sent = select(func.count()).where(
        Letter.template == "deals/approved", Letter.state == LetterState.SENT
    )
    assert peek(sent) == 0
    approve(services, cast.mara, ref)
    clock.pass_(minutes=2)
    runner.run_due()
    assert peek(sent) == 1
