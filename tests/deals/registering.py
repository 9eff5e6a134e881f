"""Registrations for tests: every default visible, everything through the real actions."""

from __future__ import annotations

import datetime as dt
from itertools import count

from portal.deals.actions import drafts, intake
from portal.deals.actions.drafts import SaveDraft
from portal.kernel import refs
from portal.kernel.money import Money

_numbers = count(50_000)


def draft(cast, **changes):
    """A complete draft of Helvetia Logistics for Observe, unless told otherwise."""
    given = {
        "new_ref": refs.make("DR", next(_numbers) * 104_729),
        "customer_name": "Helvetia Logistics AG",
        "customer_domain": "helvetia-logistics.example",
        "customer_country": "CH",
        "contact_email": "reto.frei@helvetia-logistics.example",
        "contact_name": "Reto Frei",
        "line_id": cast.lines["observe"],
        "value": Money(248_000_00, "EUR"),
        "closes_on": dt.date(2026, 6, 30),
        "activity": "Demo on 20 February",
    }
    return SaveDraft(**{**given, **changes})


def register(services, somebody, command, *, now=None):
    """Save and submit as somebody; returns the reference."""
    now = now or services.clock()
    with services.viewer_session(somebody.viewer, writes=True) as db:
        deal = drafts.save(db, command, now=now)
        intake.submit(db, deal.ref, version=deal.version, now=now)
        db.commit()
        return deal.ref
