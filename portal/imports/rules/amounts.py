"""Amounts as files hold them, read in the notation that the whole column shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from portal.kernel.errors import Refused
from portal.kernel.money import Money, parse_amount

_AROUND = re.compile(r"^(?:[A-Z]{3}|[$€£¥])\s*|\s*(?:[A-Z]{3}|[$€£¥])$")


class Notation(StrEnum):
    """How amounts are grouped and where decimals begin, named by an example."""

    POINT = "1,234.50"
    COMMA = "1.234,50"
    APOSTROPHE = "1'234.50"

    @property
    def locale(self) -> str:
        return {"1,234.50": "en", "1.234,50": "de", "1'234.50": "de-CH"}[self.value]


def read_amount(text: str, currency: str, notation: Notation) -> Money:
    """An amount with or without its currency beside it.  Raises Refused."""
    return parse_amount(_AROUND.sub("", text.strip()), currency, notation.locale, signed=True)


def notation_of(texts: Iterable[str], currency: str) -> Notation | None:
    """The notation that reads most of the column; None when two read it with different results."""
    seen = [text for text in texts if text.strip()]
    read = {notation: _read_all(seen, currency, notation) for notation in Notation}
    most = max(sum(minor is not None for minor in minors) for minors in read.values())
    best = [n for n in Notation if sum(m is not None for m in read[n]) == most]
    return best[0] if all(read[n] == read[best[0]] for n in best) else None


def _read_all(texts: list[str], currency: str, notation: Notation) -> list[int | None]:
    return [_minor(text, currency, notation) for text in texts]


def _minor(text: str, currency: str, notation: Notation) -> int | None:
    try:
        return read_amount(text, currency, notation).minor
    except Refused:
        return None
