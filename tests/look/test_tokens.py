"""Colours of css/tokens.css: every pair that carries words or a control can be told apart."""

from __future__ import annotations

import re

import pytest

from portal.kernel.colour import DARK_SURFACES, LIGHT_SURFACES, ON_DARK, ON_LIGHT, contrast
from tests.look.rendering import STATIC

SHEET = (STATIC / "css" / "tokens.css").read_text()
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", SHEET
    )
}
TEXT = [
    ("text", "bg"),
    ("text", "surface"),
    ("text", "raised"),
    ("text", "hover"),
    ("text", "chosen"),
    ("text", "accent-weak"),
    ("text", "warn-bg"),
    ("muted", "bg"),
    ("muted", "side"),
    ("muted", "surface"),
    ("muted", "raised"),
    ("muted", "sunken"),
    ("muted", "hover"),
    ("muted", "accent-weak"),
    ("accent", "surface"),
    ("accent", "raised"),
    ("accent", "accent-weak"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-inverse", "inverse"),
    *((tone, ground) for tone in ("ok", "warn", "bad", "info") for ground in ("surface", "bg")),
    *((tone, f"{tone}-bg") for tone in ("ok", "warn", "bad", "info")),
    ("warn", "accent-weak"),
    ("bad", "accent-weak"),
    *((f"hue-{number}", f"hue-{number}-bg") for number in range(6)),
]
CONTROLS = [("control", "surface"), ("control", "bg"), ("accent", "bg"), ("bad", "surface")]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), TEXT)
def test_words_reach_four_and_a_half_to_one(front, ground, theme):
    assert contrast(TOKENS[front][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), CONTROLS)
def test_controls_reach_three_to_one(front, ground, theme):
    assert contrast(TOKENS[front][theme], TOKENS[ground][theme]) >= 3


def test_brand_accents_are_measured_on_the_surfaces_of_the_sheet():
    assert {TOKENS[name][0] for name in ("surface", "bg", "side")} == set(LIGHT_SURFACES)
    assert {TOKENS[name][1] for name in ("surface", "bg", "raised")} == set(DARK_SURFACES)
    assert TOKENS["on-accent"] == (ON_LIGHT, ON_DARK)


def test_every_token_that_is_used_is_named():
    sheets = "".join(path.read_text() for path in (STATIC / "css").rglob("*.css"))
    used = set(re.findall(r"var\(--([\w-]+)\)", sheets))
    named = set(re.findall(r"^\s*--([\w-]+):", sheets, re.MULTILINE))
    assert used <= named
