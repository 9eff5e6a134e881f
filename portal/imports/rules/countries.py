"""Countries by their names and codes as files spell them, as ISO codes."""

from __future__ import annotations

from functools import cache, lru_cache

from babel import Locale
from rapidfuzz import fuzz, process

from portal.kernel.errors import Refused
from portal.kernel.text import fold

NEAR = 90

_ALSO = {
    "korea": "KR",
    "south korea": "KR",
    "north korea": "KP",
    "usa": "US",
    "us": "US",
    "united states of america": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "holland": "NL",
    "czech republic": "CZ",
    "turkey": "TR",
    "deutschland": "DE",
    "schweiz": "CH",
    "suisse": "CH",
    "osterreich": "AT",
    "espana": "ES",
    "italia": "IT",
}


@cache
def _names() -> dict[str, str]:
    territories = Locale("en").territories
    codes = {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha()}
    found = {fold(name): code for code, name in codes.items() if code not in {"EU", "UN", "ZZ"}}
    return found | _ALSO


@cache
def _codes() -> frozenset[str]:
    return frozenset(_names().values())


@lru_cache(maxsize=4096)
def country_code(text: str) -> str:
    """The ISO code; a name with a letter wrong is read as the one it is nearest to.

    Raises Refused("unknown_country").
    """
    said = fold(text)
    if text.upper() in _codes():
        return text.upper()
    if said in _names():
        return _names()[said]
    near = process.extractOne(said, list(_names()), scorer=fuzz.ratio)
    if near and near[1] >= NEAR:
        return _names()[near[0]]
    raise Refused(
        f"{text!r} is no country that is known here. Write its English name or two-letter code.",
        code="unknown_country",
    )


def near_country(text: str) -> str | None:
    """The name of the country a misspelt one is read as; None if it is spelt right or unknown."""
    if not text or text.upper() in _codes() or fold(text) in _names():
        return None
    try:
        return str(Locale("en").territories[country_code(text)])
    except Refused:
        return None
