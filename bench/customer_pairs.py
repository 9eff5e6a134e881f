"""Writes the labelled pairs: those written by hand, and generated ones with hard negatives.

    python -m bench.customer_pairs

A label says what a person who knows the market would: the same customer, or another.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

from bench.companies import (
    CHANGES,
    CITIES,
    FORMS,
    SURNAMES,
    TRADES,
    Company,
    coined,
    company,
    mistyped,
    split_somewhere,
)
from portal.kernel.text import fold

CASES = Path(__file__).resolve().parent.parent / "tests" / "cases"
BY_HAND = CASES / "customer_pairs_by_hand.csv"
PAIRS = CASES / "customer_pairs.csv"
COLUMNS = ("name1", "name2", "country1", "country2", "domain1", "domain2", "label", "kind")
SEED = 20261122
EACH = 90

Row = tuple[str, str, str, str, str, str, str, str]

_CYRILLIC = {
    "sch": "ш", "sh": "ш", "ch": "х", "ph": "ф", "th": "т", "ck": "к", "qu": "кв",
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и",
    "j": "й", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "r": "р", "s": "с",
    "t": "т", "u": "у", "v": "в", "w": "в", "x": "кс", "y": "ы", "z": "з",
}  # fmt: skip
_GREEK = {
    "th": "θ", "ph": "φ", "ch": "χ", "a": "α", "b": "μπ", "c": "κ", "d": "ντ", "e": "ε", "f": "φ",
    "g": "γ", "i": "ι", "k": "κ", "l": "λ", "m": "μ", "n": "ν", "o": "ο", "p": "π", "r": "ρ",
    "s": "σ", "t": "τ", "u": "ου", "v": "β", "x": "ξ", "z": "ζ",
}  # fmt: skip
_KATAKANA = {
    "ka": "カ", "ki": "キ", "ku": "ク", "ke": "ケ", "ko": "コ", "sa": "サ", "su": "ス", "se": "セ",
    "so": "ソ", "ta": "タ", "te": "テ", "to": "ト", "na": "ナ", "ni": "ニ", "nu": "ヌ", "ne": "ネ",
    "no": "ノ", "ma": "マ", "mi": "ミ", "mu": "ム", "me": "メ", "mo": "モ", "ra": "ラ", "ri": "リ",
    "ru": "ル", "re": "レ", "ro": "ロ", "ha": "ハ", "hi": "ヒ", "ya": "ヤ", "yu": "ユ", "yo": "ヨ",
}  # fmt: skip
_HAN = (
    ("海星", "Haixing"), ("天和", "Tianhe"), ("金龙", "Jinlong"), ("永安", "Yongan"),
    ("东升", "Dongsheng"), ("华光", "Huaguang"), ("长城", "Changcheng"), ("新源", "Xinyuan"),
    ("宏达", "Hongda"), ("瑞丰", "Ruifeng"), ("明珠", "Mingzhu"), ("飞跃", "Feiyue"),
    ("康宁", "Kangning"), ("泰山", "Taishan"), ("江南", "Jiangnan"), ("银河", "Yinhe"),
)  # fmt: skip
_HAN_TRADES = (
    ("科技", "Technology"), ("电子", "Electronics"), ("物流", "Logistics"), ("化工", "Chemical"),
    ("食品", "Food"), ("能源", "Energy"), ("保险", "Insurance"), ("机械", "Machinery"),
)  # fmt: skip
_DIVISIONS = (
    "Financial Services", "Capital", "Ventures", "Foundation", "Leasing", "Real Estate",
    "Healthcare", "Energy", "Digital", "Insurance", "Bank", "Academy", "Research", "Properties",
)  # fmt: skip
_GENERIC = (
    "Global Services", "City Taxi", "National Insurance", "Central Hotel", "Star Travel",
    "Modern Furniture", "First Security", "United Logistics", "Quality Foods", "Royal Bakery",
    "Smart Solutions", "Premium Cars", "Alpha Consulting", "Golden Restaurant", "Family Dental",
)  # fmt: skip
_TRANSLATED = (
    ("{0} Versicherung", "{0} Insurance"), ("{0} Logistik GmbH", "{0} Logistics"),
    ("Grupo {0}", "{0} Group"), ("{0} Maschinenbau", "{0} Machinery"), ("Banque {0}", "{0} Bank"),
    ("{0} Elektronik", "{0} Electronics"), ("{0} Chemie", "{0} Chemicals"),
    ("Hotel {0}", "{0} Hotel"),
    ("{0} Technik AG", "{0} Technology"), ("{0} Bau GmbH", "{0} Building"),
    ("Université {0}", "University of {0}"), ("{0} Ingenieurbüro", "{0} Engineering"),
    ("{0} Stahl", "{0} Steel"), ("Transportes {0}", "{0} Transport"),
    ("{0} Verlag", "{0} Publishing"),
)  # fmt: skip


def written_in(letters: dict[str, str], word: str) -> str:
    text = fold(word)
    for latin in sorted(letters, key=len, reverse=True):
        text = text.replace(latin, letters[latin])
    return text.title()


def other(rng: random.Random, options: tuple[str, ...] | list[str], than: str) -> str:
    return rng.choice([option for option in options if option != than])


def pair(one: Company, two: Company, label: str, kind: str) -> Row:
    return (one.name, two.name, one.country, two.country, "", "", label, kind)


def _changed(kind: str) -> Callable[[random.Random], Row]:
    def make(rng: random.Random) -> Row:
        one = company(rng)
        while kind == "umlauts" and fold(one.name) == one.name.lower():
            one = company(rng)
        two = CHANGES[kind](rng, one)
        return pair(one, two, "same", kind)

    return make


def _cyrillic(rng: random.Random) -> Row:
    name = rng.choice((coined(rng), coined(rng), rng.choice(SURNAMES)))
    written = written_in(_CYRILLIC, name)
    return (f"ООО «{written}»", f"{name} LLC", "RU", "RU", "", "", "same", "script cyrillic")


def _greek(rng: random.Random) -> Row:
    name = coined(rng)
    while set(fold(name)) & set("hjqwy"):
        name = coined(rng)
    written = written_in(_GREEK, name)
    return (f"{written} Α.Ε.", f"{name} S.A.", "GR", "GR", "", "", "same", "script greek")


def _kana(rng: random.Random) -> Row:
    syllables = [rng.choice(tuple(_KATAKANA)) for _ in range(rng.randrange(3, 5))]
    written, name = "".join(_KATAKANA[s] for s in syllables), "".join(syllables).title()
    return (f"株式会社{written}", f"{name} Co., Ltd.", "JP", "JP", "", "", "same", "script kana")


def _han(rng: random.Random) -> Row:
    (han, pinyin), (trade, word) = rng.choice(_HAN), rng.choice(_HAN_TRADES)
    is_same = rng.random() < 0.6
    if not is_same:
        trade = other(rng, [written for written, _ in _HAN_TRADES], trade)
    written = f"{han}{trade}有限公司"
    label = "same" if is_same else "different"
    return (written, f"{pinyin} {word} Co., Ltd.", "CN", "CN", "", "", label, "script han")


def _acronym(rng: random.Random) -> Row:
    words = [coined(rng), coined(rng), rng.choice(TRADES)]
    acronym = "".join(word[0] for word in words)
    return (acronym, f"{' '.join(words)} Ltd", "GB", "GB", "", "", "same", "acronym")


def _acronym_clash(rng: random.Random) -> Row:
    letters = "".join(rng.sample("ABCDEFGHKLMNPRSTV", 3))
    place = rng.randrange(3)
    changed = letters[:place] + other(rng, list("ABCDEFGHKLMNPRSTV"), letters[place])
    changed += letters[place + 1 :]
    trade = rng.choice(("", f" {rng.choice(TRADES)}"))
    return (letters + trade, changed + trade, "", "", "", "", "different", "acronyms that clash")


def _translated(rng: random.Random) -> Row:
    one, two = rng.choice(_TRANSLATED)
    name = rng.choice((coined(rng), rng.choice(SURNAMES)))
    return (one.format(name), two.format(name), "", "", "", "", "same", "translation")


def _split_word(rng: random.Random) -> Row:
    one = company(rng)
    name = coined(rng) + rng.choice(("berg", "soft", "works", "line", "cast"))
    two = split_somewhere(rng, name)
    trade = one.words[-1]
    return (f"{name} {trade}", f"{two} {trade}", "", "", "", "", "same", "split word")


def _typo_and_form(rng: random.Random) -> Row:
    name = coined(rng) + rng.choice(ENDINGS)
    forms = rng.sample(FORMS["US"], 2)
    typed = mistyped(rng, name)
    return (
        f"{name} {forms[0]}",
        f"{typed} {forms[1]}",
        "US",
        "US",
        "",
        "",
        "same",
        "typo and form",
    )


ENDINGS = ("ton", "mark", "field", "burg", "stein")


def _trading_as(rng: random.Random) -> Row:
    one, two = company(rng), company(rng)
    said = rng.choice(("dba", "t/a", "doing business as", "(formerly", "aka"))
    close = ")" if said.startswith("(") else ""
    text = f"{one.name} {said} {' '.join(two.words)}{close}"
    return (text, two.name, "", two.country, "", "", "same", "trading as")


def _same_domain(rng: random.Random) -> Row:
    one = company(rng)
    label = fold(one.words[0])
    short = f"{one.words[0]} {rng.choice(('Group', 'Services', 'AG', 'Holding'))}"
    web = f"https://www.{label}.example/contact"
    domains = (f"info@{label}.example", web)
    return (one.name, short, one.country, one.country, *domains, "same", "same domain")


def _other_trade(rng: random.Random) -> Row:
    one = company(rng)
    words = tuple(other(rng, TRADES, w) if w in TRADES else w for w in one.words)
    return pair(one, Company(words, one.form, one.country), "different", "other trade")


def _other_city(rng: random.Random) -> Row:
    city = rng.choice(CITIES)
    name = rng.choice((coined(rng), f"Hotel {coined(rng)}", f"{coined(rng)} Klinik", "Stadtwerke"))
    one, two = f"{name} {city}", f"{name} {other(rng, CITIES, city)}"
    return (one, two, "", "", "", "", "different", "other city")


def _other_number(rng: random.Random) -> Row:
    name = f"{coined(rng)} {rng.choice(('Plant', 'Site', 'Werk', 'Store', 'Fund', 'Unit'))}"
    number = rng.randrange(1, 40)
    two = other(rng, [str(n) for n in range(1, 40)], str(number))
    return (f"{name} {number}", f"{name} {two}", "", "", "", "", "different", "other number")


def _sibling(rng: random.Random) -> Row:
    one = company(rng)
    place = rng.randrange(len(one.words) - 1)
    words = (*one.words[:place], coined(rng), *one.words[place + 1 :])
    return pair(one, Company(words, one.form, one.country), "different", "sibling")


def _same_surname(rng: random.Random) -> Row:
    surname, trade = rng.choice(SURNAMES), rng.choice(TRADES)
    first = rng.choice(("Hans", "Peter", "Maria", "John", "Laura", "Pierre", "Sofia", "Marco"))
    second = other(rng, ["Karl", "David", "Elena", "Robert", "Anna", "Luc", "Ivan", "Julia"], "")
    names = (f"{first} {surname} {trade}", f"{second} {surname} {trade}")
    return (*names, "DE", "DE", "", "", "different", "same surname")


def _division(rng: random.Random) -> Row:
    name = rng.choice((coined(rng), rng.choice(SURNAMES)))
    two = f"{name} {rng.choice(_DIVISIONS)}"
    return (f"{name} AG", f"{two} AG", "DE", "DE", "", "", "different", "division")


def _two_divisions(rng: random.Random) -> Row:
    name, division = coined(rng), rng.choice(_DIVISIONS)
    two = other(rng, _DIVISIONS, division)
    return (f"{name} {division}", f"{name} {two}", "", "", "", "", "different", "two divisions")


def _subsidiary(rng: random.Random) -> Row:
    name = coined(rng)
    two = f"{name} {coined(rng)}"
    return (f"{name} AG", f"{two} AG", "DE", "DE", "", "", "different", "subsidiary")


def _generic_elsewhere(rng: random.Random) -> Row:
    name = rng.choice(_GENERIC)
    a, b = rng.sample(tuple(FORMS), 2)
    domains = (f"{fold(name).replace(' ', '')}.example", f"{fold(coined(rng))}.example")
    return (name, name, a, b, *domains, "different", "generic name elsewhere")


def _short_name(rng: random.Random) -> Row:
    word = "".join(rng.choice(part) for part in ("BDFKLMNPRST", "aeiou", "lmnrst", "aox"))
    place = rng.choice((0, 2))
    options = "bdfklmnprst" if place else "BDFKLMNPRST"
    two = word[:place] + other(rng, list(options), word[place]) + word[place + 1 :]
    return (f"{word} AG", f"{two} AG", "", "", "", "", "different", "short names")


def _like_domain(rng: random.Random) -> Row:
    one, two = company(rng), company(rng)
    label = fold(one.words[0])
    domains = (f"{label}.example", f"{label}-{fold(two.words[-1])}.example")
    names = (f"{one.words[0]} {one.words[-1]}", f"{two.words[0]} {two.words[-1]}")
    return (*names, one.country, two.country, *domains, "different", "look-alike domain")


def _free_mail(rng: random.Random) -> Row:
    one, two = company(rng), company(rng)
    mails = (f"{fold(one.words[0])}@gmail.com", f"{fold(two.words[0])}@gmail.com")
    return (one.name, two.name, one.country, two.country, *mails, "different", "free mail")


def _stranger(rng: random.Random) -> Row:
    return pair(company(rng), company(rng), "different", "strangers")


MAKERS: tuple[Callable[[random.Random], Row], ...] = (
    *(_changed(kind) for kind in CHANGES if kind not in {"domain only", "dropped word"}),
    _cyrillic, _greek, _kana, _han, _acronym, _translated, _split_word, _typo_and_form,
    _trading_as, _same_domain, _acronym_clash, _other_trade, _other_city, _other_number, _sibling,
    _same_surname, _division, _two_divisions, _subsidiary, _generic_elsewhere, _short_name,
    _like_domain, _free_mail, _stranger,
)  # fmt: skip


def generated() -> list[Row]:
    """Up to EACH different pairs of every kind whose two names are not one text."""
    rng = random.Random(SEED)
    rows: list[Row] = []
    for make in MAKERS:
        made = dict.fromkeys(make(rng) for _ in range(EACH))
        rows += [row for row in made if row[0] != row[1] or row[7] == "generic name elsewhere"]
    return rows


def main() -> None:
    with BY_HAND.open(newline="", encoding="utf-8") as file:
        by_hand = [tuple(row) for row in csv.reader(file)][1:]
    with PAIRS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([*by_hand, *generated()])
    print(f"{PAIRS.name}: {len(by_hand)} by hand, {len(generated())} generated")


if __name__ == "__main__":
    main()
