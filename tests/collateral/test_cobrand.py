"""What of a partner's branding is set into which zone."""

from __future__ import annotations

from portal.collateral.rules.cobrand import (
    Branding,
    Zone,
    ZoneKind,
    blocks,
    lacking,
    placeholder_values,
)
from portal.files.zones import Align, Box, Ground, Line

BOX = Box(10, 20, 100, 50)
ALDER = Branding(
    company="Alder Systems",
    logo=b"light",
    logo_on_dark=b"dark",
    contact="Ada Alder",
    email="ada@alder.example",
    phone="+49 30 1",
    address=("Straße 1", "10115 Berlin"),
    level="Gold Partner",
    colour="#b8860b",
)


def zones(*kinds, **more):
    return [Zone(kind, 1, BOX, **more) for kind in kinds]


def test_each_zone_gets_what_it_is_for():
    logo, company, contact, address, level = blocks(zones(*ZoneKind), ALDER)

    assert (logo.picture, logo.lines) == (b"light", ())
    assert company.lines == (Line("Alder Systems", is_strong=True),)
    assert contact.lines == (
        Line("Ada Alder", is_strong=True),
        Line("+49 30 1"),
        Line("ada@alder.example"),
    )
    assert address.lines == (Line("Straße 1"), Line("10115 Berlin"))
    assert (level.lines, level.fill) == ((Line("Gold Partner", is_strong=True),), "#b8860b")


def test_a_dark_ground_gets_the_logo_made_for_it_or_the_only_one():
    [dark] = blocks(zones(ZoneKind.LOGO, ground=Ground.DARK), ALDER)
    [only] = blocks(zones(ZoneKind.LOGO, ground=Ground.DARK), Branding("Birch", logo=b"light"))

    assert (dark.picture, only.picture) == (b"dark", b"light")


def test_place_and_look_come_from_the_zone():
    [block] = blocks(zones(ZoneKind.COMPANY, align=Align.RIGHT, largest=20), ALDER)

    assert (block.page, block.box, block.align, block.largest) == (1, BOX, Align.RIGHT, 20)


def test_a_zone_without_anything_to_show_is_left_out_and_named():
    birch = Branding(company="Birch")

    assert lacking(zones(*ZoneKind), birch) == set(ZoneKind) - {ZoneKind.COMPANY}
    assert len(blocks(zones(*ZoneKind), birch)) == 1
    assert lacking(zones(*ZoneKind), ALDER) == set()


def test_a_contact_without_a_name_is_not_set_in_bold():
    [block] = blocks(zones(ZoneKind.CONTACT), Branding("Birch", email="b@birch.example"))

    assert block.lines == (Line("b@birch.example"),)


def test_placeholders_have_the_same_values():
    assert placeholder_values(ALDER) == {
        "partner.company": "Alder Systems",
        "partner.contact": "Ada Alder",
        "partner.email": "ada@alder.example",
        "partner.phone": "+49 30 1",
        "partner.website": "",
        "partner.address": "Straße 1, 10115 Berlin",
        "partner.level": "Gold Partner",
    }
