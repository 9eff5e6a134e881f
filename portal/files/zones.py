"""What is set where: the values that co-branding hands to the drawing.  Pure; no file is touched
here.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Valign(StrEnum):
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


class Ground(StrEnum):
    """What lies under a zone, so that what is set on it can be seen."""

    LIGHT = "light"
    DARK = "dark"


class Unit(StrEnum):
    POINTS = "points"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page as it is shown, from its top left corner: CropBox and rotation are
    already applied.

    On an image a point is a pixel.
    """

    x: float
    y: float
    width: float
    height: float
    unit: Unit = Unit.POINTS

    def on(self, page_width: float, page_height: float) -> Box:
        """The same rectangle in points."""
        if self.unit is Unit.POINTS:
            return self
        across, down = page_width / 100, page_height / 100
        return Box(self.x * across, self.y * down, self.width * across, self.height * down)

    def lies_on(self, page_width: float, page_height: float) -> bool:
        """Whether it has a size and stays on the page; half a point of slack for rounded
        percentages.
        """
        box = self.on(page_width, page_height)
        return (
            box.width >= 1
            and box.height >= 1
            and box.x >= -0.5
            and box.y >= -0.5
            and box.x + box.width <= page_width + 0.5
            and box.y + box.height <= page_height + 0.5
        )


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One thing to set into one box: a picture, lines of text, or lines of text as a filled badge.

    `page` counts from 1.  `largest` is the size in points that text starts from; it shrinks until
    it fits and is never cut.  `fill` is the colour of a badge as #rrggbb.
    """

    page: int
    box: Box
    picture: bytes | None = None
    lines: tuple[Line, ...] = ()
    align: Align = Align.LEFT
    valign: Valign = Valign.TOP
    ground: Ground = Ground.LIGHT
    largest: float = 12
    fill: str | None = None


def to_json(block: Block) -> dict[str, Any]:
    """For the way into a child process."""
    picture = b64encode(block.picture).decode() if block.picture is not None else None
    return asdict(block) | {"picture": picture}


def from_json(said: Mapping[str, Any]) -> Block:
    return Block(
        page=said["page"],
        box=Box(**said["box"] | {"unit": Unit(said["box"]["unit"])}),
        picture=b64decode(said["picture"]) if said["picture"] is not None else None,
        lines=tuple(Line(**line) for line in said["lines"]),
        align=Align(said["align"]),
        valign=Valign(said["valign"]),
        ground=Ground(said["ground"]),
        largest=said["largest"],
        fill=said["fill"],
    )
