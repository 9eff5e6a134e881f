"""The operators' door: `flask db …`, `flask users …`, `flask jobs …`, `flask events …`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from portal import serve, wiring
from portal.accounts import cli as accounts_cli
from portal.app import make_runner
from portal.commissions import cli as commissions_cli
from portal.config import Config
from portal.db import backup as db_backup
from portal.db import events, schema
from portal.deals import cli as deals_cli
from portal.demo import cli as demo_cli
from portal.imports import cli as imports_cli
from portal.runner import Runner
from portal.web.services import services

db = AppGroup("db", help="The database: bring it up to date, back it up, restore it.")
jobs = AppGroup("jobs", help="Background work.")
log = AppGroup("events", help="The event log.")


def install(app: Flask) -> Flask:
    for group in (
        db,
        jobs,
        log,
        accounts_cli.users,
        commissions_cli.commissions_cli,
        deals_cli.customers,
        deals_cli.deals,
        demo_cli.demo,
        imports_cli.group(_run_jobs),
    ):
        app.cli.add_command(group)
    app.cli.add_command(up)
    return app


def _run_jobs() -> int:
    """Do the jobs that are due, and nothing that recurs; returns how many there were."""
    return Runner(services(), wiring.JOBS, wiring.GIVEN_UP, ()).run_due()


@db.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest schema; makes it if there is none."""
    revision = schema.upgrade(services().engines)
    click.echo(f"The database is at revision {revision}.")


@db.command("backup")
@click.argument("path", type=click.Path(path_type=Path))
def backup(path: Path) -> None:
    """Write a consistent copy of the whole database to PATH while the portal runs."""
    rows = db_backup.backup(services().engines, path)
    click.echo(f"Wrote {rows:,} rows to {path}.")


@db.command("restore")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--replace", is_flag=True, help="Replace what the database holds now.")
def restore(path: Path, *, replace: bool) -> None:
    """Read a copy made by `backup` into an empty database, of either kind."""
    rows = db_backup.restore(services().engines, path, replace=replace)
    click.echo(f"Restored {rows:,} rows from {path}.")


@jobs.command("run")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def run(*, once: bool) -> None:
    """Judge registrations, send mail, and do whatever else is due, until stopped."""
    runner = make_runner(services())
    if once:
        click.echo(f"Did {runner.run_due()} things.")
    else:
        runner.run_until_told()


@log.command("verify")
def verify() -> None:
    """Recompute the hash of every entry; says which one was changed, if any."""
    with services().engines.snapshot() as connection:
        found = events.verify(connection)
    if found.broken_at is not None:
        raise click.ClickException(f"The log is broken at entry {found.broken_at}: {found.why}.")
    click.echo(f"All {found.checked:,} entries hold.")


@click.command("up")
@with_appcontext
def up() -> None:
    """Bring the database up to date, tell the demo story into an empty one, and serve."""
    found = services()
    schema.upgrade(found.engines)
    if demo_cli.is_cut_off(found):
        schema.remake(found.engines)
    if not found.config.is_production and not demo_cli.is_told(found):
        demo_cli.tell_aloud(found)
    if demo_cli.is_demo(found):
        demo_cli.print_sign_ins(demo_cli.sign_ins(found))
        os.environ.setdefault("PORTAL_SECOND_FACTOR", "optional")
    found.engines.dispose()
    try:
        raise SystemExit(_serve(found.config))
    except serve.CannotServe as error:
        raise click.ClickException(str(error)) from error


def _serve(config: Config) -> int:
    """The web server and the job runner, which start and stop together."""
    address = serve.Address.parse(config.bind)
    web = serve.web_server("wsgi:app", address, workers=config.workers, threads=config.threads)
    runner = serve.Program("job runner", (sys.executable, "-m", "flask", "jobs", "run"))
    return serve.serve(web, runner, address=address, url=config.url, say=click.echo)
