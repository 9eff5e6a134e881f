"""Templates print: they include only what is theirs, and hold no script, style or loose word."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import jinja2
import pytest
from jinja2 import meta, nodes

from tests.architecture.repository import TEMPLATES, named, tracked
from tests.architecture.wording import unwanted_in

PAGES = [
    path for path in tracked() if TEMPLATES in path.parents and path.suffix in {".html", ".txt"}
]
SHARED = {"layout", "components"}
EXTENSIONS = ["jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n"]
ENVIRONMENT = jinja2.Environment(extensions=EXTENSIONS, autoescape=True)
LOOSE = {
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style sheet in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
}
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
TAG = re.compile(r"<!?[a-z/][^>]*>", re.IGNORECASE)


@cache
def parsed(path: Path) -> nodes.Template:
    return ENVIRONMENT.parse(path.read_text(), filename=named(path))


def test_every_template_parses():
    for path in PAGES:
        parsed(path)


def test_a_template_includes_only_the_layout_components_and_its_own_folder():
    strangers = [
        f"{named(path)} uses {used or 'a name made at run time'}"
        for path in PAGES
        for used in meta.find_referenced_templates(parsed(path))
        if used is None or used.split("/")[0] not in {*SHARED, folder_of(path)}
    ]
    assert not strangers, strangers


def test_every_template_that_is_included_exists():
    missing = [
        f"{named(path)} uses {used}"
        for path in PAGES
        for used in meta.find_referenced_templates(parsed(path))
        if used is not None and not (TEMPLATES / used).is_file()
    ]
    assert not missing, missing


@pytest.mark.parametrize("what", LOOSE)
def test_no_template_holds(what):
    """The policy sent with every page forbids each of these, so a browser would drop it."""
    found = [
        f"{named(path)}: {match.group()}"
        for path in PAGES
        if not is_mail(path)
        if (match := LOOSE[what].search(COMMENT.sub("", path.read_text())))
    ]
    assert not found, f"{what}: {found}"


def test_pages_say_what_happened_and_what_to_do_next():
    found = [
        f"{named(path)} says {unwanted!r} in {text.strip()[:60]!r}"
        for path in PAGES
        for text in texts_of(path)
        if (unwanted := unwanted_in(text))
    ]
    assert not found, "\n".join(found)


def is_mail(path: Path) -> bool:
    """Mail is read without our style sheets; its styles are put into its tags when it is sent."""
    return folder_of(path) == "email" or path.name == "email.html"


def folder_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).parts[0]


def texts_of(path: Path) -> list[str]:
    """What a person may read: text between tags, texts in attributes, and texts in expressions."""
    data = "".join(node.data for node in parsed(path).find_all(nodes.TemplateData))
    attributes = re.findall(r'(?:title|placeholder|alt|aria-label|content)="([^"]*)"', data)
    constants = [
        node.value
        for node in parsed(path).find_all(nodes.Const)
        if isinstance(node.value, str) and " " in node.value
    ]
    return [TAG.sub(" ", data), *attributes, *constants]
