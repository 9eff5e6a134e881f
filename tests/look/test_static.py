"""Static files: small, complete, named in order, and the vendored ones unchanged."""

from __future__ import annotations

import gzip
import hashlib
import re

import pytest

from tests.look.rendering import STATIC, TEMPLATES

CSS, JS, VENDOR = STATIC / "css", STATIC / "js", STATIC / "vendor"
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', (VENDOR / "lucide/icons.svg").read_text()))
SHEETS = sorted(CSS.rglob("*.css"))
SCRIPTS = sorted(JS.glob("*.js"))
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)


def joined(kind):
    folder = STATIC / kind
    return b"\n".join(
        (folder / name).read_bytes() for name in (folder / "order.txt").read_text().split()
    )


@pytest.mark.parametrize(("kind", "limit"), [("css", 16_000), ("js", 10_000)])
def test_what_every_page_loads_stays_small(kind, limit):
    assert len(gzip.compress(joined(kind), 9)) <= limit


def test_fonts_and_icons_stay_small():
    fonts = sum(path.stat().st_size for path in VENDOR.rglob("*.woff2"))
    assert fonts <= 45_000
    assert len(gzip.compress((VENDOR / "lucide/icons.svg").read_bytes(), 9)) <= 6_000


@pytest.mark.parametrize(("kind", "files"), [("css", SHEETS), ("js", SCRIPTS)])
def test_the_order_names_every_file_once(kind, files):
    named = (STATIC / kind / "order.txt").read_text().split()
    assert sorted(named) == sorted(str(path.relative_to(STATIC / kind)) for path in files)


def test_vendored_files_are_the_ones_that_were_checked_in():
    sums = dict(
        reversed(line.split("  ", 1)) for line in (VENDOR / "SHA256SUMS").read_text().splitlines()
    )
    files = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert files - {"SHA256SUMS"} == set(sums)
    for name, expected in sums.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == expected, name


def test_every_vendored_folder_has_its_licence():
    for folder in VENDOR.iterdir():
        assert not folder.is_dir() or list(folder.glob("LICENSE*")), folder


def test_every_icon_that_a_template_names_is_in_the_sprite():
    named = set()
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        named |= set(re.findall(r'icon\("([\w-]+)"', text))
        named |= set(re.findall(r'icon_name="([\w-]+)"', text))
        named |= set(re.findall(r'"icon": "([\w-]+)"', text))
    assert named
    assert named <= SYMBOLS, named - SYMBOLS


def test_every_file_a_sheet_names_is_there():
    addresses = re.findall(r'url\("/static/([^"]+)"\)', joined("css").decode())
    assert addresses
    assert all((STATIC / address).is_file() for address in addresses)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_sheet_stays_in_its_layer_and_needs_no_force(path):
    text = path.read_text()
    assert text.startswith("/* ")
    bare = COMMENT.sub("", text)
    assert "!important" not in bare
    assert not re.search(r"^[^:\n]*#[a-z][\w-]*[^;\n]*[{,]$", bare, re.MULTILINE), "an id"
    assert set(re.findall(r"^(\S+)", bare, re.MULTILINE)) <= {"@layer", "}"}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_what_it_does_and_builds_no_markup_from_text(path):
    text = path.read_text()
    assert text.startswith("// ")
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "Function(", "import "):
        assert word not in COMMENT.sub("", text)


def test_every_behaviour_a_template_asks_for_is_written():
    scripts = joined("js").decode()
    written = set(re.findall(r'portal\.behaviour\("([\w-]+)"', scripts))
    asked = set()
    for path in TEMPLATES.rglob("*.html"):
        for names in re.findall(
            r'(?:data-behaviour"?[:=]\s*"|behaviour=")([a-z -]+)"', path.read_text()
        ):
            asked |= set(names.split())
    assert asked
    assert asked <= written, asked - written
