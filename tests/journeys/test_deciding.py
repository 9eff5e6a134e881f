"""A channel manager decides in a real browser: by keys, on a phone, and without scripts."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from portal.db.outbox import Letter, LetterState
from portal.deals.actions import decisions
from portal.deals.actions.decisions import Approve
from portal.deals.models import Deal
from portal.deals.rules.lifecycle import DealState
from portal.kernel.money import Money
from portal.programme.models import DealRulesVersion
from portal.programme.rules.deal_rules import DealRules, OnConflict, SecondGets, SecondRule
from tests.browser import barriers, overflow
from tests.deals.registering import draft, register
from tests.people import PASSWORD

NAMES = ("Bergmann Maschinenbau GmbH", "Casa Moreno Hoteles", "Lumen Diagnostics")
HELVETIA = "Helvetia Logistics AG"


@pytest.fixture
def story(services, runner, cast, clock, system):
    """Three clear claims, then one that stands against a protection of another partner."""
    rules = DealRules(on_conflict=OnConflict.REVIEW, second=SecondRule(SecondGets.CO_SELL))
    system.add(
        DealRulesVersion(
            created_at=clock(), effective_at=clock(), number=1, document=rules.to_dict()
        )
    )
    system.commit()
    held = register(services, cast.carl, draft(cast, customer_name="Helvetia Logistik AG"))
    runner.run_due()
    with services.viewer_session(cast.mara.viewer, writes=True) as db:
        decisions.approve(db, held, Approve(version=None), now=clock())
        db.commit()
    clock.pass_(days=40)
    refs = []
    for number, name in enumerate(NAMES, 1):
        domain = f"customer-{number}.example"
        command = draft(
            cast,
            customer_name=name,
            customer_domain=domain,
            contact_email=f"office@{domain}",
            value=Money(number * 42_500_00, "EUR"),
        )
        refs.append(register(services, cast.anna, command))
        clock.pass_(minutes=10)
    refs.append(register(services, cast.anna, draft(cast, customer_name=HELVETIA)))
    runner.run_due()
    clock.pass_(minutes=10)
    return [held, *refs]


def sign_in(page, address, cast, who="mara"):
    page.goto(f"{address}/sign-in?next=/approvals")
    page.fill("[name=email]", getattr(cast, who).email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{address}/approvals")


@pytest.fixture
def queue(page, address, cast, story):
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, address, cast)
    return page


def opened(page, name):
    """Wait until the panel shows somebody and its heading has the focus."""
    page.wait_for_function(
        "name => document.activeElement?.matches('#panel h2') "
        "&& document.activeElement.textContent.includes(name)",
        arg=name,
    )


def toast(page, words):
    page.locator("#toasts", has_text=words).wait_for()


def waiting_mail(peek):
    query = select(func.count()).where(
        Letter.state == LetterState.WAITING, Letter.template == "deals/approved"
    )
    return peek(query)


def state_of(peek, ref):
    return peek(select(Deal.state).where(Deal.ref == ref))


def test_three_keys_approve_and_the_next_one_opens(queue, story, peek):
    queue.keyboard.press("j")
    queue.keyboard.press("Enter")
    opened(queue, NAMES[0])
    queue.keyboard.press("a")
    opened(queue, NAMES[1])
    toast(queue, f"{NAMES[0]} approved")
    assert state_of(peek, story[1]) is DealState.APPROVED
    assert queue.locator("[data-count=open]").first.inner_text() == "3"
    queue.keyboard.press("a")
    opened(queue, NAMES[2])
    assert state_of(peek, story[2]) is DealState.APPROVED
    assert queue.said == []


def test_z_brings_the_row_back_and_no_mail_is_left(queue, story, peek):
    queue.keyboard.press("j")
    queue.keyboard.press("Enter")
    opened(queue, NAMES[0])
    queue.keyboard.press("a")
    opened(queue, NAMES[1])
    queue.keyboard.press("z")
    toast(queue, "taken back")
    assert queue.locator("tr[data-ref]").first.get_attribute("data-ref") == story[1]
    assert queue.locator("[data-count=open]").first.inner_text() == "4"
    assert state_of(peek, story[1]) is DealState.SUBMITTED
    assert waiting_mail(peek) == 0


def test_a_conflict_is_resolved_with_a_number_and_a(queue, story, peek):
    queue.get_by_role("link", name=HELVETIA, exact=True).click()
    opened(queue, HELVETIA)
    said = "Approve both"
    queue.keyboard.press("4")
    button = queue.locator("#panel [data-key=a]")
    assert said in button.inner_text()
    queue.keyboard.press("a")
    toast(queue, f"{HELVETIA} approved")
    assert state_of(peek, story[4]) is state_of(peek, story[0]) is DealState.APPROVED


def test_rejecting_happens_in_the_panel_and_needs_a_reason(queue, story, peek):
    queue.keyboard.press("j")
    queue.keyboard.press("Enter")
    opened(queue, NAMES[0])
    queue.keyboard.press("r")
    opened(queue, f"Reject {NAMES[0]}")
    queue.get_by_role("button", name="Reject registration").click()
    queue.get_by_role("alert").wait_for()
    queue.get_by_label("Too early to register").check()
    queue.get_by_role("button", name="Reject registration").click()
    opened(queue, NAMES[1])
    assert state_of(peek, story[1]) is DealState.REJECTED


def test_typing_triggers_no_shortcut_and_they_can_be_switched_off(queue, story, peek):
    queue.keyboard.press("/")
    queue.keyboard.type("aid/?xz")
    assert queue.locator("[data-find]").input_value() == "aid/?xz"
    assert not queue.get_by_role("dialog").is_visible()
    queue.locator("[data-find]").fill("")
    queue.locator("h1").click()
    queue.keyboard.press("?")
    queue.get_by_label("Use single-key shortcuts").uncheck()
    queue.keyboard.press("Escape")
    queue.keyboard.press("j")
    queue.keyboard.press("a")
    assert queue.evaluate("document.activeElement.tagName") != "A"
    assert state_of(peek, story[1]) is DealState.SUBMITTED


def test_escape_closes_the_panel_and_gives_the_focus_back(queue):
    queue.keyboard.press("j")
    queue.keyboard.press("Enter")
    opened(queue, NAMES[0])
    queue.keyboard.press("Escape")
    assert not queue.locator("#panel").is_visible()
    assert queue.evaluate("document.activeElement.textContent") == NAMES[0]
    assert "deal=" not in queue.url


def test_chosen_rows_are_approved_together_and_undone(queue, story, peek):
    for name in (NAMES[0], NAMES[1], HELVETIA):
        queue.get_by_label(f"Select {name}").check()
    assert "3 selected, 1 needs a review first" in queue.locator(".bulk").inner_text()
    queue.get_by_role("button", name=re.compile("Approve 2")).click()
    toast(queue, "2 registrations approved")
    assert queue.locator("tr[data-ref]").count() == 2
    queue.keyboard.press("z")
    toast(queue, "taken back")
    assert queue.locator("tr[data-ref]").count() == 4
    assert state_of(peek, story[1]) is state_of(peek, story[2]) is DealState.SUBMITTED


def test_everything_works_without_scripts(browser, address, cast, story, peek):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, address, cast)
    page.get_by_role("link", name=NAMES[0], exact=True).click()
    page.locator("#panel").get_by_role("button", name="Approve").click()
    assert f"{NAMES[0]} approved." in page.locator(".notes").inner_text()
    page.locator(".notes").get_by_role("button", name="Undo").click()
    assert state_of(peek, story[1]) is DealState.SUBMITTED
    page.get_by_label(f"Select {NAMES[1]}").check()
    page.locator(".bulk").get_by_role("button", name="Approve").click()
    assert state_of(peek, story[2]) is DealState.APPROVED
    page.get_by_role("searchbox").fill("lumen")
    page.get_by_role("searchbox").press("Enter")
    assert page.locator("tr[data-ref]").count() == 1
    page.goto(f"{address}/approvals?deal={story[4]}")
    page.get_by_label("reject this").check()
    page.locator("#panel [data-key=a]").click()
    assert state_of(peek, story[4]) is DealState.REJECTED
    context.close()


def test_on_a_phone_two_taps_approve(browser, address, cast, story, peek):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    sign_in(page, address, cast)
    page.get_by_role("link", name=NAMES[0], exact=True).tap()
    page.locator(".panel__foot").get_by_role("button", name="Approve").tap()
    page.locator(".notes", has_text=f"{NAMES[0]} approved").wait_for()
    assert state_of(peek, story[1]) is DealState.APPROVED
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_queue_keeps_nobody_out(queue, address, story, theme):
    queue.emulate_media(color_scheme=theme, reduced_motion="reduce")
    clear, conflict = story[1], story[4]
    paths = [
        "/approvals",
        "/approvals?view=decided",
        "/approvals?q=nothing+like+it",
        f"/approvals?deal={clear}",
        f"/approvals?deal={conflict}",
        f"/approvals?deal={clear}&act=reject",
        f"/approvals?deal={clear}&act=ask",
    ]
    for path in paths:
        queue.goto(f"{address}{path}")
        for width in (1440, 390):
            queue.set_viewport_size({"width": width, "height": 900})
            assert not barriers(queue), f"{path} at {width}"
        for width in (320, 390, 768, 1024, 1440):
            queue.set_viewport_size({"width": width, "height": 900})
            assert overflow(queue) <= 0, f"{path} scrolls sideways at {width}"
