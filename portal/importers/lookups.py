"""Finding the row that a cell names, and saying what is near when there is none."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from portal.accounts.rules import email_key
from portal.importers.shelves import LINES, PARTNERS, USERS
from portal.imports.actions import Ledger, Shelf, Slot
from portal.kernel.errors import Refused
from portal.kernel.text import domain_of, fold, is_free_mail

NEAR = 75


def squashed(name: str) -> str:
    """Names that differ only in spaces, case or punctuation are one: "GTXPro" is "GTX Pro"."""
    return fold(name).replace(" ", "")


def code_of(name: str) -> str:
    """A code for something that came with a name only."""
    return fold(name).replace(" ", "-")[:60]


def by_name(ledger: Ledger, shelf: Shelf, name: str) -> Slot | None:
    """A row by its code or its name, however it is spaced."""
    exact = ledger.find(shelf, code_of(name))
    if exact is not None:
        return exact
    wanted = squashed(name)
    for slot in ledger.slots(shelf):
        if wanted in {squashed(slot.values["name"]), squashed(slot.values["code"])}:
            return slot
    return None


def line(ledger: Ledger, name: str, *, field: str) -> Slot:
    """Raises Refused."""
    found = by_name(ledger, LINES, name)
    return found or _absent(ledger, LINES, "product line", name, field)


def partner(ledger: Ledger, name: str, *, field: str) -> Slot:
    """Raises Refused."""
    found = ledger.find(PARTNERS, fold(name))
    return found or _absent(ledger, PARTNERS, "partner", name, field)


def person(ledger: Ledger, email: str, *, field: str) -> Slot:
    """Raises Refused."""
    found = ledger.find(USERS, key_of(email, field=field))
    if found is None:
        raise Refused(f"Nobody has the address {email}. Import people first.", field=field)
    return found


def key_of(email: str, *, field: str) -> str:
    """Raises Refused("email_format") on the column."""
    try:
        return email_key(email)
    except Refused as refused:
        raise Refused(refused.message, code=refused.code, field=field) from refused


def domain(text: str, *, field: str) -> str:
    """The company's own domain in a web or e-mail address; "" for free mail.  Raises Refused."""
    if not text:
        return ""
    found = domain_of(text)
    if found is None:
        raise Refused(f"{text!r} is no web or e-mail address.", field=field)
    return "" if is_free_mail(found) else found


def _absent(ledger: Ledger, shelf: Shelf, what: str, name: str, field: str) -> Slot:
    names = [slot.values["name"] for slot in ledger.slots(shelf)]
    near = process.extractOne(name, names, scorer=fuzz.WRatio, score_cutoff=NEAR)
    hint = f"Is it {near[0]}?" if near else f"Import {what}s first."
    raise Refused(f"No {what} is called {name!r}. {hint}", field=field)
