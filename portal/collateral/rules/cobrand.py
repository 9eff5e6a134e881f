"""Co-branding: which zones marketing marks in a file, and what of a partner's branding is set
into each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.files.zones import Align, Block, Box, Ground, Line, Valign


class ZoneKind(StrEnum):
    LOGO = "logo"
    COMPANY = "company"
    CONTACT = "contact"
    ADDRESS = "address"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Zone:
    """A place marked by marketing.  `largest` is the text size in points that it starts from."""

    kind: ZoneKind
    page: int
    box: Box
    align: Align = Align.LEFT
    valign: Valign = Valign.TOP
    ground: Ground = Ground.LIGHT
    largest: float = 12


@dataclass(frozen=True, slots=True)
class Branding:
    """What a partner shows of itself.  Logos are PNG; `logo_on_dark` is the one for dark
    grounds, if it has one.
    """

    company: str
    logo: bytes | None = None
    logo_on_dark: bytes | None = None
    contact: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    address: tuple[str, ...] = ()
    level: str = ""
    colour: str = "#1b1f24"


def lacking(zones: Iterable[Zone], branding: Branding) -> frozenset[ZoneKind]:
    """The kinds of zone that would stay empty; a missing logo is asked for before the download."""
    held = {
        ZoneKind.LOGO: branding.logo is not None,
        ZoneKind.COMPANY: bool(branding.company),
        ZoneKind.CONTACT: any((branding.contact, branding.email, branding.phone, branding.website)),
        ZoneKind.ADDRESS: bool(branding.address),
        ZoneKind.LEVEL: bool(branding.level),
    }
    return frozenset(zone.kind for zone in zones if not held[zone.kind])


def blocks(zones: Sequence[Zone], branding: Branding) -> tuple[Block, ...]:
    """One block for each zone that has something to show, in the order of the zones."""
    empty = lacking(zones, branding)
    return tuple(_block(zone, branding) for zone in zones if zone.kind not in empty)


def placeholder_values(branding: Branding) -> dict[str, str]:
    """For {{partner.company}} and its like in slides, documents and e-mail texts."""
    return {
        "partner.company": branding.company,
        "partner.contact": branding.contact,
        "partner.email": branding.email,
        "partner.phone": branding.phone,
        "partner.website": branding.website,
        "partner.address": ", ".join(branding.address),
        "partner.level": branding.level,
    }


def _block(zone: Zone, branding: Branding) -> Block:
    is_dark = zone.ground is Ground.DARK
    return Block(
        page=zone.page,
        box=zone.box,
        picture=_logo(branding, is_dark=is_dark) if zone.kind is ZoneKind.LOGO else None,
        lines=_lines(zone.kind, branding),
        align=zone.align,
        valign=zone.valign,
        ground=zone.ground,
        largest=zone.largest,
        fill=branding.colour if zone.kind is ZoneKind.LEVEL else None,
    )


def _logo(branding: Branding, *, is_dark: bool) -> bytes | None:
    return (branding.logo_on_dark if is_dark else None) or branding.logo


def _lines(kind: ZoneKind, branding: Branding) -> tuple[Line, ...]:
    texts = {
        ZoneKind.LOGO: (),
        ZoneKind.COMPANY: (branding.company,),
        ZoneKind.CONTACT: (branding.contact, branding.phone, branding.email, branding.website),
        ZoneKind.ADDRESS: branding.address,
        ZoneKind.LEVEL: (branding.level,),
    }[kind]
    is_strong = kind in {ZoneKind.COMPANY, ZoneKind.LEVEL}
    opens_strong = kind is ZoneKind.CONTACT and bool(branding.contact)
    shown = [text for text in texts if text]
    return tuple(
        Line(text, is_strong or (opens_strong and number == 0)) for number, text in enumerate(shown)
    )
