"""Words that no page, mail or message says."""

from __future__ import annotations

import re

UNWANTED = re.compile(r"\b(please|sorry|oops|invalid|successfully)\b|\w!(?=\s|$)", re.IGNORECASE)


def unwanted_in(text: str) -> str | None:
    found = UNWANTED.search(text)
    return found.group() if found else None
