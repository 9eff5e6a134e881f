"""Operators' commands for people."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.accounts import actions, queries
from portal.accounts.actions import CreateUser
from portal.accounts.rules import Purpose, email_key
from portal.kernel.errors import PortalError
from portal.kernel.policy import Role
from portal.web.services import services
from portal.web.sessions import hashed

users = AppGroup("users", help="People.")


@users.command("create-admin")
@click.argument("email")
@click.option("--name", default="Administrator", show_default=True)
def create_admin(email: str, name: str) -> None:
    """Make an administrator, or a new link for one, and print a link to set the password once."""
    found = services()
    now, token = found.clock(), found.new_token()
    with found.system_session() as db:
        try:
            user = queries.find_by_email(db, email_key(email))
            if user is None:
                command = CreateUser(
                    ref=found.new_ref("PE"),
                    email=email,
                    name=name,
                    roles=frozenset({Role.ADMINISTRATOR}),
                    partner_id=None,
                )
                user = actions.create(db, command, now=now)
            purpose = Purpose.ADMINISTRATOR
            actions.make_link(db, user, purpose, token_hash=hashed(token), now=now)
        except PortalError as error:
            raise click.ClickException(error.message) from error
        db.commit()
    click.echo(f"Open this within 24 hours: {found.config.url.rstrip('/')}/welcome/{token}")
