"""One score from explained parts: how likely two descriptions mean one end customer.

The score sends a pair to a person or lets it pass; only an exact key decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA

from portal.deals.rules.matching.alignment import Alignment, Pair, align
from portal.deals.rules.matching.keys import sound_of
from portal.deals.rules.matching.legal_forms import UNSURE_IN_FRONT
from portal.deals.rules.matching.profile import Naming, Profile
from portal.deals.rules.matching.vocabulary import DIVISIONS, VAGUE_TRADES, Kind, kind_of

LEAST_MAYBE = 70

_WEIGHTS = {
    Kind.RARE: 3.0,
    Kind.NUMBER: 2.0,
    Kind.PLACE: 1.2,
    Kind.TRADE: 1.0,
    Kind.DIVISION: 1.0,
    Kind.FILLER: 0.3,
}
_TELLING = frozenset({Kind.TRADE, Kind.DIVISION, Kind.PLACE})
_HOW = {
    "spacing": "“{0}” and “{1}” differ in spacing",
    "plural": "“{0}” and “{1}” differ in the plural",
    "sound": "“{0}” and “{1}” sound alike",
    "abbreviation": "one of “{0}” and “{1}” abbreviates the other",
    "typing": "“{0}” and “{1}” differ by a typing mistake",
    "initial": "one of “{0}” and “{1}” is an initial",
    "initials": "one of “{0}” and “{1}” is the initials of the other",
    "syllables": "one of “{0}” and “{1}” is put together from the other",
}


class Verdict(StrEnum):
    """Whether two descriptions mean one end customer."""

    SAME = "same"
    MAYBE = "maybe"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a score: a stable code, a sentence for people, and the points it gave or took."""

    code: str
    text: str
    weight: int


@dataclass(frozen=True, slots=True)
class Match:
    """What a comparison found.  `exact` names the keys that decided alone, and is else empty.

    The points of all reasons add up to the score, kept within 0 and 100.
    """

    score: int
    verdict: Verdict
    reasons: tuple[Reason, ...]
    exact: tuple[str, ...] = ()


def compare(first: Profile, second: Profile) -> Match:
    """Compares two end customers; the order does not matter.  Never raises."""
    if first.division and second.division and first.division != second.division:
        text = "They are registered as separate divisions"
        return Match(0, Verdict.DIFFERENT, (Reason("separate_divisions", text, 0),))
    first, second = sorted((first, second), key=_order)
    if exact := tuple(_exact(first, second)):
        texts = {
            "tax_id": "The tax or registration number is the same",
            "domain": f"Both use the domain {first.domain}",
            "name_country": "The name and the country are the same",
        }
        reasons = [Reason(code, texts[code], 0) for code in exact]
        reasons[0] = Reason(exact[0], texts[exact[0]], 100)
        return Match(100, Verdict.SAME, tuple(reasons), exact)
    is_equal = _is_one_name(first, second)
    reasons = list(_name_reasons(first, second, is_equal=is_equal))
    reasons += _fact_reasons(first, second)
    score = max(0, min(100, sum(reason.weight for reason in reasons)))
    return Match(score, _verdict(score, reasons, is_equal=is_equal), tuple(reasons))


def _order(profile: Profile) -> tuple[tuple[str, ...], ...]:
    names = tuple(naming.compact for naming in profile.names)
    place = (profile.country, profile.city, profile.domain)
    return (names, place, (profile.tax_id, profile.parent, profile.division), profile.forms)


def _verdict(score: int, reasons: list[Reason], *, is_equal: bool) -> Verdict:
    if score < LEAST_MAYBE:
        return Verdict.DIFFERENT
    is_contradicted = any(reason.weight < 0 for reason in reasons)
    return Verdict.SAME if is_equal and not is_contradicted else Verdict.MAYBE


def _is_one_name(first: Profile, second: Profile) -> bool:
    """Whether a name of either is a spelling of a name of the other, legal form aside."""
    return any(
        not set(one.spellings).isdisjoint(other.spellings)
        for one in first.names
        for other in second.names
        if one.words and other.words
    )


def _exact(first: Profile, second: Profile) -> Iterator[str]:
    """The exact keys that agree; two tax numbers that differ keep the others from deciding."""
    if first.division != second.division:
        return
    may_be_one_country = not first.country or not second.country or first.country == second.country
    if first.tax_id and second.tax_id:
        if first.tax_id != second.tax_id:
            return
        if may_be_one_country:
            yield "tax_id"
    if first.domain and first.domain == second.domain:
        yield "domain"
    is_named_alike = not set(first.name.spellings).isdisjoint(second.name.spellings)
    is_unsure = _is_common(first.name) and _domains_differ(first, second)
    if is_named_alike and not is_unsure and first.country and first.country == second.country:
        yield "name_country"


