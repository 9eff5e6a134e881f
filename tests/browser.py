"""Chromium for tests that need a real browser: the system's own, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

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
