"""Templates drawn without the application: the little they need of it, given by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import portal
from portal.kernel.monogram import hue, initials
from portal.web import styleguide

ROOT = Path(portal.__file__).parent.parent
STATIC = ROOT / "portal" / "static"
TEMPLATES = ROOT / "templates"
NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)


def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {"asset": "/static/{}".format, "csrf_token": lambda: "token"}
    env.filters |= {"hue": hue, "initials": initials}
    return env


def page(**changed: Any) -> dict[str, Any]:
    """What every page knows about who looks and where they are."""
    home = {"label": "Home", "icon": "home", "url": "/", "count": None, "current": True}
    deals = {"label": "Deals", "icon": "deal", "url": "/deals", "count": 12, "current": False}
    urls = ("home", "search", "suggest", "notices", "keys", "theme", "account", "sign_out")
    return {
        "viewer_name": "Mara Lind",
        "viewer_company": "Channel manager",
        "nav": [{"title": None, "items": [home, deals]}, {"title": "Saved", "items": [deals]}],
        "tabs": [home, deals, deals, deals, deals],
        "theme": None,
        "brand": {"name": "Northpeak", "subtitle": "Partner hub"},
        "primary": {"label": "Register a deal", "url": "/deals/new"},
        "notices_count": 2,
        "notes": [{"text": "Approved.", "action_url": "/undo"}],
        "urls": {name: f"/{name}" for name in urls},
        "key_groups": [("Lists", [("J", "Next"), ("K", "Previous")])],
        "has_shortcuts": True,
        "language": "en",
    } | changed


def style_guide(**changed: Any) -> str:
    return (
        environment()
        .get_template("styleguide/index.html")
        .render(
            page=page(**changed),
            form=styleguide.filled_form(),
            refused=styleguide.refused_form(),
            charts=styleguide.sample_charts(),
            at=styleguide.instants(NOW),
        )
    )
