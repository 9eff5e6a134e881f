"""Two letters and one of six hues that stand for a name, always the same for the same name."""

from __future__ import annotations

from zlib import crc32

HUES = 6


def initials(name: str) -> str:
    """First letters of the first two words, or the first two letters of the only one."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + words[1][0] if len(words) > 1 else words[0][:2]
    return letters.upper()[:2]


def hue(name: str) -> int:
    """0 to 5. The low bits of a checksum are alike for alike names, so the higher ones choose."""
    return (crc32(name.casefold().encode()) >> 8) % HUES