def _is_common(naming: Naming) -> bool:
    return all(kind_of(word) is not Kind.RARE for word in naming.words)


def _domains_differ(first: Profile, second: Profile) -> bool:
    """Whether both have a domain and the domains are no variants of one: "acme.de", "acme.com"."""
    a, b = sorted((first.domain_label, second.domain_label), key=lambda label: (len(label), label))
    if not a or not b or first.domain == second.domain:
        return False
    if len(a) > 3 and a in b:
        return False
    return OSA.normalized_similarity(a, b) < 0.85


def _name_reasons(first: Profile, second: Profile, *, is_equal: bool) -> Iterator[Reason]:
    if is_equal:
        yield Reason("name", "The names are the same, legal form aside", 100)
        return
    if not first.name.words or not second.name.words:
        yield Reason("no_name", "One of them has no name to compare", 0)
        return
    if first.name.compact == second.imitates or second.name.compact == first.imitates:
        yield Reason(
            "look_alike", "One name is drawn like the other in letters of another script", 88
        )
        return
    yield from max(
        (_reasons_of(one, other) for one in first.names for other in second.names),
        key=lambda reasons: sum(reason.weight for reason in reasons),
    )


def _reasons_of(first: Naming, second: Naming) -> list[Reason]:
    reasons = list(_whole_name(first, second))
    if reasons:
        return reasons
    found = align(first, second)
    if not found.pairs:
        return [Reason("other_name", "The names have no word in common", 0)]
    return [*_pair_reasons(found), *_order_reasons(first, second, found), *_left_reasons(found)]


def _whole_name(first: Naming, second: Naming) -> Iterator[Reason]:
    """What shows on whole names only: initials of everything, and spacing with a slip."""
    for one, other in ((first, second), (second, first)):
        if (
            one.compact in other.initials
            and len(one.compact) > 1
            and len(one.words) <= len(one.compact)
        ):
            is_sure = len(one.compact) > 2
            text = f"“{one.compact.upper()}” is the initials of the other name"
            yield Reason("initials", text, 84 if is_sure else 74)
            return
    a, b = first.compact, second.compact
    if len(first.words) == len(second.words) or _has_number(first) or _has_number(second):
        return
    if min(len(a), len(b)) > 7 and (
        sound_of(a) == sound_of(b) or (OSA.distance(a, b, score_cutoff=2) < 2 and a[0] == b[0])
    ):
        yield Reason("spacing", "The names differ in spacing and a letter", 88)


def _has_number(naming: Naming) -> bool:
    return any(word.isdigit() for word in naming.words)


def _pair_reasons(found: Alignment) -> Iterator[Reason]:
    """100 points for the words in common, less what each unequal pair leaves in doubt."""
    shared = [pair for pair in found.pairs if pair.how == "equal"]
    words = ", ".join(f"“{pair.first}”" for pair in shared)
    yield Reason("words", f"In common: {words}" if words else "The names are written alike", 100)
    whole = sum(_WEIGHTS[pair.kind] for pair in found.pairs)
    for pair in found.pairs:
        if pair.how != "equal":
            yield _doubt(pair, whole, has_more=len(found.pairs) > 1)


def _doubt(pair: Pair, whole: float, *, has_more: bool) -> Reason:
    share = max(0.85, _WEIGHTS[pair.kind] / whole)
    points = round((1 - pair.alike) * 100 * share)
    shortest = min(len(pair.first), len(pair.second))
    if pair.how == "typing" and not has_more and shortest < 7:
        points += 8
    return Reason(pair.how, _HOW[pair.how].format(pair.first, pair.second), -points)


def _order_reasons(first: Naming, second: Naming, found: Alignment) -> Iterator[Reason]:
    if found.left != ([], []) or len(found.pairs) < 2:
        return
    if Counter(first.words) == Counter(second.words) and first.words != second.words:
        yield Reason("order", "The words are the same in another order", -4)


