"""What happened to a company, in words, for its history."""

from __future__ import annotations

from typing import Any

_FIXED = {
    "partner.created": "added the company",
    "partner.admitted": "admitted the company to the programme",
    "partner.suspended": "suspended the company",
    "partner.resumed": "opened the company again",
    "partner.ended": "ended the partnership",
    "partner.manager_changed": "changed the channel manager",
    "partner.note_added": "wrote a note",
}
_FIELDS = {
    "kind": "type",
    "domain": "web domain",
    "region_id": "region",
    "tier_id": "tier",
    "contact_name": "contact",
    "contact_email": "contact’s e-mail",
    "contact_phone": "contact’s phone",
}


def words_of(kind: str, facts: dict[str, Any]) -> str:
    """The sentence that follows the name of whoever did it."""
    if kind == "partner.changed":
        return f"changed {_listed(facts['changes'])}"
    if kind == "partner.suppliers_changed":
        return f"set the suppliers to {', '.join(facts['after']) or 'nobody'}"
    return _FIXED.get(kind, kind.rpartition(".")[2].replace("_", " "))


def _listed(changes: dict[str, Any]) -> str:
    """Ids say nothing to people, so a field that holds one goes without its values."""
    parts = []
    for name, (before, after) in sorted(changes.items()):
        field = _FIELDS.get(name, name.replace("_", " "))
        told = f" from {before or 'nothing'} to {after or 'nothing'}"
        parts.append(field if name.endswith("_id") else f"{field}{told}")
    return ", ".join(parts)
