"""Countries as people write them, and their ISO codes."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

from portal.kernel.text import fold

_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_ALSO = {"uk": "GB", "el": "GR", "england": "GB", "great britain": "GB", "scotland": "GB"} | {
    "america": "US",
    "united states of america": "US",
    "holland": "NL",
    "uae": "AE",
    "south korea": "KR",
    "czech republic": "CZ",
}


def country_code(text: str) -> str:
    """The ISO 3166 code of two letters for a code or a name of a country; "" for anything else."""
    written = fold(text)
    if written in _ALSO:
        return _ALSO[written]
    return _codes().get(written, "")


@cache
def _codes() -> dict[str, str]:
    codes = {code.lower(): code for code in _names("en")}
    for alias, known in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and len(known) == 1:
            codes[alias.lower()] = known[0]
    for language in _LANGUAGES:
        for code, name in _names(language).items():
            codes.setdefault(fold(name), code)
    return codes


def _names(language: str) -> dict[str, str]:
    territories = {str(code): str(name) for code, name in Locale(language).territories.items()}
    return {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }
