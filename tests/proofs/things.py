"""Something behind every argument that an address takes, made by real actions, and who sees it.

Who sees what is written down by hand here: the scope under proof must not be its own judge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.accounts.models import User
from portal.deals.actions import decisions, drafts
from portal.deals.actions.decisions import Approve, Ask, Reject
from portal.deals.jobs import judge_due
from portal.importers import IMPORTERS
from portal.imports import actions as importing
from portal.kernel import refs
from portal.partners.models import Partner
from portal.web.services import Services
from tests.deals.registering import draft, register
from tests.people import PARTNER_PEOPLE, Cast

SEES_ALL = frozenset({"ada", "fritz", "ivo"})
OF_OWNER = {
    "anna": {"anna", "alma", "alois", "mara"},
    "axel": {"axel", "alma", "alois", "mara"},
    "bert": {"bert", "bea", "nora", "otto"},
    "carl": {"carl", "carla", "mara"},
    "nils": {"nils", "nora", "otto"},
}
"""Who sees a registration of this seller's; Bert's name Nordwind as their distributor."""
COMPANY = {"anna": "alder", "axel": "alder", "bert": "birch", "carl": "cedar", "nils": "nordwind"}
STAFF_OF = {"alder": {"mara"}, "birch": {"otto"}, "cedar": {"mara"}, "nordwind": {"otto"}}
KNOWN = {
    "anna": {"alder", "nordwind"},
    "alma": {"alder", "nordwind"},
    "alois": {"alder", "nordwind"},
    "bert": {"birch", "nordwind"},
    "nora": {"nordwind", "alder", "birch"},
    "carl": {"cedar"},
}
"""The companies a partner's people may read of."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What an address can name, who may know of it, and words that nobody else may read."""

    ref: str
    seen_by: frozenset[str]
    canaries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """What builders have to work with."""

    services: Services
    cast: Cast


def deals(stage: Stage) -> list[Thing]:
    """For each seller one registration in each state that has pages of its own."""
    return [
        thing
        for owner in OF_OWNER
        for number, state in enumerate(("draft", "open", "approved", "rejected", "asked"))
        for thing in [_deal(stage, owner, number, state)]
    ]


def _deal(stage: Stage, owner: str, number: int, state: str) -> Thing:
    services, cast = stage.services, stage.cast
    somebody, word = getattr(cast, owner), f"Quill{owner}{number}"
    command = draft(
        cast,
        new_ref=refs.make("DR", 7_000_003 * (number + 1) + sorted(OF_OWNER).index(owner)),
        customer_name=f"{word} AG",
        customer_domain=f"{word.lower()}.example",
        contact_email=f"buyer@{word.lower()}.example",
        contact_name=f"Buyer of {word}",
        distributor_id=cast.partners["nordwind"] if owner == "bert" else None,
    )
    if state == "draft":
        with services.viewer_session(somebody.viewer, writes=True) as db:
            ref = drafts.save(db, command, now=services.clock()).ref
            db.commit()
        seen_by = {name for name in OF_OWNER[owner] if _works_at(cast, name, COMPANY[owner])}
    else:
        ref = register(services, somebody, command)
        judge_due(services, services.clock())
        _decide(stage, ref, state)
        seen_by = OF_OWNER[owner] | SEES_ALL
    return Thing(ref, frozenset(seen_by), (ref, word, word.lower()))


def _works_at(cast: Cast, name: str, company: str) -> bool:
    return cast.people[name].email.endswith(f"@{company}.example")


def _decide(stage: Stage, ref: str, state: str) -> None:
    now = stage.services.clock()
    with stage.services.viewer_session(stage.cast.ada.viewer, writes=True) as db:
        match state:
            case "approved":
                decisions.approve(db, ref, Approve(version=None), now=now)
            case "rejected":
                why = Reject(version=None, reason="too_small", text="Too small for us")
                decisions.reject(db, ref, why, now=now)
            case "asked":
                ask = Ask(version=None, fields=("customer_city",), text="Which city?")
                decisions.request_information(db, ref, ask, now=now)
            case _:
                return
        db.commit()


