"""How the word lists of matching are written: as text, for people to read and extend."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def meanings(text: str) -> dict[str, str]:
    """Reads lines of "meaning: word word …" into what each word means."""
    table: dict[str, str] = {}
    for line in text.strip().splitlines():
        meaning, _, words = line.strip().partition(": ")
        table |= dict.fromkeys(words.split(), meaning)
    return table
