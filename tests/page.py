"""A test client that looks at every page it gets: well-formed, labelled, no inline code."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
LOOSE = {"li", "p", "dt", "dd", "option", "thead", "tbody", "tr", "td", "th"}
UNLABELLED = {"hidden", "submit", "button"}


class Reader(HTMLParser):
    """Collects what is wrong with a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.headings = 0
        self.in_label = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.headings += tag == "h1"
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "label":
            self.labels.add(given.get("for") or "")
            self.in_label += 1
        if tag in {"input", "select", "textarea"} and given.get("type") not in UNLABELLED:
            self.fields.append({**given, "in label": "yes" if self.in_label else None})
        inline = [name for name in given if name == "style" or name.startswith("on")]
        if inline or (tag in {"style", "script"} and not given.get("src")):
            self.faults.append(f"inline code in <{tag}>: {inline}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        self.in_label -= tag == "label"
        while self.open and self.open[-1] != tag and self.open[-1] in LOOSE:
            self.open.pop()
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes <{self.open[-1] if self.open else 'nothing'}>")
        else:
            self.open.pop()


def faults_of(html: str, *, is_whole: bool) -> list[str]:
    reader = Reader()
    reader.feed(html)
    found = reader.faults
    found += [f"<{tag}> is not closed" for tag in reader.open if tag not in LOOSE]
    found += [f"id {name} twice" for name in set(reader.ids) if reader.ids.count(name) > 1]
    for field in reader.fields:
        labelled = field["in label"] or field.get("aria-label") or field.get("aria-labelledby")
        if not labelled and field.get("id") not in reader.labels:
            found.append(f"the field {field.get('name')} has no label")
    if is_whole and reader.headings != 1:
        found.append(f"{reader.headings} <h1>")
    return found


class Browser(FlaskClient):
    """Fetches pages, fills in forms' tokens, and fails on a faulty page or a 500."""

    def open(self, *args: object, **kw: object) -> TestResponse:
        response = super().open(*args, **kw)  # type: ignore[arg-type]
        assert response.status_code != 500, response.text
        is_redirect = 300 <= response.status_code < 400
        if response.mimetype == "text/html" and response.data and not is_redirect:
            is_whole = "<html" in response.text
            assert faults_of(response.text, is_whole=is_whole) == [], response.request.path
            if is_whole:
                assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        return response

    def token(self, path: str = "/me") -> str:
        """The CSRF token that a page carries."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)
        assert found, f"no form on {path}"
        return found.group(1)

    def send(self, path: str, *, page: str | None = None, **fields: object) -> TestResponse:
        """Post a form, with the token of `page` (a page of one's own if not told)."""
        return self.post(path, data={"csrf_token": self.token(page or "/me"), **fields})
