"""All settings on one page of cards, and who may do what, from the policy itself."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.catalogue import queries as catalogue
from portal.kernel.policy import GRANTS, May, Role
from portal.programme import queries
from portal.web.area import Area, Visit

area = Area("settings", __name__)


@area.page("/settings", needs=May.PROGRAMME_EDIT)
def show(visit: Visit) -> ResponseReturnValue:
    number, rules = queries.rules_at(visit.db, visit.now)
    return visit.render(
        "settings/show.html",
        number=number,
        rules=rules,
        versions=len(queries.list_versions(visit.db)),
        cases=len(queries.list_cases(visit.db)),
        tiers=queries.tier_choices(visit.db),
        regions=queries.region_choices(visit.db),
        lines=catalogue.list_lines(visit.db),
    )


@area.page("/settings/permissions", needs=May.USERS_MANAGE)
def show_permissions(visit: Visit) -> ResponseReturnValue:
    roles = [(role.label, [_words(may) for may in sorted(GRANTS[role])]) for role in Role]
    return visit.render("settings/permissions.html", roles=roles)


def _words(may: May) -> str:
    """deals.read -> read deals"""
    thing, _, verb = may.value.partition(".")
    return f"{verb.replace('_', ' ')} {thing}"
