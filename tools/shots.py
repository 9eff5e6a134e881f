"""`make shots`: every page of the demo as each role sees it, photographed into var/shots.

Serves a portal of its own on a free port, signs each role in, and follows the links of its pages.
Pages that differ only in a reference are one page.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from portal import serve

ROOT = Path(__file__).parent.parent
SHOTS = ROOT / "var" / "shots"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
LOOKS = (("light", 1440), ("dark", 1440), ("light", 390))
MOST_PAGES = 80
REFERENCE = re.compile(r"/(?:[A-Z]{2}-[0-9A-Z]+|\d+|[\w-]{20,})(?=/|$)")
IS_A_PAGE = re.compile(r"/(?!sign-out)[\w/-]*$")


@dataclass(frozen=True, slots=True)
class SignIn:
    email: str
    password: str
    role: str


@contextmanager
def portal(folder: str) -> Iterator[tuple[str, list[SignIn]]]:
    """The address of a portal that tells the demo story, and who can sign in there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = serve.Address("127.0.0.1", probe.getsockname()[1])
    url = f"http://{address}"
    environment = {
        **os.environ,
        "PORTAL_DATA": folder,
        "PORTAL_URL": url,
        "PORTAL_DATABASE_URL": "",
    }

    def flask(*words: str) -> str:
        command = [sys.executable, "-m", "flask", *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    flask("db", "upgrade")
    flask("demo", "load", "--if-empty")
    people = [
        SignIn(each["email"], each["password"], each["role"])
        for each in json.loads(flask("demo", "sign-ins", "--json"))
    ]
    web = serve.web_server("wsgi:app", address)
    process = subprocess.Popen(web.command, cwd=ROOT, env=environment)
    try:
        while not serve.answers(address) and process.poll() is None:
            time.sleep(0.1)
        yield url, people
    finally:
        process.terminate()
        process.wait()


def photograph(browser: Browser, url: str, person: SignIn) -> int:
    """Photographs what one person can reach by links; returns the number of pages."""
    folder = SHOTS / re.sub(r"\W+", "-", person.role.lower())
    folder.mkdir(parents=True, exist_ok=True)
    page = browser.new_context().new_page()
    page.goto(f"{url}/sign-in")
    page.fill("[name=email]", person.email)
    page.fill("[name=password]", person.password)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    seen: set[str] = set()
    waiting = ["/"]
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        shape = REFERENCE.sub("/x", path)
        if shape not in seen:
            seen.add(shape)
            waiting += shoot(
                page, url, path, folder / (shape.strip("/").replace("/", "-") or "home")
            )
    page.context.close()
    return len(seen)


def shoot(page: Page, url: str, path: str, target: Path) -> list[str]:
    """One page in every look; returns the pages it links to."""
    for theme, width in LOOKS:
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{url}{path}")
        page.screenshot(path=f"{target}-{theme}-{width}.png", full_page=True)
    links = page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.pathname)")
    return [link for link in links if IS_A_PAGE.match(link)]


def main() -> int:
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        sys.stderr.write("There is no Chromium here. On Debian: apt install chromium\n")
        return 1
    shutil.rmtree(SHOTS, ignore_errors=True)
    with TemporaryDirectory() as folder, portal(folder) as (url, people), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for person in people:
            print(f"{person.role}: {photograph(browser, url, person)} pages", flush=True)
        browser.close()
    print(f"The photographs are in {SHOTS.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
