"""People come, change and go, through HTTP: teams of partners and the vendor's own people."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Assignment, User, UserRole
from portal.db.outbox import Letter
from portal.deals.models import Deal
from portal.kernel.policy import Role
from portal.partners.models import Partner
from tests.deals.registering import draft, register

NEW = "walnut lantern orbit meadow"


def ref_of(peek, somebody):
    return peek(select(User.ref).where(User.id == somebody.user_id))


def letters(peek, template):
    return peek(select(func.count()).where(Letter.template == template))


def invite(browser, people, *, roles=("partner_seller",), folder="/team"):
    page = f"{folder}/invite"
    return browser.send(page, page=page, people=people, roles=list(roles))


def join(app, peek, *, name="Mia Frei", password=NEW):
    last = select(Letter.facts).where(Letter.template == "accounts/invitation")
    token = peek(last.order_by(Letter.id.desc()).limit(1))["token"]
    page = f"/invite/{token}"
    browser = app.test_client()
    return browser, browser.send(page, page=page, name=name, password=password)


def sign_in(app, email, password=NEW):
    browser = app.test_client()
    fields = {"email": email, "password": password, "next": "/"}
    return browser, browser.send("/sign-in", page="/sign-in", **fields)


def test_a_partner_manager_invites_and_the_invited_joins_once(app, browser_of, cast, peek):
    answer = invite(browser_of(cast.alma), "mia@alder.example Mia")
    assert (answer.status_code, answer.location) == (303, "/team")
    browser, joined = join(app, peek)
    assert joined.location == "/sign-in"
    _, inside = sign_in(app, "mia@alder.example")
    assert inside.status_code == 303
    mia = select(User.partner_id).where(User.email == "mia@alder.example")
    assert peek(mia) == cast.partners["alder"]
    assert peek(select(User.name).where(User.email == "mia@alder.example")) == "Mia Frei"
    token = peek(select(Letter.facts).where(Letter.template == "accounts/invitation"))["token"]
    assert "This invitation is over" in browser.get(f"/invite/{token}").text
    assert letters(peek, "accounts/password_changed") == 0


def test_an_invitation_is_over_after_seven_days(app, browser_of, cast, peek, clock):
    invite(browser_of(cast.alma), "mia@alder.example")
    token = peek(select(Letter.facts).where(Letter.template == "accounts/invitation"))["token"]
    clock.pass_(days=7)
    assert "This invitation is over" in app.test_client().get(f"/invite/{token}").text


def test_a_weak_password_keeps_the_invitation_open(app, browser_of, cast, peek):
    invite(browser_of(cast.alma), "mia@alder.example")
    _, weak = join(app, peek, password="short")
    assert weak.status_code == 422
    assert "at least 12 characters" in weak.text
    _, joined = join(app, peek)
    assert joined.status_code == 303


def test_an_address_that_has_an_account_elsewhere_gets_the_same_answer(browser_of, cast, peek):
    alma = browser_of(cast.alma)
    fresh, known = invite(alma, "mia@alder.example"), invite(alma, cast.carl.email)
    assert (fresh.status_code, fresh.location) == (known.status_code, known.location)
    assert letters(peek, "accounts/has_account") == 1
    assert (
        peek(select(User.partner_id).where(User.id == cast.carl.user_id))
        == (cast.partners["cedar"])
    )


def test_inviting_again_sends_a_new_link_and_voids_the_old(app, browser_of, cast, peek):
    alma = browser_of(cast.alma)
    invite(alma, "mia@alder.example")
    first = peek(select(Letter.facts).where(Letter.template == "accounts/invitation"))["token"]
    invite(alma, "mia@alder.example", roles=("partner_finance",))
    assert "This invitation is over" in app.test_client().get(f"/invite/{first}").text
    assert join(app, peek)[1].status_code == 303
    roles = select(UserRole.role).join(User).where(User.email == "mia@alder.example")
    assert peek(roles) is Role.PARTNER_FINANCE


def test_pasted_lines_are_read_as_mail_programs_write_them(browser_of, cast, peek):
    pasted = "Mia Frei <mia@alder.example>;\n\nuwe@alder.example, Uwe Roth\nmia@ALDER.example"
    answer = invite(browser_of(cast.alma), pasted)
    assert answer.status_code == 303
    assert letters(peek, "accounts/invitation") == 2
    assert peek(select(User.name).where(User.email == "uwe@alder.example")) == "Uwe Roth"


@pytest.mark.parametrize(
    ("people", "roles", "message"),
    [
        ("mia@alder.example\nnobody", ("partner_seller",), "Line 2"),
        ("", ("partner_seller",), "Enter at least one address"),
        ("mia@alder.example", (), "Choose at least one role"),
        ("mia@alder.example", ("administrator",), "not a valid choice"),
        ("mia@alder.example", ("distributor_manager",), "not a valid choice"),
    ],
)
def test_a_refused_invitation_invites_nobody(browser_of, cast, peek, people, roles, message):
    answer = invite(browser_of(cast.alma), people, roles=roles)
    assert answer.status_code == 422
    if "valid" not in message:
        assert message in answer.text
    assert letters(peek, "accounts/invitation") == 0


@pytest.mark.parametrize("name", ["anna", "alois", "mara", "fritz"])
def test_only_managers_have_a_team(browser_of, cast, name):
    assert browser_of(getattr(cast, name)).get("/team").status_code == 403


def test_a_team_is_ones_own_company_and_another_is_not_there(browser_of, cast, peek):
    alma = browser_of(cast.alma)
    page = alma.get("/team").text
    assert "anna@alder.example" in page
    assert "cedar" not in page
    carl = ref_of(peek, cast.carl)
    for path in (f"/team/{carl}", f"/team/{carl}/leave"):
        assert alma.get(path).status_code == 404
    for path in (f"/team/{carl}/roles", f"/team/{carl}/leave", f"/team/{carl}/return"):
        assert alma.send(path).status_code == 404


def test_changed_roles_hold_at_once_and_end_the_sessions(browser_of, cast, peek):
    anna, alma = browser_of(cast.anna), browser_of(cast.alma)
    page = f"/team/{ref_of(peek, cast.anna)}"
    answer = alma.send(f"{page}/roles", page=page, roles=["partner_seller", "partner_finance"])
    assert answer.status_code == 303
    assert anna.get("/me").status_code == 303
    held = select(func.count()).where(UserRole.user_id == cast.anna.user_id)
    assert peek(held) == 2
    assert letters(peek, "accounts/roles_changed") == 1


def test_the_last_manager_can_neither_leave_nor_lose_the_role(browser_of, cast, peek):
    alma = browser_of(cast.alma)
    page = f"/team/{ref_of(peek, cast.alma)}"
    roles = alma.send(f"{page}/roles", page=page, roles=["partner_seller"])
    assert roles.status_code == 422
    assert "the last who can let people in" in roles.text
    leave = alma.send(f"{page}/leave", page=f"{page}/leave", successor="")
    assert leave.status_code == 422
    assert peek(select(User.is_active).where(User.id == cast.alma.user_id))


def test_the_last_administrator_stays(browser_of, cast, peek):
    page = f"/settings/people/{ref_of(peek, cast.ada)}"
    answer = browser_of(cast.ada).send(f"{page}/roles", page=page, roles=["finance"])
    assert answer.status_code == 422


def test_who_leaves_is_out_at_once_and_a_colleague_takes_over(
    app, browser_of, cast, peek, services
):
    ref = register(services, cast.anna, draft(cast))
    anna, alma = browser_of(cast.anna), browser_of(cast.alma)
    page = f"/team/{ref_of(peek, cast.anna)}"
    form = f"{page}/leave"
    assert "Who takes over" in alma.get(form).text
    answer = alma.send(form, page=form, successor=str(cast.axel.user_id))
    assert answer.status_code == 303
    assert anna.get("/me").status_code == 303
    assert peek(select(Deal.owner_id).where(Deal.ref == ref)) == cast.axel.user_id
    _, refused = sign_in(app, cast.anna.email, "spruce harbour violet kettle")
    assert refused.status_code == 422
    assert alma.send(f"{page}/return", page=page).status_code == 303
    _, inside = sign_in(app, cast.anna.email, "spruce harbour violet kettle")
    assert inside.status_code == 303


def test_nobody_of_another_company_takes_over(browser_of, cast, peek):
    form = f"/team/{ref_of(peek, cast.anna)}/leave"
    answer = browser_of(cast.alma).send(form, page=form, successor=str(cast.carl.user_id))
    assert answer.status_code == 422
    assert peek(select(User.is_active).where(User.id == cast.anna.user_id))


def test_the_companies_of_a_channel_manager_who_leaves_go_to_a_colleague(browser_of, cast, peek):
    form = f"/settings/people/{ref_of(peek, cast.mara)}/leave"
    answer = browser_of(cast.ada).send(form, page=form, successor=str(cast.otto.user_id))
    assert answer.status_code == 303
    mine = select(func.count()).where(Assignment.user_id == cast.otto.user_id)
    assert peek(mine) == 4


def test_an_administrator_manages_staff_and_partners_people(browser_of, cast, peek):
    ada = browser_of(cast.ada)
    page = ada.get("/settings/people").text
    assert "fritz@vendor.example" in page
    assert "anna@alder.example" not in page
    assert ada.get(f"/settings/people/{ref_of(peek, cast.anna)}").status_code == 200
    answer = invite(ada, "zoe@vendor.example Zoe", roles=("auditor",), folder="/settings/people")
    assert answer.status_code == 303
    assert peek(select(User.partner_id).where(User.email == "zoe@vendor.example")) is None


def test_an_administrator_ends_somebodys_sessions(browser_of, cast, peek):
    anna, ada = browser_of(cast.anna), browser_of(cast.ada)
    page = f"/settings/people/{ref_of(peek, cast.anna)}"
    assert ada.send(f"{page}/sessions/end", page=page).status_code == 303
    assert anna.get("/me").status_code == 303


def test_changing_staff_needs_a_fresh_sign_in(browser_of, cast, peek, clock):
    ada = browser_of(cast.ada)
    page = f"/settings/people/{ref_of(peek, cast.fritz)}"
    clock.pass_(minutes=16)
    answer = ada.send(f"{page}/roles", page=page, roles=["finance", "auditor"])
    assert answer.status_code == 403


PARTNER = {
    "name": "Dogwood AG",
    "kind": "reseller",
    "domain": "dogwood.example",
    "country": "CH",
    "currency": "CHF",
    "region": "",
    "tier": "",
    "email": "dora@dogwood.example",
    "person": "Dora Dogwood",
}


def test_a_channel_manager_adds_a_partner_and_looks_after_it(app, browser_of, cast, peek):
    mara = browser_of(cast.mara)
    answer = mara.send("/partners/new", page="/partners/new", **PARTNER)
    assert answer.status_code == 303
    assert "Dogwood AG" in mara.get("/partners").text
    assert join(app, peek, name="Dora")[1].status_code == 303
    dora, inside = sign_in(app, "dora@dogwood.example")
    assert inside.status_code == 303
    assert dora.get("/team").status_code == 200
    taken = mara.send("/partners/new", page="/partners/new", **PARTNER | {"email": "x@y.example"})
    assert taken.status_code == 422
    assert "Dogwood AG has this domain" in taken.text
    assert peek(select(func.count()).where(Partner.name == "Dogwood AG")) == 1


def test_staff_invite_people_of_a_company_they_look_after(browser_of, cast, peek):
    mara = browser_of(cast.mara)
    ref = peek(select(Partner.ref).where(Partner.id == cast.partners["cedar"]))
    answer = invite(mara, "cleo@cedar.example", folder=f"/partners/{ref}")
    assert answer.status_code == 303
    assert "cleo@cedar.example" in mara.get(f"/partners/{ref}/people").text
    other = peek(select(Partner.ref).where(Partner.id == cast.partners["birch"]))
    assert mara.get(f"/partners/{other}/invite").status_code == 404
