"""The decision screens through HTTP: the list, the panel, and every decision on them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import event, func, select

from portal.db.outbox import Letter, LetterState
from portal.deals.actions import intake
from portal.deals.models import Deal, Message, Protection, Sighting
from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.states import ProtectionState
from portal.kernel.money import Money
from portal.programme.models import DealRulesVersion
from portal.programme.rules.deal_rules import DealRules, OnConflict, SecondGets, SecondRule
from tests.deals.registering import draft, register

FRAGMENT = {"X-Fragment": "outcome"}


def named(cast, number, **changes):
    """A draft of a customer of its own."""
    given = {
        "customer_name": f"Bergmann {number} GmbH",
        "customer_domain": f"bergmann-{number}.example",
        "contact_email": f"einkauf@bergmann-{number}.example",
        "value": Money(number * 10_000_00, "EUR"),
    }
    return draft(cast, **{**given, **changes})


def state_of(peek, ref):
    return peek(select(Deal.state).where(Deal.ref == ref))


@pytest.fixture
def set_rules(system, clock):
    """Put a programme in force."""

    def set_(rules):
        system.add(
            DealRulesVersion(
                created_at=clock(), effective_at=clock(), number=7, document=rules.to_dict()
            )
        )
        system.commit()

    return set_


@pytest.fixture
def clear(services, runner, cast):
    """Three clear claims of Alder, sent a minute apart."""
    refs = [register(services, cast.anna, named(cast, number)) for number in (1, 2, 3)]
    runner.run_due()
    return refs


@pytest.fixture
def contested(services, runner, cast, clock, set_rules, browser_of):
    """Alder is protected, Cedar claims the same; the rules leave it to a person."""
    second = SecondRule(SecondGets.CO_SELL)
    set_rules(DealRules(on_conflict=OnConflict.REVIEW, second=second))
    held = register(services, cast.anna, draft(cast))
    runner.run_due()
    browser_of(cast.mara).send(f"/approvals/{held}/decide")
    clock.pass_(days=1)
    claim = register(services, cast.carl, draft(cast, customer_name="HELVETIA Logistics"))
    runner.run_due()
    return held, claim


def letters(peek, template, state):
    query = select(func.count()).where(
        Letter.template == f"deals/{template}", Letter.state == state
    )
    return peek(query)


def refs_in(page):
    return re.findall(r'<tr[^>]* data-ref="([^"]+)"', page.text)


def test_the_queue_lists_what_waits_by_time_left(browser_of, cast, clear, clock, services):
    clock.pass_(hours=1)
    later = register(services, cast.carl, named(cast, 9))
    page = browser_of(cast.mara).get("/approvals")
    assert refs_in(page) == [*clear, later]
    assert "€10,000" in page.text


def test_a_manager_sees_only_the_partners_they_look_after(browser_of, cast, clear):
    assert refs_in(browser_of(cast.otto).get("/approvals")) == []
    assert browser_of(cast.otto).get(f"/approvals?deal={clear[0]}").status_code == 404
    assert refs_in(browser_of(cast.ada).get("/approvals")) == clear


@pytest.mark.parametrize("name", ["anna", "alma", "fritz", "lena", "ivo"])
def test_only_those_who_decide_see_the_queue(browser_of, cast, name):
    assert browser_of(getattr(cast, name)).get("/approvals").status_code == 403


def test_the_list_takes_two_statements_and_the_page_at_most_five(browser_of, cast, clear, engines):
    browser = browser_of(cast.mara)
    browser.get("/approvals")
    seen = []
    event.listen(engines.read, "before_cursor_execute", lambda *a: seen.append(a[2]))
    event.listen(engines.write, "before_cursor_execute", lambda *a: seen.append(a[2]))
    browser.get("/approvals")
    selects = [each for each in seen if each.lstrip().upper().startswith("SELECT")]
    assert len(selects) <= 5, "\n\n".join(selects)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=bergmann 2", [1]),
        ("q=bergmann-3.example", [2]),
        ("q=alder", [0, 1, 2]),
        ("q=100%25", []),
        ("size=small", [0, 1, 2]),
        ("size=large", []),
        ("line=observe", [0, 1, 2]),
        ("line=vault", []),
        ("region=dach&tier=gold", [0, 1, 2]),
        ("tier=silver", []),
        ("view=mine", [0, 1, 2]),
        ("view=check", []),
        ("view=nonsense", [0, 1, 2]),
    ],
)
def test_filters_stand_in_the_address(browser_of, cast, clear, query, found):
    page = browser_of(cast.mara).get(f"/approvals?{query}")
    assert refs_in(page) == [clear[place] for place in found]


def test_pages_follow_one_another(browser_of, cast, services, runner, clock):
    refs = [register(services, cast.carl, named(cast, number + 1)) for number in range(30)]
    runner.run_due()
    browser = browser_of(cast.mara)
    first = browser.get("/approvals")
    following = re.search(r'href="([^"]+)" rel="next"', first.text).group(1)
    second = browser.get(following.replace("&amp;", "&"))
    assert refs_in(first) + refs_in(second) == refs
    back = re.search(r'href="([^"]+)" rel="prev"', second.text).group(1)
    assert refs_in(browser.get(back.replace("&amp;", "&"))) == refs_in(first)


def test_the_panel_alone_is_sent_to_scripts(browser_of, cast, clear):
    panel = browser_of(cast.mara).get(
        f"/approvals?deal={clear[1]}", headers={"X-Fragment": "panel"}
    )
    assert "<html" not in panel.text
    assert "Bergmann 2 GmbH" in panel.text
    assert "X-Fragment" in panel.headers["Vary"]
    assert f"deal={clear[0]}" in panel.text
    assert f"deal={clear[2]}" in panel.text


def test_approving_opens_the_next_and_counts_down(browser_of, cast, clear, peek):
    answer = browser_of(cast.mara).post(
        f"/approvals/{clear[0]}/decide",
        data={"csrf_token": browser_of(cast.mara).token(), "version": ""},
        headers=FRAGMENT,
    )
    assert answer.status_code == 400, "a token of another browser is refused"
    browser = browser_of(cast.mara)
    answer = browser.post(
        f"/approvals/{clear[0]}/decide",
        data={"csrf_token": browser.token()},
        headers=FRAGMENT,
    )
    assert f'data-gone="{clear[0]}"' in answer.text
    assert f"deal={clear[1]}" in answer.text
    assert 'data-count-of="open" value="2"' in answer.text
    assert state_of(peek, clear[0]) is DealState.APPROVED


def test_without_scripts_a_decision_leads_back_to_the_list_with_undo(browser_of, cast, clear, peek):
    browser = browser_of(cast.mara)
    answer = browser.send(f"/approvals/{clear[0]}/decide?view=mine")
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert "Bergmann 1 GmbH approved." in page.text
    undo = re.search(r'action="(/approvals/undo[^"]*)"', page.text).group(1)
    browser.send(undo.replace("&amp;", "&"))
    assert state_of(peek, clear[0]) is DealState.SUBMITTED


def test_undo_leaves_no_mail(browser_of, cast, clear, peek, runner, clock):
    browser = browser_of(cast.mara)
    browser.send(f"/approvals/{clear[0]}/decide")
    browser.send(f"/approvals/undo?refs={clear[0]}")
    assert letters(peek, "approved", LetterState.WAITING) == 0


def test_a_decision_on_an_old_version_says_so(browser_of, cast, clear, peek):
    answer = browser_of(cast.mara).send(f"/approvals/{clear[0]}/decide", version="99")
    assert answer.status_code == 409


def test_a_rejection_needs_a_reason_and_keeps_what_was_typed(browser_of, cast, clear, peek):
    browser = browser_of(cast.mara)
    refused = browser.send(f"/approvals/{clear[0]}/reject", text="Too small for this line")
    assert refused.status_code == 422
    assert "Choose a reason" in refused.text
    assert "Too small for this line" in refused.text
    browser.send(f"/approvals/{clear[0]}/reject", reason="too_small", text="From 20,000")
    assert state_of(peek, clear[0]) is DealState.REJECTED


def test_asking_opens_only_the_fields_chosen(browser_of, cast, clear, peek):
    browser = browser_of(cast.mara)
    assert browser.send(f"/approvals/{clear[0]}/ask").status_code == 422
    browser.send(f"/approvals/{clear[0]}/ask", fields=["activity", "value"], text="Who buys?")
    assert state_of(peek, clear[0]) is DealState.INFORMATION_REQUESTED
    assert peek(select(Deal.asked_fields).where(Deal.ref == clear[0])) == "activity value"


def test_only_clear_ones_are_approved_together(browser_of, cast, clear, contested, peek):
    _, claim = contested
    browser = browser_of(cast.mara)
    answer = browser.send("/approvals/bulk", refs=[clear[0], clear[1], claim], act="approve")
    page = browser.get(answer.location)
    assert "2 registrations approved. HELVETIA Logistics needs a review first." in page.text
    assert state_of(peek, clear[0]) is DealState.APPROVED
    assert state_of(peek, claim) is DealState.SUBMITTED
    undo = re.search(r'action="(/approvals/undo[^"]*)"', page.text).group(1)
    browser.send(undo.replace("&amp;", "&"))
    assert state_of(peek, clear[0]) is state_of(peek, clear[1]) is DealState.SUBMITTED


def test_a_conflict_is_compared_under_three_questions(browser_of, cast, contested):
    held, claim = contested
    page = browser_of(cast.mara).get(f"/approvals?deal={claim}").text
    for words in (
        "Same account?",
        "Same deal?",
        "Who has the better claim?",
        "identical",
        "Alder Systems",
        f"Approve this, end {held}",
        "Approve both, no exclusivity",
    ):
        assert words in page, words


def test_ending_the_other_protection_needs_a_reason_and_a_colleague(
    browser_of, cast, contested, peek
):
    held, claim = contested
    mara, ada = browser_of(cast.mara), browser_of(cast.ada)
    refused = mara.send(f"/approvals/{claim}/decide", outcome="replace")
    assert refused.status_code == 422
    mara.send(f"/approvals/{claim}/decide", outcome="replace", why="Alder left the customer")
    assert state_of(peek, claim) is DealState.SUBMITTED
    asked = ada.get(f"/approvals?deal={claim}").text
    assert "Mara asks to decide against the rules:" in asked
    assert "Alder left the customer" in asked
    assert '<input type="hidden" name="outcome" value="replace">' in asked
    ada.send(f"/approvals/{claim}/decide", outcome="replace")
    assert state_of(peek, claim) is DealState.APPROVED
    assert state_of(peek, held) is DealState.EXPIRED
    ada.send(f"/approvals/undo?refs={claim}")
    assert state_of(peek, claim) is DealState.SUBMITTED
    assert state_of(peek, held) is DealState.APPROVED
    live = select(func.count()).where(Protection.state == ProtectionState.LIVE)
    assert peek(live) == 1
    assert letters(peek, "overridden", LetterState.WAITING) == 0
    assert letters(peek, "overridden", LetterState.CANCELLED) == 1


def test_asking_the_holder_says_nothing_of_the_claim_and_moves_the_deadline(
    browser_of, cast, contested, peek
):
    held, claim = contested
    before = peek(select(Deal.due_at).where(Deal.ref == claim))
    mara = browser_of(cast.mara)
    mara.send(f"/approvals/{claim}/decide", outcome="ask")
    body = peek(select(Message.body).join(Deal, Deal.id == Message.deal_id))
    assert claim not in body
    assert "Cedar" not in body
    assert peek(select(Deal.ref).join(Message, Message.deal_id == Deal.id)) == held
    assert peek(select(Deal.due_at).where(Deal.ref == claim)) > before
    again = mara.send(f"/approvals/{claim}/decide", outcome="ask")
    assert again.status_code == 422


def test_keeping_the_other_rejects_as_not_open(browser_of, cast, contested, peek):
    _, claim = contested
    browser_of(cast.mara).send(f"/approvals/{claim}/decide", outcome="keep")
    assert state_of(peek, claim) is DealState.REJECTED
    assert peek(select(Deal.reason).where(Deal.ref == claim)) == "not_open"


def test_both_are_approved_where_the_programme_allows_a_second(
    browser_of, cast, contested, peek, clock, runner
):
    held, claim = contested
    browser_of(cast.mara).send(f"/approvals/{claim}/decide", outcome="both")
    assert state_of(peek, claim) is state_of(peek, held) is DealState.APPROVED
    assert peek(select(Protection.is_shared).join(Deal).where(Deal.ref == claim))
    clock.pass_(days=120)
    runner.run_due()
    assert state_of(peek, claim) is DealState.EXPIRED


def test_the_customers_choice_moves_what_is_left_of_the_protection(
    browser_of, cast, contested, peek
):
    held, claim = contested
    ends_at = peek(select(Protection.ends_at).join(Deal).where(Deal.ref == held))
    mara, ada = browser_of(cast.mara), browser_of(cast.ada)
    assert "The customer chose Cedar" in mara.get(f"/approvals?deal={claim}&act=choice").text
    assert mara.send(f"/approvals/{claim}/decide", outcome="choice").status_code == 422
    mara.send(f"/approvals/{claim}/decide", outcome="choice", why="Letter of 2 March")
    assert state_of(peek, claim) is DealState.SUBMITTED
    again = mara.send(f"/approvals/{claim}/decide", outcome="choice")
    assert "colleague" in again.text
    ada.send(f"/approvals/{claim}/decide", outcome="choice")
    assert state_of(peek, held) is DealState.TRANSFERRED
    assert state_of(peek, claim) is DealState.APPROVED
    moved = select(Protection.ends_at).join(Deal).where(Deal.ref == claim)
    assert peek(moved) == ends_at
    assert letters(peek, "transferred", LetterState.WAITING) == 1


def test_who_looked_is_kept_once_an_hour_and_not_for_what_is_fetched_early(
    browser_of, cast, clear, peek, clock
):
    browser, looks = browser_of(cast.mara), select(func.count()).select_from(Sighting)
    path, early = f"/approvals?deal={clear[0]}", {"X-Fragment": "panel", "X-Prefetch": "1"}
    browser.get(path, headers=early)
    assert peek(looks) == 0
    assert browser.get(path, headers={"X-Fragment": "seen"}).status_code == 204
    browser.get(path)
    assert peek(looks) == 1
    clock.pass_(hours=2)
    browser_of(cast.mara).get(path)
    assert peek(looks) == 2


def test_a_file_holds_exactly_what_is_shown(browser_of, cast, clear):
    browser = browser_of(cast.mara)
    told = browser.get("/approvals/export.csv?q=bergmann 2").data.decode("utf-8-sig")
    assert [line.split(",")[0] for line in told.splitlines()] == ["Number", clear[1]]
    sheet = browser.get("/approvals/export.xlsx?q=bergmann 2")
    assert sheet.data.startswith(b"PK")


def test_an_appeal_is_decided_in_the_same_place(browser_of, cast, clear, services, peek):
    mara = browser_of(cast.mara)
    mara.send(f"/approvals/{clear[0]}/reject", reason="too_small", text="From 20,000")
    with services.viewer_session(cast.anna.viewer, writes=True) as db:
        intake.appeal(db, clear[0], "It grew", now=services.clock())
        db.commit()
    ada = browser_of(cast.ada)
    assert "It grew" in ada.get(f"/approvals?deal={clear[0]}").text
    assert mara.send(f"/approvals/{clear[0]}/decide").status_code == 422
    ada.send(f"/approvals/{clear[0]}/decide")
    assert state_of(peek, clear[0]) is DealState.APPROVED


def test_notes_for_staff_stay_with_staff(browser_of, cast, clear, peek):
    mara = browser_of(cast.mara)
    mara.send(f"/approvals/{clear[0]}/note", body="Call Reto first", visibility="staff")
    assert "Call Reto first" in mara.get(f"/approvals?deal={clear[0]}").text
    assert mara.send(f"/approvals/{clear[0]}/note", visibility="staff").status_code == 422


def test_a_day_is_the_readers(browser_of, cast, clear, clock):
    browser = browser_of(cast.mara)
    assert refs_in(browser.get("/approvals?view=today")) == []
    clock.now = dt.datetime(2026, 3, 4, 7, 0, tzinfo=dt.UTC)
    assert refs_in(browser_of(cast.mara).get("/approvals?view=today")) == clear


def test_a_view_is_saved_for_oneself_or_shared_with_colleagues(browser_of, cast, clear):
    mara, ada, anna = (browser_of(each) for each in (cast.mara, cast.ada, cast.anna))
    path = "/views?page=/approvals"
    refused = mara.send(path, query="tier=gold", name="")
    assert refused.status_code == 422
    saved = mara.send(path, query="tier=gold", name="Gold ones", shared="1")
    assert saved.location == "/approvals?tier=gold"
    mara.send(path, query="size=large", name="Large ones")
    assert "Gold ones" in ada.get("/approvals").text
    assert "Large ones" not in ada.get("/approvals").text
    assert "Large ones" in mara.get("/approvals").text
    assert "Gold ones" not in anna.get(path).text
    assert ada.send("/views/remove?page=/approvals", name="Gold ones").status_code == 404
    removed = mara.send("/views/remove?page=/approvals", name="Gold ones")
    assert "Gold ones is removed." in mara.get(removed.location).text
    assert "Gold ones" not in mara.get("/approvals").text


@pytest.mark.parametrize("page", ["//evil.example", "https://evil.example", "", "/a?b=c"])
def test_a_view_belongs_to_a_list_of_the_portal(browser_of, cast, page):
    answer = browser_of(cast.mara).send(f"/views?page={page}", query="", name="Trap")
    assert answer.status_code == 404