def partners(stage: Stage) -> list[Thing]:
    everywhere = SEES_ALL | {"lena"}
    with stage.services.system_session(writes=False) as db:
        found = {code: db.get_one(Partner, key) for code, key in stage.cast.partners.items()}
    return [
        Thing(partner.ref, frozenset(everywhere | STAFF_OF[code]))
        for code, partner in found.items()
    ]


def people(stage: Stage) -> list[Thing]:
    """Every partner's people: their own manager has pages of them, and the administrator."""
    managers = {"nordwind": "nora", "alder": "alma", "birch": "bea", "cedar": "carla"}
    with stage.services.system_session(writes=False) as db:
        return [
            Thing(
                db.get_one(User, stage.cast.people[name].user_id).ref,
                frozenset({"ada", managers[company]}),
            )
            for name, (company, _) in PARTNER_PEOPLE.items()
        ]


def imports(stage: Stage) -> list[Thing]:
    """An upload whose columns are still to be chosen; only the administrator imports."""
    importer = IMPORTERS[ONE_SHEET]
    header = ",".join(column.label for column in importer.sheets[0].columns)
    command = importing.Upload(
        ref=refs.make("MP", 77_777),
        files=[("upload.csv", f"{header}\nFirst\n".encode())],
        user_id=stage.cast.ada.user_id,
    )
    with stage.services.system_session() as db:
        importing.upload(db, importer, command, now=stage.services.clock())
        db.commit()
    return [Thing(command.ref, frozenset({"ada"}), (command.ref,))]


def nothing(stage: Stage) -> list[Thing]:
    """For secrets that only a letter holds, and where this stage has nothing to name."""
    return []


BUILDERS: dict[str, Callable[[Stage], list[Thing]]] = {
    "accounts.token": nothing,
    "approvals.ref": deals,
    "deals.ref": deals,
    "holes.ref": deals,
    "collateral.ground": nothing,
    "collateral.ref": nothing,
    "collateral.token": nothing,
    "commissions.end_to_end": nothing,
    "commissions.period": nothing,
    "commissions.plan": nothing,
    "commissions.ref": nothing,
    "content.form_of": nothing,
    "content.ref": nothing,
    "content.token": nothing,
    "imports.ref": imports,
    "people.ref": people,
    "directory.ref": partners,
}
"""By area and argument; an endpoint's own entry, `area.view.argument`, goes before it."""

ONE_SHEET = next(name for name, importer in IMPORTERS.items() if len(importer.sheets) == 1)
FIXED = {"imports.template.name": ONE_SHEET, "static_file.path": "app.css"}
FIXED["commissions.return_payment.end_to_end"] = "EE-1"


ONLY_WHEN_ASKED = {
    "accounts.show_qr": "there is a picture only while a second factor is being set up",
    "accounts.show_views": "saved views are those of the list that the address names",
}
"""Pages without an argument that are missing until somebody has begun something."""

FINER = {
    "deals.show_extend": "the table of moves says who may ask for more time",
    "deals.show_lose": "the table of moves says who may close a deal",
    "deals.show_release": "the table of moves says who may release",
    "deals.show_win": "the table of moves says who may close a deal",
}
"""Pages that refuse some who hold the permission, and what decides instead."""


def builder_of(endpoint: str, argument: str) -> Callable[[Stage], list[Thing]]:
    area = endpoint.split(".", maxsplit=1)[0]
    for key in (f"{endpoint}.{argument}", f"{area}.{argument}"):
        if key in BUILDERS:
            return BUILDERS[key]
    raise LookupError(
        f"{endpoint} takes {argument!r}. Say in tests/proofs/things.py what it names: "
        f"add {area}.{argument!s} to BUILDERS, with who may see each of the things it makes."
    )
