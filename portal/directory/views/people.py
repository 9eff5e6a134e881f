"""People of one side: a partner manager's team, and the vendor's own people for administrators.

Both are the same pages at two addresses; a `Side` says whose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from portal.accounts import actions as account_actions
from portal.accounts import queries as accounts
from portal.accounts import rules as account_rules
from portal.accounts.actions import team
from portal.accounts.models import User
from portal.accounts.queries import Person
from portal.db.session import SystemSession
from portal.directory import queries
from portal.directory.forms import InviteForm, LeaveForm, RolesForm
from portal.directory.views.newcomers import invite_people, limit_invitations
from portal.kernel.policy import May, Role
from portal.web.area import Area, Visit
from portal.web.forms import PortalForm

area = Area("people", __name__)

Act = Callable[[SystemSession, User], None]


@dataclass(frozen=True, slots=True)
class Side:
    """Where the pages of one side stand: the folder of their addresses and the page's title."""

    folder: str
    title: str

    def url(self, rest: str = "") -> str:
        return f"{self.folder}{rest}"


TEAM = Side("/team", "Team")
STAFF = Side("/settings/people", "People")


@area.page("/team", needs=May.TEAM_MANAGE)
def show_team(visit: Visit) -> ResponseReturnValue:
    return _list(visit, TEAM)


@area.page("/settings/people", needs=May.USERS_MANAGE)
def show_staff(visit: Visit) -> ResponseReturnValue:
    return _list(visit, STAFF)


def _list(visit: Visit, side: Side) -> ResponseReturnValue:
    with visit.db.as_system("the people of one's own side, with their roles") as system:
        found = queries.list_people(system, visit.viewer.partner_id)
    return visit.render("directory/team.html", whose=side, people=found)


@area.page("/team/invite", needs=May.TEAM_MANAGE)
def show_team_invite(visit: Visit) -> ResponseReturnValue:
    return _invite_page(visit, TEAM, InviteForm())


@area.page("/settings/people/invite", needs=May.USERS_MANAGE)
def show_staff_invite(visit: Visit) -> ResponseReturnValue:
    return _invite_page(visit, STAFF, InviteForm())


def _invite_page(
    visit: Visit, side: Side, form: InviteForm, status: int = 200
) -> ResponseReturnValue:
    _offer(visit, form)
    return visit.render("directory/invite.html", status, whose=side, form=form)


def _offer(visit: Visit, form: RolesForm) -> None:
    with visit.db.as_system("which roles a company's people can hold") as system:
        me = accounts.describe(system, accounts.get_user(system, visit.viewer.user_id))
    form.offer(_roles(me))


def _roles(person: Person) -> tuple[Role, ...]:
    return account_rules.roles_open_to(
        is_vendor=person.partner_id is None, is_distributor=person.is_distributor
    )


@area.act("/team/invite", needs=May.TEAM_MANAGE)
def invite_to_team(visit: Visit) -> ResponseReturnValue:
    return _invite(visit, TEAM)


@area.act("/settings/people/invite", needs=May.USERS_MANAGE, is_fresh=True)
def invite_to_staff(visit: Visit) -> ResponseReturnValue:
    return _invite(visit, STAFF)


def _invite(visit: Visit, side: Side) -> ResponseReturnValue:
    limit_invitations(visit)
    form = visit.form(InviteForm)
    _offer(visit, form)

    def send() -> int:
        return invite_people(
            visit, form.invited(), roles=form.chosen(), partner_id=visit.viewer.partner_id
        )

    count = visit.attempt(form, send)
    if count is None:
        return _invite_page(visit, side, form, 422)
    visit.say("The invitation is on its way." if count == 1 else f"{count} invitations are sent.")
    return visit.go_to(side.url())


@area.page("/team/<ref>", needs=May.TEAM_MANAGE)
def show_colleague(visit: Visit, ref: str) -> ResponseReturnValue:
    return _person(visit, TEAM, ref, RolesForm())


@area.page("/settings/people/<ref>", needs=May.USERS_MANAGE)
def show_person(visit: Visit, ref: str) -> ResponseReturnValue:
    return _person(visit, STAFF, ref, RolesForm())


def _person(
    visit: Visit, side: Side, ref: str, form: RolesForm, status: int = 200
) -> ResponseReturnValue:
    accounts.get_person(visit.db, ref)
    with visit.db.as_system("somebody's roles and sessions") as system:
        user = accounts.get_person(system, ref)
        person = accounts.describe(system, user)
        sessions = accounts.list_sessions(system, user.id, now=visit.now)
    form.offer(_roles(person))
    if status == 200:
        form.roles.data = [role.value for role in person.roles]
    return visit.render(
        "directory/person.html",
        status,
        whose=side,
        person=person,
        form=form,
        sessions=sessions,
        is_oneself=person.id == visit.viewer.user_id,
    )


@area.act("/team/<ref>/roles", needs=May.TEAM_MANAGE)
def change_colleague_roles(visit: Visit, ref: str) -> ResponseReturnValue:
    return _change_roles(visit, TEAM, ref)


