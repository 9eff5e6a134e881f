"""From a letter's template and facts to a message: plain text, HTML, and safe headers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    subject: str
    text: str
    html: str


def message(
    rendered: Rendered, *, sender: str, address: str, letter_id: int, at: dt.datetime
) -> EmailMessage:
    """A multipart mail.  The message id is the letter's, so that a second delivery is known as one.

    `EmailMessage` refuses line breaks in headers; the subject is folded to one line first.
    """
    mail = EmailMessage()
    mail["Subject"] = " ".join(rendered.subject.split())
    mail["From"] = sender
    mail["To"] = address
    mail["Date"] = format_datetime(at)
    domain = sender.rpartition("@")[2].rstrip("> ") or "localhost"
    mail["Message-ID"] = f"<letter-{letter_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(rendered.text)
    mail.add_alternative(rendered.html, subtype="html")
    return mail


def plain_facts(facts: dict[str, Any], *, url: str, vendor: str) -> dict[str, Any]:
    """What every template may use beside its own facts."""
    brand = {"name": vendor, "subtitle": "Partner hub"}
    return {"url": url.rstrip("/"), "vendor": vendor, "brand": brand, **facts}
