"""The way in, in a real browser: by keyboard, on every width, in both themes."""

from __future__ import annotations

import pytest

from tests.browser import barriers, overflow
from tests.people import PASSWORD

WIDTHS = (320, 390, 1440)


def test_signing_in_takes_the_keyboard_alone(address, cast, page):
    page.goto(f"{address}/")
    page.keyboard.type(cast.anna.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    assert page.locator("h1").count() == 1
    assert not barriers(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/sign-in", "/forgot", "/no-such-page"])
def test_pages_before_signing_in_keep_nobody_out(address, page, path, theme):
    page.emulate_media(color_scheme=theme)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{address}{path}")
        assert overflow(page) <= 0, f"{path} scrolls sideways at {width}"
        assert not barriers(page), f"{path} at {width}"


def test_signing_in_needs_no_javascript(address, cast, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.fill("[name=email]", cast.anna.email)
    page.fill("[name=password]", PASSWORD)
    page.click("button.button--primary")
    assert page.url == f"{address}/"
    context.close()
