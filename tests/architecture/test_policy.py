"""Who may use what is written down in one file, and every change to it is seen."""

from __future__ import annotations

import difflib

from portal.kernel.policy import GRANTS, PARTNER_ROLES, VENDOR_ROLES, May, Role
from tests.policy import PAGE, bare_app, routes, table


def test_the_policy_is_the_one_written_down(tmp_path):
    written = PAGE.read_text().splitlines()
    found = table(bare_app(tmp_path)).splitlines()
    changes = [
        line
        for line in difflib.unified_diff(written, found, n=0, lineterm="")
        if line[:1] in "+-" and line[:3] not in {"+++", "---"}
    ]
    assert not changes, "Run `python -m tests.policy` and read what changed:\n" + "\n".join(changes)


def test_an_open_route_says_why(tmp_path):
    silent = [
        f"{route.method} {route.path}"
        for route in routes(bare_app(tmp_path))
        if route.policy.needs is None and len(route.policy.why_open.split()) < 3
    ]
    assert not silent, f"Say in a few words why nobody need be signed in: {silent}"


def test_every_role_has_its_grants_and_every_permission_a_holder():
    assert set(GRANTS) == set(Role) == VENDOR_ROLES | PARTNER_ROLES
    orphans = set(May) - frozenset().union(*GRANTS.values())
    assert not orphans, f"No role holds: {sorted(orphans)}"


def test_what_a_partner_may_never_do_no_partner_role_holds():
    vendor_only = {
        May.DEALS_DECIDE,
        May.EVENTS_READ,
        May.IMPORTS_RUN,
        May.PROGRAMME_EDIT,
        May.REPORTS_READ,
    }
    for role in PARTNER_ROLES:
        assert not GRANTS[role] & vendor_only, role
