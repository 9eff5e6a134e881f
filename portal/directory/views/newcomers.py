"""Letting people in: invitations to one's own side, and a new partner with its first manager."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from flask.typing import ResponseReturnValue

from portal.accounts import actions as accounts
from portal.accounts.actions import team
from portal.directory.forms import InviteForm, PartnerForm
from portal.directory.views.changes import offer_places
from portal.directory.views.companies import area, shown
from portal.kernel.policy import May, Role
from portal.partners import actions as partners
from portal.partners.rules import PartnerType
from portal.web import limits
from portal.web.area import Visit
from portal.web.sessions import hashed

DAY = dt.timedelta(days=1)


def limit_invitations(visit: Visit) -> None:
    """Counted in a transaction of its own, so before the visit's has begun."""
    key = f"invite:{visit.viewer.user_id}"
    limits.check(visit.services, key, most=100, window=DAY, now=visit.now)


def invite_people(
    visit: Visit,
    people: Iterable[tuple[str, str]],
    *,
    roles: frozenset[Role],
    partner_id: int | None,
) -> int:
    """Invite (address, name)s; all or nobody.  Returns how many lines were taken."""
    count = 0
    with visit.db.as_system("an address may have an account with any company") as system:
        for address, name in people:
            token = visit.services.new_token()
            command = team.Invite(
                ref=visit.services.new_ref("PE"),
                email=address,
                name=name,
                roles=roles,
                partner_id=partner_id,
                token=token,
                token_hash=hashed(token),
                inviter=visit.person.name,
                locale=visit.person.locale,
                time_zone=visit.person.time_zone,
            )
            team.invite(system, command, now=visit.now)
            count += 1
    return count


@area.page("/partners/new", needs=May.PARTNERS_EDIT)
def show_new_partner(visit: Visit) -> ResponseReturnValue:
    form = PartnerForm(currency="EUR", kind=PartnerType.RESELLER.value)
    offer_places(visit, form)
    return visit.render("directory/new.html", form=form)


@area.act("/partners/new", needs=May.PARTNERS_EDIT)
def add_partner(visit: Visit) -> ResponseReturnValue:
    limit_invitations(visit)
    form = visit.form(PartnerForm)
    offer_places(visit, form)

    def add() -> str:
        command = form.create(visit.services.new_ref("PA"))
        with visit.db.as_system("a new company is known to nobody yet") as system:
            partner = partners.create(system, command, now=visit.now)
            if Role.CHANNEL_MANAGER in visit.viewer.roles:
                user_id = visit.viewer.user_id
                accounts.assign(system, partner_id=partner.id, user_id=user_id, now=visit.now)
            number = partner.id
        first = [(form.email.data or "", form.person.data or "")]
        manager = Role.PARTNER_MANAGER
        if command.kind is PartnerType.DISTRIBUTOR:
            manager = Role.DISTRIBUTOR_MANAGER
        invite_people(visit, first, roles=frozenset({manager}), partner_id=number)
        return command.ref

    ref = visit.attempt(form, add)
    if ref is None:
        return visit.render("directory/new.html", 422, form=form)
    visit.say(f"{form.name.data} is added, and {form.person.data} invited.")
    return visit.go("directory.show_list", q=ref)


@area.page("/partners/<ref>/invite", needs=May.PARTNERS_EDIT)
def show_partner_invite(visit: Visit, ref: str) -> ResponseReturnValue:
    company, form = shown(visit, ref, "show_people"), InviteForm()
    form.offer(company.roles)
    return visit.render("directory/partner_invite.html", company=company, form=form)


@area.act("/partners/<ref>/invite", needs=May.PARTNERS_EDIT)
def invite_to_partner(visit: Visit, ref: str) -> ResponseReturnValue:
    limit_invitations(visit)
    company, form = shown(visit, ref, "show_people"), visit.form(InviteForm)
    form.offer(company.roles)

    def send() -> int:
        return invite_people(
            visit, form.invited(), roles=form.chosen(), partner_id=company.partner.id
        )

    count = visit.attempt(form, send)
    if count is None:
        return visit.render("directory/partner_invite.html", 422, company=company, form=form)
    visit.say("The invitation is on its way." if count == 1 else f"{count} invitations are sent.")
    return visit.go("directory.show_people", ref=ref)
