"""Which words of two names stand for each other, and which words of either name are left over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import OSA, Hamming

from portal.deals.rules.matching.keys import sound_of
from portal.deals.rules.matching.profile import Naming
from portal.deals.rules.matching.vocabulary import Kind, canonical, kind_of, spellings_of

_LEAST_ALIKE = 0.7
_SHORT_SYLLABLE = 2

# How alike two words are by the typing slips between them and the shorter one's length.
_TYPED = {
    1: ((7, 0.93), (5, 0.9), (4, 0.75)),
    2: ((9, 0.87), (7, 0.82)),
    3: ((11, 0.8),),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One or more words of each name that mean the same, how alike they are (0 to 1), and why."""

    first: str
    second: str
    alike: float
    how: str
    kind: Kind


@dataclass(slots=True)
class Alignment:
    """The pairs found, and what is left of each name."""

    pairs: list[Pair] = field(default_factory=list)
    left: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))

    def shares_rare(self) -> bool:
        return any(pair.kind is Kind.RARE for pair in self.pairs)


def align(first: Naming, second: Naming) -> Alignment:
    """Pairs equal words first, then words run together, likely misspellings, and initials."""
    found = Alignment()
    rest, other = list(first.words), list(second.words)
    for word in first.words:
        if word in other:
            rest.remove(word)
            other.remove(word)
            found.pairs.append(Pair(word, word, 1.0, "equal", kind_of(word)))
    if rest and other:
        _pair_joined(found, rest, other, swapped=False)
        _pair_joined(found, other, rest, swapped=True)
        _pair_alike(found, rest, other)
        _pair_initials(found, rest, other, swapped=False)
        _pair_initials(found, other, rest, swapped=True)
    found.left = (rest, other)
    return found


def _pair_joined(found: Alignment, parts: list[str], whole: list[str], *, swapped: bool) -> None:
    """Two or three neighbours of `parts` that are one word of `whole`: "data base", "database"."""
    for length in (2, 3):
        for start in range(len(parts) - length + 1):
            run = parts[start : start + length]
            joined = "".join(run)
            match = next((word for word in whole if _is_joined(joined, word)), None)
            if match is None:
                continue
            shown = " ".join(run)
            pair = (match, shown) if swapped else (shown, match)
            found.pairs.append(Pair(*pair, 0.97, "spacing", kind_of(match)))
            del parts[start : start + length]
            whole.remove(match)
            return


def _is_joined(joined: str, word: str) -> bool:
    if joined == word:
        return True
    return (
        len(word) > 6
        and abs(len(joined) - len(word)) < 3
        and joined[:4] == word[:4]
        and (sound_of(joined) == sound_of(word) or joined.rstrip("s") == word.rstrip("s"))
    )


def _pair_alike(found: Alignment, rest: list[str], other: list[str]) -> None:
    scored = sorted(
        (
            (-alike, a, b, how)
            for a in rest
            for b in other
            for alike, how in (likeness(a, b),)
            if alike >= _LEAST_ALIKE
        ),
    )
    for alike, a, b, how in scored:
        if a in rest and b in other:
            rest.remove(a)
            other.remove(b)
            kind = kind_of(b) if kind_of(a) is Kind.RARE else kind_of(a)
            found.pairs.append(Pair(a, b, -alike, how, kind))


def _pair_initials(found: Alignment, short: list[str], long: list[str], *, swapped: bool) -> None:
    """A word that abbreviates all that is left of the other name, such as "ibm" or "fedex"."""
    if len(long) < 2:
        return
    spelt = "".join(word[0] for word in long)
    single = "".join(short) if all(len(word) == 1 for word in short) else ""
    for word in [single] if single else list(short):
        if word == spelt and len(word) > 2:
            alike, how = 0.88, "initials"
        elif word == spelt and len(word) == 2:
            alike, how = 0.78, "initials"
        elif len(word) > 4 and word[:2] == long[0][:2] and _is_syllables(word, long):
            alike, how = 0.8, "syllables"
        else:
            continue
        shown = " ".join(long)
        pair = (shown, word) if swapped else (word, shown)
        found.pairs.append(Pair(*pair, alike, how, Kind.RARE))
        short[:] = [] if single else [kept for kept in short if kept != word]
        long.clear()
        return


