"""What the frame around every page shows: who looks, where they can go, what was just done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import get_flashed_messages, request, url_for

from portal.web import nav
from portal.web.services import services
from portal.web.signin import Person, current_person

THEMES = ("light", "dark")
TABS = 4


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu."""

    label: str
    icon: str
    url: str
    count: int | None
    key: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    title: str | None
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Brand:
    """The vendor's name and marks; addresses are None where the portal's own are used."""

    name: str
    subtitle: str = "Partner hub"
    logo_url: str | None = None
    favicon_url: str | None = None
    theme_url: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """`page` in every template; templates/layout/page.html says what each value is for."""

    brand: Brand
    theme: str | None
    notes: list[Any]
    language: str = "en"
    viewer_name: str = ""
    viewer_company: str = ""
    nav: list[Group] = field(default_factory=list)
    tabs: list[Item] = field(default_factory=list)
    primary: Button | None = None
    notices_count: int = 0
    urls: Mapping[str, str] = field(default_factory=dict)
    key_groups: list[Any] = field(default_factory=list)
    has_shortcuts: bool = True


KEYS = [
    ("Everywhere", [("Ctrl K", "Search everything"), ("C", "Register a deal"), ("?", "This help")]),
    ("Lists", [("J", "Next"), ("K", "Previous"), ("Enter", "Open"), ("/", "Find in list")]),
    ("Deciding", [("A", "Approve"), ("R", "Reject"), ("I", "Ask"), ("X", "Select"), ("Z", "Undo")]),
]


def frame(menu: nav.Menu) -> Frame:
    """Made once a request, when a template first asks."""
    if "portal.frame" not in request.environ:
        request.environ["portal.frame"] = _frame(menu)
    made: Frame = request.environ["portal.frame"]
    return made


def _frame(menu: nav.Menu) -> Frame:
    person = current_person()
    cookie = request.cookies.get("theme")
    brand = Brand(services().config.vendor)
    theme = cookie if cookie in THEMES else None
    notes = get_flashed_messages()
    urls = {"home": "/", "theme": url_for("home.switch_theme")}
    if person is None:
        return Frame(brand, theme, notes, urls=urls)
    mine = nav.permitted(menu.entries, person.viewer)
    marked = nav.marked(mine, endpoint=request.endpoint, counts=menu.counts(person))
    items = [_item(entry) for entry in marked]
    return Frame(
        brand=brand,
        theme=theme,
        notes=notes,
        language=person.locale,
        viewer_name=person.name,
        viewer_company=person.company or _job(person),
        nav=_groups(marked, items),
        tabs=[*items[:TABS], _more(items)],
        primary=_primary(menu, person),
        urls={
            **urls,
            "search": url_for("home.search"),
            "suggest": url_for("home.search"),
            "keys": url_for("home.show_keys"),
            "account": url_for("accounts.show_me"),
            "sign_out": url_for("accounts.sign_out"),
        },
        key_groups=KEYS,
        has_shortcuts=person.has_shortcuts,
    )


def _item(entry: nav.Entry) -> Item:
    url = url_for(entry.endpoint)
    return Item(entry.label, entry.icon, url, entry.number, entry.count, entry.is_current)


def _more(items: list[Item]) -> Item:
    """The phone's fifth tab: everything the other four leave out."""
    is_current = any(item.current for item in items[TABS:]) or request.endpoint == "home.show_more"
    return Item("More", "menu", url_for("home.show_more"), None, "", is_current)


def _groups(entries: list[nav.Entry], items: list[Item]) -> list[Group]:
    titles = list(dict.fromkeys(entry.group for entry in entries))
    return [
        Group(title or None, [i for e, i in zip(entries, items, strict=True) if e.group == title])
        for title in titles
    ]


def _job(person: Person) -> str:
    return ", ".join(sorted(role.label for role in person.viewer.roles))


def _primary(menu: nav.Menu, person: Person) -> Button | None:
    for entry in nav.permitted(menu.buttons, person.viewer):
        return Button(entry.label, url_for(entry.endpoint))
    return None
