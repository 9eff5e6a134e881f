"""Words of texts and of searches: folded, stemmed in their language, and matched without
statistics of the corpus.

Both databases are told the tokens made here, so both find the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import snowballstemmer
from rapidfuzz.distance import OSA

from portal.kernel.text import fold

LANGUAGES: Mapping[str, str] = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "sv": "swedish",
}
"""Those whose word forms are known; words of others are found as they are written."""

LONGEST_WORD = 40
MOST_TOKENS = 20_000
MOST_WORDS = 12
SHORTEST_PREFIX = 3

# Words that say nothing about what is looked for; a search of nothing else keeps them.
_EMPTY_WORDS = """
a an and are at by for from in is of on or our the to with you your
der die das den dem des ein eine und oder fur mit von im zu zum zur auf
le la les de du et pour avec un une sur en il lo gli i di e per con una el los y para
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())


def words_of(text: str) -> list[str]:
    """Folded words in order."""
    return [word[:LONGEST_WORD] for word in fold(text).split()]


@lru_cache(maxsize=65_536)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; the word itself in languages that are not known."""
    name = LANGUAGES.get(language)
    return fold(_stemmer(name).stemWord(word)) or word if name else word


@cache
def _stemmer(name: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(name)


def tokens_of(text: str, language: str) -> str:
    """What is indexed of a text: each word and its stem, once, in order of first use."""
    found: dict[str, None] = {}
    for word in words_of(text):
        found[word] = None
        found[stem(word, language)] = None
        if len(found) >= MOST_TOKENS:
            break
    return " ".join(found)


def grams_of(word: str) -> frozenset[str]:
    """Runs of three letters, its beginning and end marked."""
    marked = f"_{word}_"
    return frozenset(marked[at : at + 3] for at in range(len(marked) - 2))


def most_slips(word: str) -> int:
    """How many letters of a word of this length may be mistyped."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def resembling(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Those of `known` within the slips that `word` may have, nearest first."""
    most = most_slips(word)
    near = [
        (slips, other)
        for other in known
        if (slips := OSA.distance(word, other, score_cutoff=most)) <= most and slips
    ]
    return tuple(other for _, other in sorted(near)[:20])


@dataclass(frozen=True, slots=True)
class Term:
    """One word looked for: itself, its stems, what it begins, its synonyms, and its resemblances.

    `others` are word sequences of synonyms, already folded; `slips` words it may be a slip of.
    """

    word: str
    stems: frozenset[str]
    others: tuple[tuple[str, ...], ...] = ()
    slips: tuple[str, ...] = ()

    @property
    def is_prefix(self) -> bool:
        return len(self.word) >= SHORTEST_PREFIX


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search as it is understood."""

    terms: tuple[Term, ...]

    @property
    def phrase(self) -> str:
        return " ".join(term.word for term in self.terms)


def understood(text: str, synonyms: Sequence[str] = ()) -> Wanted:
    """What a person looks for.  `synonyms`: lines of words that mean the same, parted by commas."""
    words = list(dict.fromkeys(words_of(text)))[:MOST_WORDS]
    words = [word for word in words if word not in _EMPTY] or words
    groups = [[tuple(words_of(each)) for each in line.split(",")] for line in synonyms]
    terms: list[Term] = []
    at = 0
    while at < len(words):
        taken, others = _synonyms_at(words[at:], groups)
        run = words[at : at + taken]
        terms.extend(_term(word, others) for word in run)
        at += taken
    return Wanted(tuple(terms))


def _term(word: str, others: tuple[tuple[str, ...], ...]) -> Term:
    stems = frozenset(stem(word, language) for language in LANGUAGES)
    return Term(word, stems | {word}, others)


def _synonyms_at(
    words: Sequence[str], groups: Sequence[Sequence[tuple[str, ...]]]
) -> tuple[int, tuple[tuple[str, ...], ...]]:
    """How many words the longest synonym that begins here has, and what else it is called."""
    best: tuple[int, tuple[tuple[str, ...], ...]] = (1, ())
    for group in groups:
        for each in group:
            is_longer = len(each) > best[0] or not best[1]
            if each and tuple(words[: len(each)]) == each and is_longer:
                best = len(each), tuple(other for other in group if other and other != each)
    return best


def corrected(wanted: Wanted, slips: Mapping[str, tuple[str, ...]]) -> Wanted:
    """With the words that each may be a slip of."""
    return Wanted(
        tuple(
            Term(term.word, term.stems, term.others, slips.get(term.word, ()))
            for term in wanted.terms
        )
    )
