"""One brand colour in, accents for both themes out, each moved in lightness until it can be read.

Lightness moves in OKLCH, so that hue stays; contrast is that of WCAG 2.2. Colours are "#rrggbb".
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from portal.kernel.errors import Refused

NEEDED: Final = 4.5
_STEP: Final = 0.004

# The surfaces of css/tokens.css on which an accent stands as text.
LIGHT_SURFACES: Final = ("#ffffff", "#fafafb", "#f3f4f7")
DARK_SURFACES: Final = ("#13161d", "#0d0f14", "#1b1f29")
ON_LIGHT: Final = "#ffffff"
ON_DARK: Final = "#0b1020"

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Accent:
    """The accent of one theme: itself, its hover, its tint for chosen rows, and the text on it."""

    accent: str
    strong: str
    weak: str
    on_accent: str


@dataclass(frozen=True, slots=True)
class Accents:
    """`adjusted` is true when the light accent could not be the brand colour itself."""

    light: Accent
    dark: Accent
    adjusted: bool


@dataclass(frozen=True, slots=True)
class _Lch:
    lightness: float
    chroma: float
    hue: float


def parse(text: str) -> str:
    """As "#rrggbb" in lower case.

    Raises Refused("not_a_colour").
    """
    match = _HEX.fullmatch(text.strip())
    if match is None:
        raise Refused(
            "Enter the colour as a hash sign and six digits, for example #2b50d6.",
            code="not_a_colour",
        )
    digits = match[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, 1.0 to 21.0."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def derive(brand: str) -> Accents:
    """Accents that reach 4.5 on every surface, on their own tint and under their own text.

    Raises Refused("not_a_colour").
    """
    colour = parse(brand)
    own = _to_lch(colour)
    light = _derive(own, LIGHT_SURFACES, ON_LIGHT, weak=(0.965, 0.022), step=-_STEP)
    dark = _derive(own, DARK_SURFACES, ON_DARK, weak=(0.262, 0.06), step=_STEP)
    return Accents(light=light, dark=dark, adjusted=light.accent != colour)


def sheet(accents: Accents) -> str:
    """The style sheet that replaces the accent tokens."""
    light, dark = accents.light, accents.dark
    pairs = {
        "--accent": (light.accent, dark.accent),
        "--accent-strong": (light.strong, dark.strong),
        "--accent-weak": (light.weak, dark.weak),
        "--on-accent": (light.on_accent, dark.on_accent),
    }
    rules = "".join(f"  {name}: light-dark({one}, {two});\n" for name, (one, two) in pairs.items())
    return f":root {{\n{rules}}}\n"


def _derive(
    own: _Lch, surfaces: tuple[str, ...], on_accent: str, *, weak: tuple[float, float], step: float
) -> Accent:
    tint = _to_hex(_Lch(weak[0], min(own.chroma, weak[1]), own.hue))
    grounds = (*surfaces, tint, on_accent)
    lightness = own.lightness
    while any(contrast(_at(own, lightness), ground) < NEEDED for ground in grounds):
        lightness += step
    strong = min(1.0, max(0.0, lightness + step * 18))
    return Accent(_at(own, lightness), _at(own, strong), tint, on_accent)


def _at(own: _Lch, lightness: float) -> str:
    return _to_hex(_Lch(lightness, own.chroma, own.hue))


def _channels(colour: str) -> tuple[float, float, float]:
    """Linear light, 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _gamma(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else float(1.055 * value ** (1 / 2.4) - 0.055)


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_lch(colour: str) -> _Lch:
    """Matrices: Björn Ottosson, OKLab, 2020."""
    red, green, blue = _channels(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return _Lch(lightness, math.hypot(a, b), math.atan2(b, a))


def _to_hex(colour: _Lch) -> str:
    """The nearest colour a screen can show: chroma gives way until it fits."""
    chroma = colour.chroma
    lightness = min(1.0, max(0.0, colour.lightness))
    while True:
        linear = _to_linear(lightness, chroma, colour.hue)
        if chroma <= 0 or all(-0.0005 <= value <= 1.0005 for value in linear):
            break
        chroma = max(0.0, chroma - 0.004)
    parts = (round(255 * _gamma(min(1.0, max(0.0, value)))) for value in linear)
    return "#" + "".join(f"{part:02x}" for part in parts)


def _to_linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
