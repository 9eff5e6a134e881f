"""Legal forms: telling "GmbH & Co. KG" from the name in front of it.

The forms of most countries come from cleanco's data, the rest from the module of legal forms.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from cleanco.termdata import terms_by_country

from portal.deals.rules.matching.legal_forms import (
    ANYWHERE,
    COUNTRY_CODES,
    ENGLISH,
    IN_FRONT,
    MORE_FORMS,
    ORDINARY_WORDS,
    PHRASES_IN_FRONT,
    TELLS_NO_COUNTRY,
    UNSURE_IN_FRONT,
)
from portal.deals.rules.matching.scripts import LEGAL_WORDS
from portal.deals.rules.matching.vocabulary import ARTICLES, CONNECTORS
from portal.kernel.text import fold


@dataclass(frozen=True, slots=True)
class LegalName:
    """A folded name in two: its own words, and the legal forms that were around them."""

    words: tuple[str, ...]
    forms: tuple[str, ...]


@cache
def _forms() -> dict[str, frozenset[str]]:
    """Every known form as a folded phrase, with the countries that use it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for country, terms in terms_by_country.items():
        for term in terms:
            phrase = fold(term)
            if country in COUNTRY_CODES and phrase.replace(" ", "") not in ORDINARY_WORDS:
                found[phrase].add(COUNTRY_CODES[country])
    for line in MORE_FORMS.strip().splitlines():
        countries, *phrases = line.split("|")
        for phrase in phrases:
            found[phrase].update(countries.split())
    for word, country in LEGAL_WORDS.items():
        found[word].update(country.split())
    return {phrase: frozenset(countries) for phrase, countries in found.items()}


@cache
def _countries_by_form() -> dict[str, frozenset[str]]:
    merged: defaultdict[str, set[str]] = defaultdict(set)
    for phrase, countries in _forms().items():
        merged[phrase.replace(" ", "")] |= countries
    return {form: frozenset(countries) for form, countries in merged.items()}


def countries_with_forms() -> frozenset[str]:
    """The ISO codes of the countries whose legal forms are known."""
    return frozenset().union(*_forms().values())


def split_legal(folded: str, *, is_latin: bool) -> LegalName:
    """Takes the legal forms off both ends of a folded name, and sure ones out of its middle.

    `is_latin` says whether it was written in Latin letters, where "AO" in front may be initials.
    A name that consists of nothing else keeps all its words.
    """
    words = folded.split()
    forms: list[str] = []
    while (length := _form_at_end(words)) > 0:
        forms.append("".join(words[-length:]))
        words = words[:-length]
    trusts_front = not is_latin or bool(set(forms) - ENGLISH)
    while (length := _form_in_front(words, trusts_unsure=trusts_front)) > 0:
        forms.append("".join(words[:length]))
        words = words[length:]
    kept = [word for place, word in enumerate(words) if place == 0 or word not in ANYWHERE]
    if len(kept) > 1 and kept[0] in LEGAL_WORDS:
        kept = kept[1:]
    if _says_something(kept):
        forms += [word for word in words if word not in kept]
        words = kept
    while len(words) > 1 and words[-1] == "and":
        words = words[:-1]
    return LegalName(tuple(words), tuple(forms))


def _form_at_end(words: list[str]) -> int:
    """How many words at the end are one legal form; 0 when none is, or nothing would be left."""
    forms = _forms()
    for length in range(min(7, len(words) - 1), 0, -1):
        tail = words[-length:]
        if not _says_something(words[:-length]):
            continue
        if " ".join(tail) in forms:
            return length
        closed_up = "".join(tail)
        if length > 1 and all(len(word) == 1 for word in tail) and closed_up in forms:
            return length
    return 0


def _form_in_front(words: list[str], *, trusts_unsure: bool) -> int:
    for phrase in PHRASES_IN_FRONT:
        length = phrase.count(" ") + 1
        if " ".join(words[:length]) == phrase and _says_something(words[length:]):
            return length
    if not words or words[0] not in IN_FRONT or not _says_something(words[1:]):
        return 0
    return 1 if trusts_unsure or words[0] not in UNSURE_IN_FRONT else 0


def _says_something(words: list[str]) -> bool:
    return any(word not in CONNECTORS and word not in ARTICLES for word in words)


def countries_of(forms: tuple[str, ...]) -> frozenset[str]:
    """The countries that the forms point to; empty when they are used everywhere."""
    table = _countries_by_form()
    for form in forms:
        if form not in TELLS_NO_COUNTRY and table.get(form):
            return table[form]
    return frozenset()