def _left_reasons(found: Alignment) -> Iterator[Reason]:
    """What the words take away that only one of the names has."""
    if found.left == ([], []):
        return
    shares_rare = found.shares_rare()
    sides = tuple(_by_kind(left, shares_rare=shares_rare) for left in found.left)
    numbers, rare, places = (
        [side.get(kind, []) for side in sides] for kind in (Kind.NUMBER, Kind.RARE, Kind.PLACE)
    )
    telling = [side.get(Kind.TRADE, []) + side.get(Kind.DIVISION, []) for side in sides]
    if numbers[0] and numbers[1]:
        yield Reason("numbers", f"The numbers differ: {_said(numbers)}", -60)
    elif numbers[0] or numbers[1]:
        yield Reason("number", f"Only one has the number {_said(numbers)}", -22)
    if rare[0] and rare[1]:
        yield Reason("other_words", f"The names differ: {_said(rare)}", -60)
    elif rare[0] or rare[1]:
        yield _added(found, rare[0] + rare[1], shares_rare=shares_rare)
    if any(telling[side] and (telling[1 - side] or rare[1 - side]) for side in (0, 1)):
        yield Reason("trades", f"They do different things: {_said(telling)}", -45)
    else:
        yield from _trade_added(telling[0] + telling[1])
    if places[0] and places[1]:
        yield Reason("places", f"The places differ: {_said(places)}", -45)
    elif places[0] or places[1]:
        is_odd = any(telling) or any(rare)
        yield Reason("place", f"Only one names {_said(places)}", -22 if is_odd else -14)
    if fillers := [word for side in sides for word in side.get(Kind.FILLER, [])]:
        yield Reason("filler", f"Only one says {_said([fillers])}", -min(8, 3 * len(fillers)))


def _by_kind(words: list[str], *, shares_rare: bool) -> dict[Kind, list[str]]:
    """A single letter tells like a number, and what may be a legal form tells little; in names of
    ordinary words only, each of them counts.
    """
    found: dict[Kind, list[str]] = {}
    for word in words:
        kind = kind_of(word)
        if word in UNSURE_IN_FRONT:
            kind = Kind.FILLER
        elif len(word) == 1:
            kind = Kind.NUMBER
        elif not shares_rare and kind in _TELLING:
            kind = Kind.RARE
        found.setdefault(kind, []).append(word)
    return found


def _added(found: Alignment, words: list[str], *, shares_rare: bool) -> Reason:
    shared = sum(_WEIGHTS[pair.kind] * pair.alike for pair in found.pairs)
    extra = sum(_WEIGHTS[kind_of(word)] for word in words)
    most = 100 if not shares_rare else 70 if len(found.pairs) > 1 else 76
    points = round(most * extra / (shared + extra))
    return Reason("added_words", f"Only one has {_said([words])}", -points)


def _trade_added(words: list[str]) -> Iterator[Reason]:
    if divisions := [word for word in words if word in DIVISIONS]:
        yield Reason("division", f"Only one is {_said([divisions])}", -34)
    if vague := [word for word in words if word in VAGUE_TRADES]:
        yield Reason("trade", f"Only one says {_said([vague])}", -8 * len(vague))
    if exact := [word for word in words if word not in DIVISIONS and word not in VAGUE_TRADES]:
        yield Reason("trade", f"Only one does {_said([exact])}", -16 * len(exact))


def _said(sides: list[list[str]]) -> str:
    return " and ".join(" ".join(side) for side in sides if side)


def _fact_reasons(first: Profile, second: Profile) -> Iterator[Reason]:
    """What the facts beside the names give or take; a fact that one of them lacks does neither."""
    if first.tax_id and second.tax_id and first.tax_id != second.tax_id:
        yield Reason("tax_id_differs", "The tax or registration numbers differ", -28)
    if first.country and second.country:
        if first.country != second.country:
            text = f"The countries differ: {first.country} and {second.country}"
            yield Reason("country_differs", text, -16)
    elif _forms_differ(first, second):
        yield Reason("form_country_differs", "The legal forms are of different countries", -12)
    yield from _domain_reasons(first, second)
    if first.city and second.city and first.city != second.city:
        yield Reason("city_differs", "The cities differ", -5)
    if first.parent in second.name.spellings or second.parent in first.name.spellings:
        yield Reason("parent", "One is a part of the other", -40)
    elif first.parent and second.parent and first.parent != second.parent:
        yield Reason("parents_differ", "They belong to different companies", -15)
    if first.division != second.division:
        yield Reason("division_registered", "One is registered as a division of its own", -20)


def _forms_differ(first: Profile, second: Profile) -> bool:
    def countries(profile: Profile) -> set[str]:
        return {profile.country} if profile.country else set(profile.form_countries)

    one, other = countries(first), countries(second)
    return bool(one and other) and one.isdisjoint(other)


def _domain_reasons(first: Profile, second: Profile) -> Iterator[Reason]:
    if not first.domain or not second.domain:
        return
    if first.domain == second.domain:
        yield Reason("domain", f"Both use the domain {first.domain}", 45)
    elif first.domain_label == second.domain_label and len(first.domain_label) > 3:
        yield Reason("domain_label", "The domains differ only in their ending", 6)
    elif _domains_differ(first, second):
        yield Reason("domain_differs", "The domains differ", -16)
