"""Letters leave over a real SMTP server, are tried again when it is down, and read well."""

from __future__ import annotations

import datetime as dt
import email
import socket
from dataclasses import replace
from email import policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from portal.db import outbox
from portal.db.outbox import Letter, LetterState, Post
from portal.notices import jobs

AT_ONCE = dt.timedelta(0)


class Postbox:
    """Keeps what a real SMTP server received; refuses while `is_closed`."""

    def __init__(self) -> None:
        self.mails: list[email.message.EmailMessage] = []
        self.is_closed = False

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.is_closed:
            return "451 Try again later"
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def postbox():
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


def write(system, clock, **changes):
    facts = {"name": "Anna", "ref": "DR-1", "customer": "Müller & Söhne", "until": "31 May 2026"}
    letter = Post(template="deals/approved", address="anna@alder.example", facts=facts)
    outbox.post(system, replace(letter, **changes), now=clock(), hold=AT_ONCE)
    system.commit()


def over(services, postbox):
    return replace(services, config=replace(services.config, mail=postbox.url))


def test_a_letter_arrives_as_text_and_html_with_the_facts_escaped(services, system, clock, postbox):
    write(system, clock)
    jobs.send_due(over(services, postbox), clock())
    (mail,) = postbox.mails
    assert mail["Subject"] == "Approved: Müller & Söhne is yours until 31 May 2026"
    assert "Müller & Söhne" in mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert "Müller &amp; Söhne" in html
    assert "<style" not in html


def test_a_customer_name_cannot_add_a_header(services, system, clock, postbox):
    facts = {"name": "Anna", "ref": "DR-1", "customer": "X\r\nBcc: a@b.example", "until": "today"}
    write(system, clock, facts=facts)
    jobs.send_due(over(services, postbox), clock())
    (mail,) = postbox.mails
    assert mail["Bcc"] is None


def test_a_letter_that_was_refused_is_sent_again_later(services, system, clock, postbox, peek):
    write(system, clock)
    postbox.is_closed = True
    jobs.send_due(over(services, postbox), clock())
    assert peek(select(Letter.state)) is LetterState.WAITING
    postbox.is_closed = False
    jobs.send_due(over(services, postbox), clock())
    assert postbox.mails == []
    clock.pass_(minutes=1)
    jobs.send_due(over(services, postbox), clock())
    assert len(postbox.mails) == 1
    assert peek(select(Letter.state)) is LetterState.SENT


def test_a_letter_with_the_same_key_is_written_once(services, system, clock, postbox):
    for _ in range(2):
        write(system, clock, dedupe="approved:DR-1")
    jobs.send_due(over(services, postbox), clock())
    assert len(postbox.mails) == 1


def test_every_letter_has_its_three_templates():
    folder = Path(jobs.TEMPLATES) / "email"
    names = {p.with_suffix("") for p in folder.rglob("*.html")}
    for name in names:
        assert name.with_suffix(".txt").exists(), name
        assert name.with_suffix(".subject.txt").exists(), name


def test_the_maildir_gets_what_no_server_is_set_for(services, system, clock):
    write(system, clock)
    jobs.send_due(services, clock())
    assert len(list((services.config.data_path / "mail" / "new").iterdir())) == 1
