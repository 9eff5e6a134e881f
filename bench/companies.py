"""Made-up companies of nine countries, and the ways in which people write one name differently.

Everything comes from one seed: the same seed gives the same companies.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from portal.deals.rules.matching.profile import EndCustomer
from portal.kernel.text import fold


def _words(text: str) -> list[str]:
    return text.split()


SURNAMES = _words(
    """
    Müller Schneider Fischer Weber Wagner Becker Hoffmann Schäfer Koch Richter Klein Schröder
    Neumann Zimmermann Krüger Hartmann Lange Werner Lehmann Köhler Brandt Vogel Huber Steiner
    Gruber Moser Keller Baumann Frei Zürcher Smith Johnson Williams Brown Miller Davis Wilson
    Anderson Thompson Harrison Coleman Whitfield Bradshaw Kensington Hawthorne Ashworth
    Pemberton  Rossi Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Conti Lombardi
    Moretti  Dubois Lefèvre Moreau Laurent Girard Roussel Fontaine Chevalier Béranger Delacroix
    García  Martínez Rodríguez Fernández Álvarez Domínguez Navarro Serrano Ibáñez Jansen Bakker
    Visser  Dekker Hendriks Nowak Kowalski Wiśniewski Wójcik Kamiński Zieliński Szymański
    Svensson  Lindqvist Bergström Sjöberg Håkansson Jørgensen Søndergaard Kjær Virtanen Korhonen
    Mäkinen  Novák Dvořák Procházka Horák Petrov Ivanov Sokolov Popescu Ionescu Yılmaz Özdemir
    Demir
    """
)
STARTS = _words(
    """
    Al Ar Bel Bra Cal Cor Dan Del Dor El Fal Fen Gal Gra Hal Hel In Jar Kal Kor Lan Lum Mar Mer
    Nor Nov Or Pal Pol Quan Rav Ros Sal Sol Tal Tor Ur Val Ver Vol Wes Xan Yor Zan Zen
    """
)
MIDDLES = _words(
    """
    a e i o u an ar en er ia in io on or ta ti to vi xa li mo ne ra ro
    """
)
ENDS = _words(
    """
    dex dia don dor fin gen lia lis lon mar mex mont nex nia nor pex phos plex ra ria ris ron
    sys tek tra trix tron vel ven vex via vis vita wind xis zon
    """
)
TRADES = _words(
    """
    Logistics Energy Software Consulting Foods Pharma Systems Engineering Steel Plastics
    Textiles  Electronics Insurance Construction Packaging Chemicals Furniture Shipping
    Automotive Robotics  Media Security Telecom Mining Printing Dental Optics Aerospace Catering
    Recycling Hotels Paper  Glass Cement Brewery Bakery Cosmetics Lighting Machinery Transport
    """
)
CITIES = _words(
    """
    Berlin Hamburg München Köln Frankfurt Stuttgart Wien Graz Zürich Genf Basel Bern Paris Lyon
    Lille Milano Torino Roma Madrid Sevilla Lisboa Amsterdam Rotterdam Warszawa Praha Budapest
    London Manchester Leeds Dublin Stockholm Oslo Helsinki Chicago Dallas Boston Seattle Denver
    """
)
FORMS = {
    "DE": ("GmbH", "AG", "GmbH & Co. KG", "KG"),
    "US": ("Inc.", "LLC", "Corp.", "Co."),
    "GB": ("Ltd", "Limited", "plc", "LLP"),
    "FR": ("SAS", "SARL", "S.A."),
    "IT": ("S.r.l.", "S.p.A."),
    "ES": ("S.L.", "S.A."),
    "NL": ("B.V.", "N.V."),
    "PL": ("Sp. z o.o.", "S.A."),
    "SE": ("AB",),
}
SUFFIXES = {"DE": "de", "US": "com", "GB": "co.uk", "FR": "fr", "IT": "it", "ES": "es", "NL": "nl"}
SHORT_FORMS = {
    "Logistics": "Logist.",
    "Engineering": "Engrg",
    "Systems": "Sys",
    "Consulting": "Consult",
    "Construction": "Constr.",
    "Chemicals": "Chem.",
    "Insurance": "Ins.",
    "Machinery": "Mach.",
    "Transport": "Trans.",
    "Electronics": "Electr.",
    "Telecom": "Telecommunications",
    "Pharma": "Pharmaceuticals",
    "International": "Intl",
    "Manufacturing": "Mfg",
    "Services": "Svcs",
    "Technologies": "Tech",
    "Management": "Mgmt",
    "Software": "SW",
    "Automotive": "Auto",
}
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}


@dataclass(frozen=True, slots=True)
class Company:
    """A made-up company; `words` is its name without the legal form."""

    words: tuple[str, ...]
    form: str
    country: str
    domain: str = ""

    @property
    def name(self) -> str:
        return f"{' '.join(self.words)} {self.form}".strip()

    def customer(self) -> EndCustomer:
        return EndCustomer(self.name, domain=self.domain)


def coined(rng: random.Random) -> str:
    middles = "".join(rng.choice(MIDDLES) for _ in range(rng.choice((0, 1, 1, 2, 2))))
    return rng.choice(STARTS) + middles + rng.choice(ENDS)


def company(rng: random.Random) -> Company:
    country = rng.choice(tuple(FORMS))
    shape = rng.random()
    trade = rng.choice(TRADES)
    if shape < 0.35:
        words = (coined(rng), trade)
    elif shape < 0.55:
        words = (rng.choice(SURNAMES), rng.choice(SURNAMES), trade)
    elif shape < 0.7:
        words = (coined(rng), trade, rng.choice(CITIES))
    elif shape < 0.85:
        words = (rng.choice(SURNAMES), coined(rng), trade)
    else:
        words = (coined(rng), coined(rng), trade)
    made = Company(words, rng.choice(FORMS[country]), country)
    if rng.random() < 0.7:
        label = "-".join(fold(word) for word in words).replace(" ", "")
        made = replace(made, domain=f"{label}.{SUFFIXES.get(country, 'com')}")
    return made


def mistyped(rng: random.Random, word: str) -> str:
    """`word` with one letter swapped, lost, doubled or replaced, never the first."""
    place = rng.randrange(1, len(word) - 1)
    match rng.randrange(4):
        case 0:
            changed = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        case 1:
            changed = word[:place] + word[place + 1 :]
        case 2:
            changed = word[:place] + word[place] + word[place:]
        case _:
            changed = word[:place] + rng.choice("aeionrst") + word[place + 1 :]
    return changed if changed != word else word[:place] + word[place + 1 :]


def _longest(words: tuple[str, ...]) -> int:
    return max(range(len(words)), key=lambda place: len(words[place]))


def _with(words: tuple[str, ...], place: int, word: str) -> tuple[str, ...]:
    return (*words[:place], word, *words[place + 1 :])


def _restyle(rng: random.Random, one: Company) -> Company:
    form = rng.choice((*FORMS[one.country], ""))
    words = tuple(rng.choice((word, word.upper(), word.lower())) for word in one.words)
    return Company(words, form, one.country)


def _one_typo(rng: random.Random, one: Company) -> Company:
    place = _longest(one.words)
    return Company(_with(one.words, place, mistyped(rng, one.words[place])), one.form, one.country)


def _two_typos(rng: random.Random, one: Company) -> Company:
    return _one_typo(rng, _one_typo(rng, one))


def _abbreviated(rng: random.Random, one: Company) -> Company:
    words = tuple(SHORT_FORMS.get(word, word) for word in one.words)
    return Company(words, one.form, one.country)


def _truncated(rng: random.Random, one: Company) -> Company:
    place = next((i for i, word in enumerate(one.words) if word in TRADES), len(one.words) - 1)
    word = one.words[place]
    cut = max(4, round(len(word) * 0.6))
    return Company(_with(one.words, place, word[:cut] + "."), one.form, one.country)


def _added(rng: random.Random, one: Company) -> Company:
    more = rng.choice(("International", "Group", "Holding", "Global", "Services", "Europe"))
    return Company((*one.words, more), one.form, one.country)


def _dropped(rng: random.Random, one: Company) -> Company:
    place = rng.randrange(1, len(one.words))
    return Company(one.words[:place] + one.words[place + 1 :], one.form, one.country)


def _reordered(rng: random.Random, one: Company) -> Company:
    return Company((*one.words[1:], one.words[0]), one.form, one.country)


def _respaced(rng: random.Random, one: Company) -> Company:
    return Company((one.words[0] + one.words[1].lower(), *one.words[2:]), one.form, one.country)


def _two_letter_vowels(rng: random.Random, one: Company) -> Company:
    text = " ".join(one.words)
    for umlaut, letters in UMLAUTS.items():
        text = text.replace(umlaut, letters).replace(umlaut.upper(), letters.title())
    return Company(tuple(fold(text).split()), one.form, one.country)


def _domain_only(rng: random.Random, one: Company) -> Company:
    domain = f"https://www.{one.domain}/contact" if one.domain else ""
    return Company((() if domain else one.words), "", one.country, domain)


CHANGES = {
    "legal form and case": _restyle,
    "one typo": _one_typo,
    "two typos": _two_typos,
    "abbreviation": _abbreviated,
    "truncated word": _truncated,
    "added word": _added,
    "dropped word": _dropped,
    "word order": _reordered,
    "spacing": _respaced,
    "umlauts": _two_letter_vowels,
    "domain only": _domain_only,
}


def split_somewhere(rng: random.Random, word: str) -> str:
    place = rng.randrange(3, max(4, len(word) - 2))
    return f"{word[:place]} {word[place:]}"
