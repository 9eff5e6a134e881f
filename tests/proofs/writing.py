"""A process that registers and judges deals through the real actions until it is killed.

    python -m tests.proofs.writing DATABASE_URL WRITER

Each registration is acknowledged on standard output after its commit, in one whole write.
"""

from __future__ import annotations

import os
import sys
from itertools import count

from sqlalchemy import select

from portal.accounts import queries as account_queries
from portal.accounts.models import User
from portal.app import make_services
from portal.catalogue.models import Line
from portal.config import Config
from portal.deals.actions import judging
from portal.deals.queries import judging as judging_queries
from portal.kernel import refs
from portal.web.services import Services
from tests.clock import NOON
from tests.deals.registering import register
from tests.people import Cast, Somebody
from tests.proofs.rivalry import wanted

JUDGED_EVERY = 10


def main(url: str, writer: int) -> None:
    services = make_services(Config(database_url=url, secret_key="x" * 32))
    with services.system_session(writes=False) as db:
        email = ("seller@rival1.example", "seller@rival2.example")[writer % 2]
        user_id = db.scalars(select(User.id).where(User.email_key == email)).one()
        somebody = Somebody(user_id, email, account_queries.viewer_for(db, user_id))
        lines = {line.code: line.id for line in db.scalars(select(Line))}
    cast = Cast(lines=lines)
    for number in count(1):
        unique = hash((writer, os.getpid(), number))
        command = wanted(cast, unique, new_ref=refs.make("DR", unique))
        ref = register(services, somebody, command, now=NOON)
        os.write(1, f"{ref}\n".encode())
        if number % JUDGED_EVERY == 0:
            judge_next(services)


def judge_next(services: Services) -> None:
    """Judge the claim with the lowest place, if one waits."""
    with services.system_session() as db:
        for deal_id in judging_queries.claims_due(db, limit=1):
            judging.judge_claim(db, deal_id, now=NOON)
        db.commit()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