@area.act("/settings/people/<ref>/roles", needs=May.USERS_MANAGE, is_fresh=True)
def change_person_roles(visit: Visit, ref: str) -> ResponseReturnValue:
    return _change_roles(visit, STAFF, ref)


def _change_roles(visit: Visit, side: Side, ref: str) -> ResponseReturnValue:
    seen = accounts.get_person(visit.db, ref)
    form = visit.form(RolesForm)
    with visit.db.as_system("which roles a company's people can hold") as system:
        form.offer(_roles(accounts.describe(system, accounts.get_person(system, ref))))

    def save(system: SystemSession, user: User) -> None:
        team.change_roles(system, user, form.chosen(), now=visit.now)

    if _done(visit, form, ref, save):
        visit.say(f"The roles of {seen.name} are saved.")
        return visit.go_to(side.url(f"/{ref}"))
    return _person(visit, side, ref, form, 422)


@area.page("/team/<ref>/leave", needs=May.TEAM_MANAGE)
def show_colleague_leave(visit: Visit, ref: str) -> ResponseReturnValue:
    return _leave_page(visit, TEAM, ref, LeaveForm())


@area.page("/settings/people/<ref>/leave", needs=May.USERS_MANAGE)
def show_person_leave(visit: Visit, ref: str) -> ResponseReturnValue:
    return _leave_page(visit, STAFF, ref, LeaveForm())


def _leave_page(
    visit: Visit, side: Side, ref: str, form: LeaveForm, status: int = 200
) -> ResponseReturnValue:
    accounts.get_person(visit.db, ref)
    with visit.db.as_system("a person and the colleagues who can take over") as system:
        user = accounts.get_person(system, ref)
        form.offer(accounts.colleagues(system, user))
        person = accounts.describe(system, user)
        count = len(accounts.list_sessions(system, user.id, now=visit.now))
    return visit.render(
        "directory/leave.html", status, whose=side, person=person, form=form, session_count=count
    )


@area.act("/team/<ref>/leave", needs=May.TEAM_MANAGE)
def colleague_leaves(visit: Visit, ref: str) -> ResponseReturnValue:
    return _leave(visit, TEAM, ref)


@area.act("/settings/people/<ref>/leave", needs=May.USERS_MANAGE, is_fresh=True)
def person_leaves(visit: Visit, ref: str) -> ResponseReturnValue:
    return _leave(visit, STAFF, ref)


def _leave(visit: Visit, side: Side, ref: str) -> ResponseReturnValue:
    seen = accounts.get_person(visit.db, ref)
    form = visit.form(LeaveForm)
    with visit.db.as_system("the colleagues who can take over") as system:
        form.offer(accounts.colleagues(system, accounts.get_person(system, ref)))

    def close(system: SystemSession, user: User) -> None:
        chosen = form.successor.data
        team.leave(system, user, successor_id=int(chosen) if chosen else None, now=visit.now)

    if _done(visit, form, ref, close):
        visit.say(f"The account of {seen.name} is closed.")
        return visit.go_to(side.url())
    return _leave_page(visit, side, ref, form, 422)


@area.act("/team/<ref>/return", needs=May.TEAM_MANAGE)
def colleague_returns(visit: Visit, ref: str) -> ResponseReturnValue:
    return _return(visit, TEAM, ref)


@area.act("/settings/people/<ref>/return", needs=May.USERS_MANAGE, is_fresh=True)
def person_returns(visit: Visit, ref: str) -> ResponseReturnValue:
    return _return(visit, STAFF, ref)


def _return(visit: Visit, side: Side, ref: str) -> ResponseReturnValue:
    visit.form(PortalForm)
    seen = accounts.get_person(visit.db, ref)
    with visit.db.as_system("somebody is let in again") as system:
        team.come_back(system, accounts.get_person(system, ref), now=visit.now)
    visit.say(f"{seen.name} can sign in again.")
    return visit.go_to(side.url(f"/{ref}"))


@area.act("/settings/people/<ref>/sessions/end", needs=May.USERS_MANAGE)
def end_persons_sessions(visit: Visit, ref: str) -> ResponseReturnValue:
    visit.form(PortalForm)
    seen = accounts.get_person(visit.db, ref)
    with visit.db.as_system("somebody's sessions are ended for safety") as system:
        count = account_actions.end_sessions(system, seen.id, keep=None, now=visit.now)
    visit.say(f"Ended one session of {seen.name}." if count == 1 else f"Ended {count} sessions.")
    return visit.go("people.show_person", ref=ref)


def _done(visit: Visit, form: PortalForm, ref: str, act: Act) -> bool:
    """Run `act` on the person, past the viewer's scope, unless the form or a rule refuses."""

    def run() -> bool:
        with visit.db.as_system("a person one may manage is changed") as system:
            act(system, accounts.get_person(system, ref))
        return True

    return bool(visit.attempt(form, run))
