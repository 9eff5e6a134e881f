"""Importing through the pages, as the administrator does it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from portal.imports.models import Batch
from portal.imports.rules import Finding
from portal.imports.rules.findings import unpack_findings
from portal.runner import Runner
from tests.page import Browser

HERE = "/data/import"


@dataclass
class Importing:
    """One administrator's imports; every step goes through HTTP and the job runner."""

    browser: Browser
    runner: Runner
    peek: object

    def upload(self, importer, *files):
        """The answer to an upload of (name, text or bytes)."""
        sent = [(io.BytesIO(b if isinstance(b, bytes) else b.encode()), n) for n, b in files]
        return self.browser.send(f"{HERE}/new", page=f"{HERE}/new", importer=importer, files=sent)

    def batch(self, path):
        return self.peek(select(Batch).where(Batch.ref == path.rsplit("/", 1)[-1]))

    def findings(self, path) -> list[Finding]:
        ref = path.rsplit("/", 1)[-1]
        return unpack_findings(self.peek(select(Batch.findings).where(Batch.ref == ref)))

    def columns(self, path, **chosen):
        """Settle the columns as proposed, but for `chosen`."""
        page = self.browser.get(f"{path}/columns").text
        return self.browser.send(
            f"{path}/columns", page=f"{path}/columns", **{**fields_of(page), **chosen}
        )

    def field(self, page: str, key: str) -> str:
        """What the page about columns calls the field for a column."""
        return next(name for name in fields_of(page) if name.endswith(f"_{key}"))

    def preview(self, importer, *files, **chosen):
        """Upload and check; returns the path of the import."""
        path = self.upload(importer, *files).location
        assert path, "the upload was refused"
        assert self.columns(path, **chosen).status_code == 303
        self.runner.run_due()
        assert self.browser.get(path).status_code == 200
        return path

    def run(self, path, **said):
        answer = self.browser.send(f"{path}/run", page=path, **{"mode": "good_rows", **said})
        self.runner.run_due()
        return answer

    def do(self, importer, *files, **chosen):
        """All of it, with the good rows."""
        path = self.preview(importer, *files, **chosen)
        assert self.run(path).status_code == 303
        assert self.batch(path).state == "done"
        return path

    def undo(self, path):
        answer = self.browser.send(f"{path}/undo", page=f"{path}/undo")
        self.runner.run_due()
        return answer

    def counts(self, path):
        return {name: n for name, n in self.batch(path).found["counts"].items() if n}


def fields_of(page: str) -> dict[str, str]:
    """What a form would send as it stands: its selects and text fields."""
    found: dict[str, str] = {}
    for name, inside in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'<option selected value="([^"]*)"', inside)
        first = re.search(r'value="([^"]*)"', inside)
        found[name] = (chosen or first)[1]
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="text"' in tag and name[1] != "q":
            found[name[1]] = value[1] if value else ""
    return found


@pytest.fixture
def importing(browser_of, cast, runner, peek) -> Importing:
    return Importing(browser_of(cast.ada), runner, peek)


@pytest.fixture
def stored(services):
    """Sees all that is committed and holds nothing up; roll it back to look again."""
    with services.system_session(writes=False) as db:
        yield db
