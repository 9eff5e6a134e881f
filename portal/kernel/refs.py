"""Public references such as `DR-7K3Q9ABCX`: a prefix, eight random characters, a check character.

All characters are Crockford's base 32 (no I, L, O, U).  The check is a weighted sum over the field
of 32 elements, each place with its own weight, so that it is one of the same characters and finds
every single wrong character and every swap of two neighbours, those of the prefix included.
"""

from __future__ import annotations

from portal.kernel.errors import Refused

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BITS = 40
"""How much randomness `make` takes: eight characters of five bits."""

_BODY = RANDOM_BITS // 5
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None})
_LONGEST_TYPED = 40


def make(prefix: str, random_bits: int) -> str:
    """The reference for the lowest RANDOM_BITS of `random_bits`.

    `prefix` is one to four letters of the alphabet.  Raises ValueError.
    """
    if not 1 <= len(prefix) <= 4 or not all(c in _VALUES and c.isalpha() for c in prefix):
        raise ValueError(f"{prefix!r} is not one to four letters of {ALPHABET}")
    shifts = range(RANDOM_BITS - 5, -1, -5)
    body = "".join(ALPHABET[random_bits >> shift & 31] for shift in shifts)
    return f"{prefix}-{body}{check_char(prefix + body)}"


def check_char(characters: str) -> str:
    """The character that makes `characters` and itself sum to nothing.

    Up to 30 characters have distinct weights.
    """
    total = 0
    for character in characters:
        total = _doubled(total ^ _VALUES[character])
    return ALPHABET[total]


def parse(text: str, prefix: str) -> str:
    """The reference that a person or a link means by `text`, in its one spelling.

    Lower case, spaces, a missing hyphen, I or L for 1 and O for 0 are read as meant.

    Raises Refused("not_a_reference"), Refused("check_character").
    """
    typed = text.upper().translate(_LOOKALIKES) if len(text) <= _LONGEST_TYPED else ""
    body = typed.removeprefix(prefix)
    if typed == body or len(body) != _BODY + 1 or not all(c in _VALUES for c in body):
        raise Refused(
            f"That is not a number of this kind. It starts with {prefix}- and has "
            f"{_BODY + 1} more characters.",
            code="not_a_reference",
        )
    if check_char(typed[:-1]) != typed[-1]:
        raise Refused(
            "One of the characters is mistyped. Compare it with the original.",
            code="check_character",
        )
    return f"{prefix}-{body}"


def _doubled(value: int) -> int:
    """`value` times x in the field of 32 elements whose polynomial is x^5 + x^2 + 1."""
    shifted = value << 1
    return shifted ^ 0b100101 if shifted & 0b100000 else shifted
