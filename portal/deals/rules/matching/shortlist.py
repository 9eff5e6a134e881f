"""The few of many candidates that are worth a full comparison."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from portal.deals.rules.matching.profile import Profile

CERTAIN = 101.0
CONTAINED = 90.0
LEAST = 60.0


def likeliest(profile: Profile, candidates: Sequence[Profile], *, most: int) -> list[int]:
    """The places of at most `most` candidates, the likeliest first.

    Looks at letters only, in about a fiftieth of the time of a comparison; whoever shares a
    domain, a tax number or initials comes first, and the hopeless are left out.
    """
    words = frozenset(profile.name.words)
    text = " ".join(sorted(words))
    ranked = sorted(
        (-promise, place)
        for place, candidate in enumerate(candidates)
        for promise in (_promise(profile, words, text, candidate),)
        if promise >= LEAST
    )
    return [place for _, place in ranked[:most]]


def _promise(profile: Profile, words: frozenset[str], text: str, candidate: Profile) -> float:
    if (
        (profile.domain and profile.domain == candidate.domain)
        or (profile.tax_id and profile.tax_id == candidate.tax_id)
        or profile.name.compact in candidate.name.initials
        or candidate.name.compact in profile.name.initials
        or profile.name.compact == candidate.imitates
        or candidate.name.compact == profile.imitates
        or len(profile.names) + len(candidate.names) > 2
    ):
        return CERTAIN
    others = frozenset(candidate.name.words)
    alike = max(
        fuzz.ratio(profile.name.compact, candidate.name.compact),
        fuzz.ratio(text, " ".join(sorted(others))),
    )
    return max(alike, CONTAINED) if words <= others or others <= words else alike
