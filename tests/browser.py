"""Chromium for tests that need a real browser: the system's own, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.closing import RAN

NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (  # alone with the portal: nothing else is fetched or looked up
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)


def chromium() -> str | None:
    """The path of Chromium, or None where there is none."""
    named = os.environ.get("PORTAL_TEST_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without Chromium its tests are left out, which the last lines say and CI refuses."""
    if chromium() is not None:
        return
    left_out = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def launched() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture
def browser(launched: Browser, request: pytest.FixtureRequest) -> Browser:
    request.config.stash[RAN].note("Chromium", launched.version)
    return launched


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a person who was never here before."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the portal of this test is served for browsers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def barriers(page: Page) -> list[str]:
    """What axe finds on the page that keeps somebody out: each rule, and where."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found]


def overflow(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
