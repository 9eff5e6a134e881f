"""Importing from the command line: files in, counts out."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from portal.db import jobs
from portal.imports import actions, queries
from portal.imports.actions import Importer, Upload
from portal.imports.models import Batch
from portal.imports.rules import BatchState, Mode
from portal.imports.rules.reading import ENDINGS
from portal.imports.rules.states import WORKING
from portal.kernel.errors import PortalError
from portal.web.services import services

PAUSE = 0.5

RunJobs = Callable[[], int]

_PATHS = click.Path(path_type=Path, exists=True)
_ALL = click.option("--all-or-nothing", is_flag=True, help="Import nothing if a row has problems.")
_CHECK = click.option("--check", "only_check", is_flag=True, help="Say what would change; stop.")


def group(run_jobs: RunJobs) -> AppGroup:
    """`run_jobs` does the jobs that are due; another runner may be quicker."""
    imports = AppGroup("imports", help="Tables of partners, people, customers, products, deals.")

    @imports.command("run")
    @click.argument("importer")
    @click.argument("paths", type=_PATHS, nargs=-1, required=True)
    @_ALL
    @_CHECK
    def run(
        importer: str, paths: tuple[Path, ...], *, all_or_nothing: bool, only_check: bool
    ) -> None:
        """Import PATHS (CSV, XLSX or ZIP files) with IMPORTER, such as partners."""
        work = _Work(_importer(importer), run_jobs)
        work.do(list(paths), all_or_nothing=all_or_nothing, only_check=only_check)

    @imports.command("crm")
    @click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
    @_ALL
    @_CHECK
    def crm(folder: Path, *, all_or_nothing: bool, only_check: bool) -> None:
        """Import the export of a CRM as it stands in FOLDER."""
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)
        work = _Work(_importer("crm"), run_jobs)
        work.do(paths, all_or_nothing=all_or_nothing, only_check=only_check)

    return imports


def _importer(name: str) -> Importer:
    importers: dict[str, Importer] = current_app.extensions["importers"]
    if name not in importers:
        known = ", ".join(importers)
        raise click.ClickException(f"There is no importer {name!r}. There are: {known}.")
    return importers[name]


class _Work:
    """One import, step by step."""

    def __init__(self, importer: Importer, run_jobs: RunJobs) -> None:
        self.importer = importer
        self.run_jobs = run_jobs
        self.ref = services().new_ref("MP")

    def do(self, paths: list[Path], *, all_or_nothing: bool, only_check: bool) -> None:
        found = services()
        files = [(path.name, path.read_bytes()) for path in paths]
        mode = Mode.ALL_OR_NOTHING if all_or_nothing else Mode.GOOD_ROWS
        try:
            with found.system_session() as db:
                command = Upload(ref=self.ref, files=files, user_id=None)
                batch = actions.upload(db, self.importer, command, now=found.clock())
                actions.begin_check(db, batch, now=found.clock())
                db.commit()
            self._wait()
            if only_check:
                return
            with found.system_session() as db:
                batch = queries.get_batch(db, self.ref)
                actions.begin_run(db, batch, mode=mode, corrections={}, now=found.clock())
                db.commit()
            self._wait()
        except PortalError as error:
            raise click.ClickException(error.message) from error
        click.echo(f"Imported as {self.ref}. It can be undone in the portal, under Data.")

    def _wait(self) -> None:
        """Work until the step is done, here or in another runner, and say what came of it."""
        while True:
            worked = self.run_jobs()
            batch = self._batch()
            if batch.state not in WORKING:
                break
            self._check(batch)
            if not worked:
                time.sleep(PAUSE)
        if batch.state is BatchState.FAILED:
            said = "It can be tried again in the portal, under Data."
            raise click.ClickException(f"{self.ref} stopped: {batch.error}. {said}")
        if batch.error:
            raise click.ClickException(batch.error)
        counts: dict[str, int] = batch.found["counts"]
        told = [f"{number:,} {outcome}" for outcome, number in counts.items() if number]
        told += [f"{number:,}: {text}" for text, number in batch.found["remarks"].items()]
        click.echo("\n".join(told))

    def _check(self, batch: Batch) -> None:
        with services().system_session(writes=False) as db:
            why = jobs.last_error(db, batch.job_id or 0)
        if why:
            raise click.ClickException(f"It stopped: {why}. The job runner tries it again.")

    def _batch(self) -> Batch:
        with services().system_session(writes=False) as db:
            return queries.get_batch(db, self.ref)
