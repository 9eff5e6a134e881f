"""How well a piece answers a search: by where its words stand, never by how rare they are.

No figure of the corpus takes part, so what one audience has does not move what another one finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.collateral.rules.words import Term, Wanted, words_of

EXACT, STEM, SYNONYM, PREFIX, SLIP = 1.0, 0.9, 0.85, 0.7, 0.5
TITLE, LABEL, SUMMARY, TEXT = 10.0, 6.0, 3.0, 1.0
PHRASE, STARTS, COVERED = 5.0, 2.0, 3.0


@dataclass(frozen=True, slots=True)
class Fields:
    """What of a piece is compared: its title's words in order, and each field's words and stems."""

    title: tuple[str, ...]
    title_tokens: frozenset[str]
    labels: frozenset[str]
    summary: frozenset[str]


def score(wanted: Wanted, fields: Fields) -> float:
    """Higher is better.

    Every word is somewhere, the index saw to it: one that is in no field stands in the text.
    """
    bags = ((TITLE, fields.title_tokens), (LABEL, fields.labels), (SUMMARY, fields.summary))
    total = sum(_best(term, bags) for term in wanted.terms)
    return total + _position(wanted, fields)


def _best(term: Term, bags: Sequence[tuple[float, frozenset[str]]]) -> float:
    found = [weight * quality for weight, bag in bags if (quality := _quality(term, bag))]
    return max(found, default=TEXT * (EXACT if not term.slips else SLIP))


def _quality(term: Term, words: frozenset[str]) -> float:
    if term.word in words:
        return EXACT
    if not words.isdisjoint(term.stems):
        return STEM
    if any(words.issuperset(other) for other in term.others):
        return SYNONYM
    start = term.word
    if term.is_prefix and any(word.startswith(start) for word in words):
        return PREFIX
    return SLIP if not words.isdisjoint(term.slips) else 0


def _position(wanted: Wanted, fields: Fields) -> float:
    """The words together and in order in the title; a title that is hardly more than they are."""
    if not fields.title or not wanted.terms:
        return 0.0
    held = [term for term in wanted.terms if _quality(term, fields.title_tokens)]
    share = min(1.0, len(held) / len(fields.title))
    is_phrase = len(wanted.terms) > 1 and f" {wanted.phrase} " in f" {' '.join(fields.title)} "
    starts = fields.title[0].startswith(wanted.terms[0].word)
    return COVERED * share + PHRASE * is_phrase + STARTS * starts


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage as (text, is it a word looked for) and the page it stands on, if pages count."""

    parts: tuple[tuple[str, bool], ...]
    page: int | None


WIDTH = 28


def snippet(wanted: Wanted, text: str, page: int | None) -> tuple[float, Snippet]:
    """The passage of about twenty-eight words that holds the most of what is looked for."""
    raw = text.split()
    marks = [_marks(wanted, word) for word in raw]
    best, start = 0.0, 0
    for at in range(0, max(1, len(raw) - WIDTH // 2), WIDTH // 4):
        window = marks[at : at + WIDTH]
        found = len({number for number in window if number}) + 0.1 * sum(map(bool, window))
        if found > best:
            best, start = found, at
    shown = raw[start : start + WIDTH]
    parts = _joined(list(zip(shown, map(bool, marks[start : start + WIDTH]), strict=True)))
    if start:
        parts.insert(0, ("… ", False))
    if start + WIDTH < len(raw):
        parts.append((" …", False))
    return best, Snippet(tuple(parts), page)


def _marks(wanted: Wanted, raw: str) -> int:
    """Which term a word answers, counted from 1; 0 for none."""
    held = frozenset(words_of(raw))
    for number, term in enumerate(wanted.terms, 1):
        if held and (
            _quality(term, held)
            or any(word in held for other in term.others for word in other)
            or any(word.startswith(root) for root in term.stems if len(root) > 3 for word in held)
        ):
            return number
    return 0


def _joined(words: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    parts: list[tuple[str, bool]] = []
    for number, (word, is_marked) in enumerate(words):
        text = word if number == 0 else f" {word}"
        if parts and parts[-1][1] == is_marked:
            parts[-1] = (parts[-1][0] + text, is_marked)
        elif is_marked and number:
            parts[-1] = (f"{parts[-1][0]} ", False)
            parts.append((word, True))
        else:
            parts.append((text, is_marked))
    return parts
