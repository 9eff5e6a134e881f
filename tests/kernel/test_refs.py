"""References are short, unambiguous, and show every simple typing mistake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import refs
from portal.kernel.errors import Refused

REFS = st.integers(0, 2**refs.RANDOM_BITS - 1).map(lambda bits: refs.make("DR", bits))


def code_of(text: str) -> str | None:
    try:
        refs.parse(text, "DR")
    except Refused as refused:
        return refused.code
    return None


def test_a_reference_has_a_prefix_eight_characters_and_a_check() -> None:
    assert refs.make("DR", 0) == "DR-00000000H"
    assert refs.make("DR", 2**40 - 1)[:-1] == "DR-ZZZZZZZZ"
    assert refs.make("DR", 2**40 + 5) == refs.make("DR", 5)


@pytest.mark.parametrize("prefix", ["", "PO", "dr", "DR1", "DRDRD", "D-"])
def test_a_prefix_is_one_to_four_letters_that_cannot_be_misread(prefix: str) -> None:
    with pytest.raises(ValueError, match="one to four letters"):
        refs.make(prefix, 1)


@given(REFS)
def test_what_is_made_is_read(ref: str) -> None:
    assert refs.parse(ref, "DR") == ref


@given(REFS)
def test_a_reference_is_read_as_people_type_it(ref: str) -> None:
    spaced = f" {ref[:2]} {ref[3:7]} {ref[7:]} ".lower()
    assert refs.parse(spaced, "DR") == ref
    assert refs.parse(ref.replace("1", "l").replace("0", "o"), "DR") == ref
    assert refs.parse(ref.replace("1", "I").replace("0", "O"), "DR") == ref


@given(REFS)
def test_every_single_wrong_character_is_found(ref: str) -> None:
    for place in range(3, len(ref)):
        for other in set(refs.ALPHABET) - {ref[place]}:
            assert code_of(ref[:place] + other + ref[place + 1 :]) == "check_character"


@given(REFS)
def test_every_swap_of_two_neighbours_is_found(ref: str) -> None:
    for place in range(3, len(ref) - 1):
        one, other = ref[place], ref[place + 1]
        swapped = ref[:place] + other + one + ref[place + 2 :]
        assert code_of(swapped) == (None if one == other else "check_character")


def test_the_proof_holds_for_every_pair_of_characters_at_every_place() -> None:
    """The sum is linear, so it is enough that no difference of one or two neighbours sums to 0."""
    for place in range(30):
        for one in refs.ALPHABET[1:]:
            alone = "0" * place + one + "0" * (29 - place)
            assert refs.check_char(alone) != "0"
            if place < 29:
                pair = "0" * place + one + one + "0" * (28 - place)
                assert refs.check_char(pair) != "0"


def test_a_wrong_prefix_is_found_by_the_check_too() -> None:
    body = refs.make("DR", 123456789).removeprefix("DR")
    with pytest.raises(Refused) as refused:
        refs.parse(f"DS{body}", "DS")
    assert refused.value.code == "check_character"


@pytest.mark.parametrize(
    "text",
    ["", "DR", "DR-", "DR-7K3Q9AB", "XX-00000000K", "DR-0000000UK", "DR-٣0000000H", "9" * 99],
)
def test_what_does_not_look_like_a_reference_says_what_one_looks_like(text: str) -> None:
    assert code_of(text) == "not_a_reference"
