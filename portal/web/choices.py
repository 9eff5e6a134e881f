"""Choices that every form shares: countries, currencies, languages and time zones by name."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import get_territory_currencies

COMMON_CURRENCIES = ("EUR", "USD", "GBP", "CHF")
LANGUAGES = ("en", "de", "fr", "it", "es", "nl", "pl", "pt", "sv", "da", "nb", "fi", "cs", "ja")
NOT_PLACES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ"})

NOTHING = {"": "None"}

Choices = dict[str, str]
"""Value to label, in the order shown: what a select field takes."""


@lru_cache(maxsize=32)
def countries(locale: str) -> Choices:
    """ISO 3166 countries by their name in `locale`."""
    names = Locale.parse(locale).territories
    found = [(code, name) for code, name in names.items() if _is_country(code)]
    return dict(sorted(found, key=lambda choice: choice[1].casefold()))


@lru_cache(maxsize=32)
def currencies(locale: str) -> Choices:
    """The common currencies first, then all in use by code."""
    names = Locale.parse(locale).currencies
    used = {code for place in countries(locale) for code in get_territory_currencies(place)}
    rest = sorted(used - set(COMMON_CURRENCIES))
    return {code: f"{code} · {names.get(code, code)}" for code in (*COMMON_CURRENCIES, *rest)}


@lru_cache(maxsize=32)
def languages(locale: str) -> Choices:
    names = Locale.parse(locale).languages
    return {code: names.get(code, code) for code in LANGUAGES}


@lru_cache(maxsize=1)
def zones() -> Choices:
    """Time zones of places, such as Europe/Zurich."""
    found = [zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")]
    return {zone: zone.replace("_", " ") for zone in ("UTC", *sorted(found))}


def country_name(code: str, locale: str) -> str:
    """The code itself where the name is not known."""
    return Locale.parse(locale).territories.get(code, code) if code else ""


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isalpha() and code not in NOT_PLACES
