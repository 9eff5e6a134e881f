"""The keys under which customers that may be one are found again: 64 bits each, in any database.

A customer's keys are stored as rows; a check looks up the keys of what it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

from portal.deals.rules.matching.profile import Naming, Profile
from portal.deals.rules.matching.vocabulary import COMMON

PREFIX_LENGTH = 7
SHORTEST_DELETED = 4
LONGEST_DELETED = 14
LONGEST_ACRONYM = 5
SHORTEST_SKELETON = 4
ENDS = 3

_SOUNDS = (
    ("sch", "sh"),
    ("tch", "ch"),
    ("kh", "h"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("qu", "kv"),
    ("x", "ks"),
    ("ae", "a"),
    ("oe", "o"),
    ("ou", "u"),
    ("ue", "u"),
    ("ie", "i"),
    ("ay", "ai"),
    ("ey", "ei"),
    ("dt", "t"),
    ("tz", "ts"),
)
_LETTERS = str.maketrans("cjywz", "kiivs")
_NO_VOWELS = str.maketrans("", "", "aeiou")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=65536)
def sound_of(word: str) -> str:
    """A rough spelling that the usual ways to write one sound share: "Mueller" and "Muller"."""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return _DOUBLED.sub(r"\1", word.translate(_LETTERS))


def keys(profile: Profile, *, common: frozenset[str] = COMMON) -> tuple[int, ...]:
    """The blocking keys of a customer, sorted; customers that share none are not compared.

    `common` are the words too frequent to find a company by.
    """
    found = {key for naming in profile.names for key in _name_keys(naming, common)}
    if profile.imitates:
        found.add(f"n{profile.imitates}")
    if profile.domain:
        found |= {f"D{profile.domain}", f"n{profile.domain_label}"}
    if profile.tax_id:
        found.add(f"T{profile.tax_id}")
    return tuple(sorted(_number(key) for key in found))


def exact_keys(profile: Profile) -> tuple[int, ...]:
    """The keys that decide alone, sorted: tax number, domain, and name with country.

    They never coincide with blocking keys.  A division registered as its own customer has keys of
    its own.  Whom they find is confirmed by `compare(…).exact`, which sees contradictions as well.
    """
    found = []
    if profile.tax_id:
        found.append(f"X{profile.country}|{profile.tax_id}")
    if profile.domain:
        found.append(f"X@{profile.domain}")
    if profile.name.words and profile.country:
        found += [f"X{profile.country}={name}" for name in profile.name.spellings]
    return tuple(sorted(_number(f"{key}|{profile.division}") for key in found))


def _name_keys(naming: Naming, common: frozenset[str]) -> Iterator[str]:
    """A slip leaves either all beginnings or all ends of the words as they are, so that names of
    frequent words only are found with one as well.
    """
    if not naming.words:
        return
    yield from (f"n{spelling}" for spelling in naming.spellings)
    yield "o" + " ".join(sorted(naming.words))
    sound = sound_of(naming.compact)
    yield f"f{sound}"
    if len(naming.words) > 1:
        yield "b" + " ".join(sorted(word[:ENDS] for word in naming.words))
        yield "e" + " ".join(sorted(word[-ENDS:] for word in naming.words))
    if naming.words[0] not in common:
        yield f"p{sound[:PREFIX_LENGTH]}"
    rare = [word for word in naming.words if word not in common and not word.isdigit()]
    for word in rare:
        yield f"t{word}"
        spoken = sound_of(word)
        yield f"t{spoken}"
        consonants = spoken[0] + spoken[1:].translate(_NO_VOWELS)
        if len(consonants) >= SHORTEST_SKELETON:
            yield f"c{consonants}"
    if len(rare) < 2:
        for pair in pairwise(naming.words):
            yield "w" + " ".join(sorted(pair))
    for word in sorted(rare, key=lambda word: (-len(word), word))[:2]:
        yield from (f"t{shortened}" for shortened in _deletions(word))
    yield from (f"i{initials}" for initials in naming.initials if len(initials) > 2)
    if len(naming.compact) <= LONGEST_ACRONYM:
        yield f"i{naming.compact}"


def _deletions(word: str) -> Iterator[str]:
    """What is left of a word without any one letter: two words one slip apart share one of these,
    or one of them is what is left of the other.
    """
    if SHORTEST_DELETED <= len(word) <= LONGEST_DELETED:
        yield from (word[:place] + word[place + 1 :] for place in range(len(word)))


def _number(key: str) -> int:
    """64 bits of BLAKE2b, signed so that they fit a BIGINT."""
    digest = blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