def _is_syllables(word: str, parts: Sequence[str]) -> bool:
    """Whether `word` is put together from at least two opening letters of each of `parts`."""
    if not parts:
        return not word
    longest = min(len(parts[0]), len(word))
    return any(
        word[:length] == parts[0][:length] and _is_syllables(word[length:], parts[1:])
        for length in range(longest, _SHORT_SYLLABLE - 1, -1)
    )


@lru_cache(maxsize=65536)
def likeness(a: str, b: str) -> tuple[float, str]:
    """How likely two different words are one, 0 to 1, and in which way.  Symmetric.

    Short words must be closer; numbers are never misspelt; two words that are both ordinary words
    of company names are what they say.
    """
    short, long = sorted((a, b), key=lambda word: (len(word), word))
    if a.isdigit() or b.isdigit():
        found = (0.0, "")
    elif len(short) == 1:
        found = (0.72, "initial") if long[0] == short and len(long) > 2 else (0.0, "")
    elif kind_of(a) is not Kind.RARE and kind_of(b) is not Kind.RARE:
        opens = len(short) > 4 and long.startswith(short)
        found = (0.93, "abbreviation") if opens else (0.0, "")
    elif kind_of(a) is not Kind.RARE or kind_of(b) is not Kind.RARE:
        found = _ordinary_likeness(a, b) if kind_of(a) is Kind.RARE else _ordinary_likeness(b, a)
    elif long in {short + "s", short + "es"} and len(short) > 3:
        found = (0.97, "plural")
    elif len(short) > 3 and sound_of(a) == sound_of(b):
        found = (0.95 if len(short) > 4 else 0.9, "sound")
    elif _is_cut_off(short, long):
        found = (0.86, "abbreviation")
    else:
        found = _misspelling(short, long)
    return found


def _ordinary_likeness(word: str, ordinary: str) -> tuple[float, str]:
    """Whether `word` is a slip in, or short for, a way to write an ordinary word."""
    found = (0.0, "")
    for spelling in spellings_of(ordinary):
        short, long = sorted((word, spelling), key=lambda each: (len(each), each))
        if word == short and _abbreviates(word, spelling):
            return 0.86, "abbreviation"
        if len(short) > 5:
            found = max(found, _misspelling(short, long))
    return found


def _abbreviates(short: str, ordinary: str) -> bool:
    if ordinary.startswith(short):
        return len(short) > 2
    if len(short) < 3 or short[0] != ordinary[0] or set(short) & set("aeiou"):
        return False
    letters = iter(ordinary)
    return all(letter in letters for letter in short)


def _is_cut_off(short: str, long: str) -> bool:
    """Whether a rare word is the beginning of another; not so when an ordinary word follows."""
    rest = long[len(short) :]
    is_beginning = long.startswith(short) and len(short) > 4 and len(short) >= 0.6 * len(long)
    return is_beginning and kind_of(canonical(rest)) is Kind.RARE


def _misspelling(short: str, long: str) -> tuple[float, str]:
    """A swap of neighbours is likelier a slip than another first letter, or than another letter in
    a short word.
    """
    length = len(short)
    edits = OSA.distance(short, long, score_cutoff=3)
    alike = next((alike for least, alike in _TYPED.get(edits, ()) if length >= least), 0.0)
    if not alike:
        is_near = length > 5 and OSA.distance(sound_of(short), sound_of(long)) == 1
        return (0.8, "sound") if is_near and short[0] == long[0] else (0.0, "")
    if edits == 1 and sorted(short) == sorted(long):
        alike += 0.03
    elif short[0] != long[0]:
        alike -= 0.25 if length < 7 else 0.09
    elif length == len(long) < 7:
        alike -= 0.13
    elif edits == 2 and length == len(long) < 10 and Hamming.distance(short, long) == 2:
        alike -= 0.14
    return alike, "typing"
