"""The style guide in a browser: accessible in both themes, no sideways scroll, nothing refused."""

from __future__ import annotations

import mimetypes
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.look.rendering import STATIC, style_guide

SITE = "https://guide.example"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
WIDTHS = (320, 360, 390, 768, 1024, 1280, 1440, 1920)


def joined(kind):
    folder = STATIC / kind
    names = (folder / "order.txt").read_text().split()
    return "\n".join((folder / name).read_text() for name in names)


def answer(route):
    """The guide and its files, under the policy of the product."""
    path = re.sub(r"^https://[^/]+|[?#].*$", "", route.request.url)
    headers = {"Content-Security-Policy": POLICY}
    if path == "/":
        theme = "dark" if "dark" in route.request.headers.get("cookie", "") else "light"
        headers["Content-Type"] = "text/html; charset=utf-8"
        route.fulfill(body=style_guide(theme=theme), headers=headers)
    elif path in {"/static/app.css", "/static/app.js"}:
        kind = path.rsplit(".", 1)[1]
        headers["Content-Type"] = {"css": "text/css", "js": "text/javascript"}[kind]
        route.fulfill(body=joined(kind), headers=headers)
    else:
        file = STATIC / path.removeprefix("/static/")
        headers["Content-Type"] = mimetypes.guess_type(file.name)[0] or "font/woff2"
        route.fulfill(body=file.read_bytes(), headers=headers)


@pytest.fixture
def guide(page):
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.route("**/*", answer)
    page.goto(f"{SITE}/", wait_until="load")
    return page


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_style_guide_is_accessible(guide, theme, width):
    guide.context.add_cookies([{"name": "theme", "value": theme, "url": SITE}])
    guide.set_viewport_size({"width": width, "height": 900})
    guide.goto(f"{SITE}/", wait_until="load")
    found = Axe().run(guide)
    assert found.violations_count == 0, found.generate_report()


def test_no_width_scrolls_sideways(guide):
    for width in WIDTHS:
        guide.set_viewport_size({"width": width, "height": 800})
        assert guide.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


def test_the_policy_refuses_nothing_and_the_console_is_silent(guide):
    assert guide.said == []


def test_an_error_summary_takes_the_focus(guide):
    assert guide.evaluate("document.activeElement.getAttribute('role')") == "alert"


def test_a_link_opens_its_dialog_and_gets_the_focus_back(guide):
    link = guide.get_by_role("link", name="Open a dialog")
    link.click()
    assert guide.get_by_role("dialog", name="Release the protection").is_visible()
    guide.keyboard.press("Escape")
    assert not guide.get_by_role("dialog", name="Release the protection").is_visible()
    assert link.evaluate("link => document.activeElement === link")


def test_choosing_rows_says_how_many_and_which_need_a_person(guide):
    guide.get_by_label("Select Bergmann Maschinenbau GmbH").check()
    guide.get_by_label("Select Helvetia Logistics AG").check()
    bar = guide.get_by_role("group", name="Actions for selected rows")
    assert "2 selected, 1 needs a review first" in bar.inner_text()
    assert bar.get_by_role("button", name="Approve 1").is_enabled()


def test_single_keys_do_nothing_while_typing(guide):
    field = guide.get_by_label("Find in list")
    field.fill("")
    field.press_sequentially("aid/?xz")
    assert field.input_value() == "aid/?xz"
    assert not guide.get_by_role("dialog").is_visible()


def test_single_keys_can_be_switched_off(guide):
    guide.get_by_role("heading", level=1).click()
    guide.keyboard.press("?")
    guide.get_by_label("Use single-key shortcuts").uncheck()
    guide.keyboard.press("Escape")
    guide.keyboard.press("?")
    assert not guide.get_by_role("dialog", name="Keyboard shortcuts").is_visible()


def test_the_theme_changes_at_once_and_is_kept(guide):
    guide.get_by_role("button", name="Switch theme").click()
    assert guide.evaluate("document.documentElement.dataset.theme") == "dark"
    assert "theme=dark" in guide.evaluate("document.cookie")
