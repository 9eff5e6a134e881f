"""What templates may use: filters that print values, and what the shell around every page shows."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from flask import Flask, Response, request, send_from_directory
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from werkzeug.local import LocalProxy

from portal.kernel.money import Money, format_money
from portal.kernel.monogram import hue, initials
from portal.web import nav, shell
from portal.web.area import Policy

STATIC = Path(__file__).parent.parent / "static"
_FILES_NAMED = re.compile(r'"/static/([^"?]+)"')
FOREVER = "public, max-age=31536000, immutable"


def install(app: Flask, menu: nav.Menu) -> None:
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    bundles = {"app.css": _joined("css"), "app.js": _joined("js")}
    env.globals.update(asset=_asset_urls(bundles))
    app.context_processor(lambda: {"page": LocalProxy(lambda: shell.frame(menu))})
    env.filters.update(
        money=money,
        exact=exact,
        day=day,
        when=when,
        moment=moment,
        left=left,
        number=number,
        words=words,
        initials=initials,
        hue=hue,
    )

    def static_file(path: str) -> Response:
        if path not in bundles:
            response = send_from_directory(STATIC, path)
        else:
            kind = "text/css" if path.endswith("css") else "text/javascript"
            response = Response(bundles[path], mimetype=kind)
            response.add_etag()
            response.make_conditional(request)
        response.headers["Cache-Control"] = FOREVER if request.args.get("v") else "no-cache"
        return response

    static_file.policy = Policy(None, "GET", why_open="Styles and scripts")  # type: ignore[attr-defined]
    app.add_url_rule("/static/<path:path>", "static_file", static_file)


def _joined(kind: str) -> bytes:
    """The component files of one kind, in the order that `order.txt` names them."""
    folder = STATIC / kind
    names = (folder / "order.txt").read_text().split()
    joined = "\n".join((folder / name).read_text() for name in names)
    return _FILES_NAMED.sub(lambda named: f'"{_hashed(named[1])}"', joined).encode()


def _hashed(path: str, body: bytes | None = None) -> str:
    """The address of a static file, which changes with its content."""
    body = body or (STATIC / path).read_bytes()
    return f"/static/{path}?v={hashlib.sha256(body).hexdigest()[:12]}"


def _asset_urls(bundles: dict[str, bytes]) -> Callable[[str], str]:
    """`asset(path)`: the address of one static file, which changes with its content."""

    @lru_cache(maxsize=256)
    def asset(path: str) -> str:
        return _hashed(path, bundles.get(path))

    return asset


@lru_cache(maxsize=8192)
def whole_money(minor: int, currency: str, locale: str) -> str:
    """An amount without its decimals."""
    is_word = get_currency_symbol(currency, locale)[-1:].isalpha()
    pattern = "¤\u00a0#,##0" if is_word else "¤#,##0"
    whole = Money(minor, currency).amount
    return format_currency(whole, currency, pattern, locale=locale, currency_digits=False)


@pass_context
def money(context: Context, minor: int | None, currency: str) -> str:
    """An amount without its decimals, as lists show it."""
    return "" if minor is None else whole_money(minor, currency, context.get("locale", "en"))


@pass_context
def exact(context: Context, minor: int, currency: str) -> str:
    """An amount with all its decimals, as statements show it."""
    return format_money(Money(minor, currency), context.get("locale", "en"))


@pass_context
def number(context: Context, value: int) -> str:
    return format_decimal(value, locale=context.get("locale", "en"))


@lru_cache(maxsize=4096)
def _day(value: dt.date, locale: str) -> str:
    return format_date(value, "d MMM y", locale=locale)


@pass_context
def day(context: Context, value: dt.date | dt.datetime | None) -> str:
    """24 Nov 2026, in the reader's zone."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = value.astimezone(_zone(context)).date()
    return _day(value, context.get("locale", "en"))


@pass_context
def when(context: Context, value: dt.datetime | None) -> Markup | str:
    """24 Nov 2026, 14:02 as a <time> element, in the reader's zone."""
    if value is None:
        return ""
    text = moment(context, value)
    stamp = value.astimezone(dt.UTC).isoformat(timespec="seconds")
    return Markup('<time datetime="{}">{}</time>').format(stamp, text)


@pass_context
def moment(context: Context, value: dt.datetime) -> str:
    """24 Nov 2026, 14:02 as text."""
    return moment_text(value, context.get("locale", "en"), context.get("zone", "UTC"))


def moment_text(value: dt.datetime, locale: str, zone: str) -> str:
    local = value.astimezone(ZoneInfo(zone))
    return f"{_day(local.date(), locale)}, {format_time(local, 'HH:mm', locale=locale)}"


@pass_context
def left(context: Context, value: dt.datetime | None) -> str:
    """How long until `value`, in one unit: "62 days left", "2 h left", "1 h over"."""
    if value is None:
        return ""
    seconds = (value - context["now"]).total_seconds()
    size, ending = abs(seconds), "left" if seconds >= 0 else "over"
    if size >= 2 * 86_400:
        return f"{size // 86_400:.0f} days {ending}"
    if size >= 3_600:
        return f"{size // 3_600:.0f} h {ending}"
    return f"{size // 60:.0f} min {ending}"


def words(code: str) -> str:
    """A code as people read it: information_requested -> Information requested."""
    return str(code).replace("_", " ").capitalize()


def _zone(context: Context) -> ZoneInfo:
    return ZoneInfo(context.get("zone", "UTC"))
