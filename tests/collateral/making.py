"""Files and pieces for the tests of collateral, made the way people make them."""

from __future__ import annotations

import html
import io
import re
from functools import cache

import typst
from PIL import Image

from portal.files.fonts import loaded


@cache
def pdf(
    text: str = "Observe watches every server and says what broke first.", pages: int = 2
) -> bytes:
    body = "\n#pagebreak()\n".join(f"= Page {page}\n{text}" for page in range(1, pages + 1))
    source = f'#set page(paper: "a4")\n#set text(font: "Inter")\n{body}'
    return typst.compile(source.encode(), format="pdf", font_paths=loaded())


@cache
def logo() -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize((300, 100)).convert("RGBA").save(made, "PNG")
    return made.getvalue()


def upload(
    browser, runner, *files: tuple[str, bytes], kind: str = "datasheet", line: str = ""
) -> list[str]:
    """Upload files, let the runner work, and return the references of the drafts, newest first."""
    sent = [(io.BytesIO(content), name) for name, content in files]
    answer = browser.send("/content/upload", files=sent, kind=kind, line=line)
    assert answer.status_code == 303, answer.text
    runner.run_due()
    found = re.findall(r"/content/(AS-\w+)", browser.get("/content/upload").text)
    return list(dict.fromkeys(found))


def publish(browser, ref: str):
    return browser.send(f"/content/{ref}/step", step="publish")


def edited(browser, ref: str, **changes):
    """Save the edit page with some fields changed."""
    page = browser.get(f"/content/{ref}").text
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    title = re.search(r'name="title" [^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="title"', page)
    fields = {
        "version": version,
        "title": html.unescape(title[1] or title[2]),
        "kind": "datasheet",
        "stage": "any",
        "language": "en",
        "is_for_all": "y",
    }
    fields.update(changes)
    fields = {name: value for name, value in fields.items() if value is not None}
    return browser.send(f"/content/{ref}", **fields)
