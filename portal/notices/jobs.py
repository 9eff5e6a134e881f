"""Sending what the outbox holds: over SMTP, into a folder, or onto the console."""

from __future__ import annotations

import datetime as dt
import logging
import mailbox
import smtplib
import ssl
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from portal.config import Config
from portal.db import outbox
from portal.db.outbox import Letter
from portal.notices.rules import Rendered, message, plain_facts
from portal.web.services import Services

log = logging.getLogger("portal.mail")

TEMPLATES = Path(__file__).parents[2] / "templates"
TIMEOUT = 20

Send = Callable[[EmailMessage], None]


def send_due(services: Services, now: dt.datetime) -> None:
    """Send what is due, each letter in a transaction of its own."""
    send = mailer(services.config)
    while True:
        with services.system_session() as db:
            letters = outbox.due(db, now=now, limit=1)
            if not letters:
                return
            _send_one(services, letters[0], send, now)
            db.commit()


def _send_one(services: Services, letter: Letter, send: Send, now: dt.datetime) -> None:
    config = services.config
    try:
        rendered = render(letter, url=config.url, vendor=config.vendor)
        mail = message(
            rendered,
            sender=config.mail_from,
            address=letter.address,
            letter_id=letter.id,
            at=now,
        )
        send(mail)
    except Exception as error:  # one letter that cannot be sent must not hold up the others
        log.exception("letter failed id=%s template=%s", letter.id, letter.template)
        outbox.mark_failed(letter, f"{type(error).__name__}: {error}", now=now)
    else:
        log.info("letter sent id=%s template=%s", letter.id, letter.template)
        outbox.mark_sent(letter, now=now)


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


_ENVIRONMENT = _environment()


def render(letter: Letter, *, url: str, vendor: str) -> Rendered:
    """Three templates a letter: `<name>.subject.txt`, `<name>.txt` and `<name>.html`."""
    facts = plain_facts(letter.facts, url=url, vendor=vendor)

    def filled(ending: str) -> str:
        return _ENVIRONMENT.get_template(f"email/{letter.template}{ending}").render(facts)

    html = css_inline.inline(filled(".html"), load_remote_stylesheets=False)
    return Rendered(subject=filled(".subject.txt"), text=filled(".txt"), html=html)


def mailer(config: Config) -> Send:
    """How mail leaves, by the MAIL setting."""
    if config.mail == "console":
        return _to_console
    if config.mail == "maildir":
        folder = config.data_path / "mail"
        return lambda mail: _to_folder(folder, mail)
    return lambda mail: _to_server(config.mail, mail)


def _to_console(mail: EmailMessage) -> None:
    sys.stdout.write(f"\n{mail['To']}  {mail['Subject']}\n")
    body = mail.get_body(("plain",))
    sys.stdout.write(body.get_content() if body else "")
    sys.stdout.flush()


def _to_folder(folder: Path, mail: EmailMessage) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    mailbox.Maildir(folder, create=True).add(mail)


def _to_server(url: str, mail: EmailMessage) -> None:
    """TLS from the start for smtps, by STARTTLS where the server offers it for smtp."""
    parts = urlsplit(url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, None, timeout=TIMEOUT, context=context
        )
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT)
    with server:
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)
