"""What is compared of an end customer: its name taken apart once, and the facts beside it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Self

from portal.deals.rules.matching.known_names import LONG_NAMES
from portal.deals.rules.matching.legal import LegalName, countries_of, split_legal
from portal.deals.rules.matching.scripts import to_latin_words
from portal.deals.rules.matching.vocabulary import (
    ARTICLES,
    COMMON,
    CONNECTORS,
    canonical,
)
from portal.kernel.countries import country_code
from portal.kernel.text import (
    domain_of,
    fold,
    is_free_mail,
    label_of,
    look_alike,
    name_from_domain,
    script_of,
)

LONGEST_NAME = 300

_OTHER_NAME = re.compile(
    r"(?<=\S)[\s,(\[]+(?:d\.?/?b\.?/?a\.?|doing business as|t/a|trading as|a\.?k\.?a\.?"
    r"|also known as|now known as|f\.?/?k\.?/?a\.?|formerly known as|formerly|previously"
    r"|ehemals|vormals|vorm\.|anciennement)[:\s]\s*",
    re.IGNORECASE,
)
_PART_OF = re.compile(
    r"\s*[,(–-]?\s*\b(?:an?|the)?\s*"
    r"(?:division|subsidiary|unit|branch|part|member|affiliate|business)\s+of\s+",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[(\[（【]([^()\[\]（）【】]*)[)\]）】]")
_APART = re.compile(r"\s[/|]\s")
_WORD_AND_NUMBER = re.compile(r"([a-z]{3,})(\d+)|(\d+)([a-z]{3,})")
_DIGIT_IN_WORD = re.compile(r"(?<=[a-z])[013457](?=[a-z])")
_DIGIT_AS_LETTER = str.maketrans("013457", "oleast")
_TWO_LETTER_VOWELS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
    | {"Ø": "Oe", "Å": "Aa"}
)
_OPEN_WITH_CO = frozenset({"co", "coinc", "coltd", "collc", "colimited"})
_NOT_ALPHANUMERIC = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class EndCustomer:
    """What someone says of an end customer.  Whatever is "" is not known, and tells nothing.

    `division` is the name under which a part of a company is registered as a customer of its own.
    """

    name: str
    country: str = ""
    city: str = ""
    domain: str = ""
    tax_id: str = ""
    parent: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """One name without its legal form: its canonical words, and its letters run together.

    `spellings` are the run-together forms that count as the same name: with two-letter vowels for
    umlauts, with every word in its canonical spelling, and with "Co" as a part of the word.
    """

    words: tuple[str, ...]
    compact: str
    spellings: tuple[str, ...]
    initials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """An end customer in the form in which it is compared; made once and stored beside the row."""

    names: tuple[Naming, ...]
    forms: tuple[str, ...] = ()
    form_countries: tuple[str, ...] = ()
    imitates: str = ""
    country: str = ""
    city: str = ""
    domain: str = ""
    domain_label: str = ""
    tax_id: str = ""
    parent: str = ""
    division: str = ""

    @property
    def name(self) -> Naming:
        return self.names[0]

    def pack(self) -> str:
        """The profile as text for a column; `unpack` gives the same profile back."""
        names = [[n.words, n.compact, n.spellings, n.initials] for n in self.names]
        facts = [getattr(self, field) for field in self.__slots__[1:]]
        return json.dumps([names, *facts], separators=(",", ":"))

    @classmethod
    def unpack(cls, text: str) -> Self:
        names, forms, form_countries, *facts = json.loads(text)
        return cls(
            tuple(Naming(tuple(w), c, tuple(s), tuple(i)) for w, c, s, i in names),
            tuple(forms),
            tuple(form_countries),
            *facts,
        )


def profile_of(customer: EndCustomer) -> Profile:
    """Takes a customer apart.  Any text is taken; a name is read from the domain if there is none.

    Free-mail addresses and pages on shared sites count as no domain.
    """
    domain = domain_of(customer.domain) or ""
    if domain and is_free_mail(domain):
        domain = ""
    said = customer.name[:LONGEST_NAME]
    if not fold(said) and domain:
        said = name_from_domain(domain)
    shown, others, parent = _names_in(said)
    legal = _split(shown)
    name = _naming(shown, legal)
    others += _long_names(legal)
    parent = _naming(customer.parent or parent).compact
    country = country_code(customer.country)
    return Profile(
        names=(name, *map(_naming, others)),
        forms=legal.forms,
        form_countries=tuple(sorted(countries_of(legal.forms))),
        imitates=_imitated(shown, legal),
        country=country,
        city=canonical(_compact(customer.city)),
        domain=domain,
        domain_label=fold(label_of(domain)).replace(" ", "") if domain else "",
        tax_id=_tax_number(customer.tax_id, country),
        parent="" if parent in name.spellings else parent,
        division=_compact(customer.division),
    )


def _split(name: str) -> LegalName:
    is_latin = name.isascii() or script_of(name) == "latin"
    return split_legal(fold(to_latin_words(name)), is_latin=is_latin)


def _names_in(said: str) -> tuple[str, list[str], str]:
    """The name to show, other names for the same company, and the company it says it is part of."""
    parent = ""
    if found := _PART_OF.search(said):
        said, parent = said[: found.start()] or said, said[found.end() :].rstrip(")] ")
    shown, *others = _OTHER_NAME.split(said)
    others = [other.rstrip(")] ") for other in others]
    halves = _APART.split(shown)
    if len(halves) == 2 and all(_is_telling(half) for half in halves):
        shown, other = halves
        others.append(other)
    for inside in _BRACKETED.findall(shown):
        if _is_telling(inside) and len(_BRACKETED.sub("", shown).strip()) > 1:
            others.append(inside)
            shown = shown.replace(inside, " ")
    return shown, [other for other in others if fold(other)][:3], parent


def _long_names(legal: LegalName) -> list[str]:
    """The long name of a company everyone calls by a short one, alone or in front: "GE Power"."""
    whole = " ".join(legal.words)
    first, _, rest = whole.partition(" ")
    if whole in LONG_NAMES:
        return [LONG_NAMES[whole]]
    return [f"{LONG_NAMES[first]} {rest}"] if first in LONG_NAMES else []


def _is_telling(part: str) -> bool:
    """Whether `part` could be a name of its own rather than a place, a trade or a legal form."""
    legal = _split(f"x {part}")
    words = [canonical(word) for word in legal.words if word != "x"]
    return any(word not in COMMON and len(word) > 1 and not word.isdigit() for word in words)


def _naming(name: str, legal: LegalName | None = None) -> Naming:
    legal = legal or _split(name)
    own = _without_connectors(legal.words)
    words = tuple(canonical(word) for word in _words_of(own))
    compact = "".join(own)
    expanded = name.translate(_TWO_LETTER_VOWELS)
    spellings = {compact, "".join(words)}
    if legal.forms and legal.forms[-1] in _OPEN_WITH_CO:
        spellings.add(f"{compact}co")
    if expanded != name:
        spellings.add("".join(_without_connectors(_split(expanded).words)))
    return Naming(words, compact, tuple(sorted(spellings - {""})), _initials(legal))


def _without_connectors(words: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(
        word for place, word in enumerate(words) if word not in (CONNECTORS if place else ARTICLES)
    )
    return kept or words


def _words_of(words: tuple[str, ...]) -> list[str]:
    parted: list[str] = []
    for word in words:
        if found := _WORD_AND_NUMBER.fullmatch(word):
            parted += [part for part in found.groups() if part]
        elif _DIGIT_IN_WORD.search(word) and len(word) > 4:
            parted.append(_DIGIT_IN_WORD.sub(lambda d: d[0].translate(_DIGIT_AS_LETTER), word))
        else:
            parted.append(word)
    return [word.lstrip("0") or word if word.isdigit() else word for word in parted]


def _initials(legal: LegalName) -> tuple[str, ...]:
    """The first letters of the words, with and without small words and a closing legal form."""
    small = CONNECTORS | ARTICLES
    bare = "".join(word[0] for word in legal.words if word not in small)
    if len(bare) < 2:
        return ()
    every = "".join(word[0] for word in legal.words)
    found = {bare, every}
    if legal.forms and legal.forms[-1] in {"company", "corporation", "co", "corp"}:
        found.add(bare + "c")
    return tuple(sorted(found))


def _imitated(name: str, legal: LegalName) -> str:
    """The Latin name it is drawn like; "" when only its legal form is ("ООО")."""
    drawn = look_alike(name)
    if drawn is None:
        return ""
    words = _without_connectors(split_legal(drawn, is_latin=True).words)
    return "".join(words) if words != _without_connectors(legal.words) else ""


def _compact(text: str) -> str:
    return fold(text).replace(" ", "")


def _tax_number(text: str, country: str) -> str:
    """Letters and digits of a tax or registration number without its country prefix.

    "" when it has fewer than five digits: then it is no number, and would be shared by many.
    """
    number = _NOT_ALPHANUMERIC.sub("", text.upper())
    prefixes = {country, {"GR": "EL"}.get(country, country)} - {""}
    for prefix in prefixes:
        number = number.removeprefix(prefix)
    if country == "CH":
        number = re.sub(r"^E(?=\d)|(MWST|TVA|IVA|HR)$", "", number)
    return number if sum(char.isdigit() for char in number) >= 5 else ""
