"""The pages of an import: upload, columns, preview, progress, result, undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import jobs
from portal.db.jobs import JobState, Progress
from portal.imports import actions, queries
from portal.imports.actions import Importer
from portal.imports.forms import (
    ColumnsForm,
    RunForm,
    Source,
    UploadForm,
    columns_form,
    offer_readings,
)
from portal.imports.models import Batch
from portal.imports.rules import BatchState, Finding, Outcome, Suggestion, Verb
from portal.imports.rules.reading import MOST_BYTES
from portal.imports.rules.states import COLUMNS_OPEN, UNDOABLE, WORKING
from portal.kernel.errors import NotFound
from portal.kernel.policy import May
from portal.web.area import Area, Visit
from portal.web.csv import csv_chunks, download
from portal.web.forms import PortalForm

area = Area("imports", __name__, url_prefix="/data/import")

PAGE = 50
STEPS = ("Upload", "Columns", "Preview", "Import")
WORDS = {
    Outcome.ERROR: "Problems",
    Outcome.NEW: "New",
    Outcome.CHANGED: "Changed",
    Outcome.UNCHANGED: "As they are",
    Outcome.SKIPPED: "Left out",
}
AT_STEP = {
    BatchState.UPLOADED: 1,
    BatchState.CHECKING: 2,
    BatchState.PREVIEWED: 2,
    BatchState.RUNNING: 3,
}


def _importers() -> Mapping[str, Importer]:
    """Those that `create_app` was given."""
    found: Mapping[str, Importer] = current_app.extensions["importers"]
    return found


@area.page("", needs=May.IMPORTS_RUN)
def show_list(visit: Visit) -> ResponseReturnValue:
    batches = queries.list_batches(visit.db)
    return visit.render("imports/list.html", batches=batches, importers=_importers())


@area.page("/new", needs=May.IMPORTS_RUN)
def show_new(visit: Visit) -> ResponseReturnValue:
    wanted = request.args.get("what", "")
    form = UploadForm(importer=wanted if wanted in _importers() else next(iter(_importers())))
    return _new(visit, form)


def _new(visit: Visit, form: UploadForm, status: int = 200) -> Response:
    form.offer(_importers())
    hints = {name: {"text": importer.hint} for name, importer in _importers().items()}
    return visit.render("imports/new.html", status, form=form, hints=hints, steps=_steps(0))


@area.act("/new", needs=May.IMPORTS_RUN, body=MOST_BYTES + 2**20)
def upload(visit: Visit) -> ResponseReturnValue:
    form = visit.form(UploadForm)
    form.offer(_importers())
    if form.validate():
        command = form.command(ref=visit.services.new_ref("MP"), user_id=visit.viewer.user_id)
        with form.refusals(visit.db.rollback), visit.db.as_system("keeping uploaded files") as db:
            actions.upload(db, _importers()[form.importer.data], command, now=visit.now)
            return visit.go("imports.show", ref=command.ref)
    return _new(visit, form, 422)


@area.page("/templates/<name>.csv", needs=May.IMPORTS_RUN)
def template(visit: Visit, name: str) -> ResponseReturnValue:
    """An empty table with the columns of an importer of one sheet."""
    importer = _importers().get(name)
    if importer is None or len(importer.sheets) != 1:
        raise NotFound
    header = [column.label for column in importer.sheets[0].columns]
    return download(csv_chunks(header, []), name=f"{name}.csv", media_type="text/csv")


@area.page("/<ref>", needs=May.IMPORTS_RUN)
def show(visit: Visit, ref: str) -> ResponseReturnValue:
    batch = queries.get_batch(visit.db, ref)
    if batch.state in WORKING:
        return _working(visit, batch)
    if batch.state is BatchState.UPLOADED:
        return _columns(visit, batch)
    if batch.state is BatchState.PREVIEWED:
        return _preview(visit, batch, RunForm())
    return _result(visit, batch)


@area.page("/<ref>/columns", needs=May.IMPORTS_RUN)
def show_columns(visit: Visit, ref: str) -> ResponseReturnValue:
    batch = queries.get_batch(visit.db, ref)
    if batch.state not in COLUMNS_OPEN:
        return visit.go("imports.show", ref=ref)
    return _columns(visit, batch)


def _sources(visit: Visit, batch: Batch) -> list[Source]:
    importer = _importers()[batch.importer]
    return [
        Source(file, importer.sheet(file.sheet), queries.table_of(visit.db, file.id))
        for file in queries.list_files(visit.db, batch.id)
        if file.sheet
    ]


def _columns(
    visit: Visit, batch: Batch, form: ColumnsForm | None = None, status: int = 200
) -> ResponseReturnValue:
    sources = _sources(visit, batch)
    known = {n: batch.choices.get(n, "") for n in ("currency", "day_order", "notation")}
    form = form or columns_form(sources)(**known)
    offer_readings(form)
    return visit.render(
        "imports/columns.html",
        status,
        batch=batch,
        form=form,
        sources=sources,
        importer=_importers()[batch.importer],
        unused=[f.name for f in queries.list_files(visit.db, batch.id) if not f.sheet],
        steps=_steps(1),
    )


@area.act("/<ref>/columns", needs=May.IMPORTS_RUN)
def choose_columns(visit: Visit, ref: str) -> ResponseReturnValue:
    batch = queries.get_batch(visit.db, ref)
    form = visit.form(columns_form(_sources(visit, batch)))
    offer_readings(form)
    if not form.validate():
        return _columns(visit, batch, form, 422)
    with visit.db.as_system("remembering columns") as db:
        settled = queries.get_batch(db, ref)
        importer = _importers()[settled.importer]
        actions.choose_columns(db, importer, settled, form.command(), now=visit.now)
        actions.begin_check(db, settled, now=visit.now)
    return visit.go("imports.show", ref=ref)


def _preview(visit: Visit, batch: Batch, form: RunForm, status: int = 200) -> ResponseReturnValue:
    form.offer(_suggested(batch))
    return visit.render(
        "imports/preview.html",
        status,
        form=form,
        steps=_steps(2),
        **_found(visit, batch),
    )


def _suggested(batch: Batch, *, is_taken: bool = False) -> list[Suggestion]:
    """What looks misspelt: what a person may correct, or what was read as something else."""
    found = [Suggestion(**each) for each in batch.found.get("suggestions", [])]
    return [each for each in found if each.is_taken is is_taken]


def _found(visit: Visit, batch: Batch) -> dict[str, Any]:
    """What the pages with findings show: counts, remarks, and one page of rows of one outcome."""
    counts: dict[str, int] = batch.found.get("counts", {})
    shown = request.args.get("show", "")
    first = next((outcome for outcome in ("error", *counts) if counts.get(outcome)), "new")
    outcome = Outcome(shown) if shown in set(Outcome) else Outcome(first)
    found = [f for f in queries.findings_of(visit.db, batch.id) if f.outcome is outcome]
    start = _start()
    importer = _importers()[batch.importer]
    place = {sheet.key: number for number, sheet in enumerate(importer.sheets)}
    rows = sorted(found, key=lambda finding: (place[finding.sheet], finding.number))
    return {
        "batch": batch,
        "importer": importer,
        "counts": counts,
        "readings": _suggested(batch, is_taken=True),
        "remarks": batch.found.get("remarks", {}),
        "outcome": outcome.value,
        "views": _views(batch, counts, outcome),
        "rows": rows[start : start + PAGE],
        "pages": _pages(batch, outcome, start, len(rows)),
        "sheets": {sheet.key: sheet.label for sheet in importer.sheets},
        "files": {f.sheet: f.name for f in queries.list_files(visit.db, batch.id) if f.sheet},
    }


def _start() -> int:
    """The first row of the page asked for."""
    asked = request.args.get("start", "0")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else 0


def _views(batch: Batch, counts: Mapping[str, int], shown: Outcome) -> list[dict[str, Any]]:
    return [
        {
            "label": WORDS[outcome],
            "url": url_for("imports.show", ref=batch.ref, show=outcome.value),
            "count": counts[outcome.value],
            "current": outcome is shown,
        }
        for outcome in WORDS
        if counts.get(outcome.value)
    ]


def _pages(batch: Batch, shown: Outcome, start: int, total: int) -> dict[str, str]:
    def at(place: int) -> str:
        return url_for("imports.show", ref=batch.ref, show=shown.value, start=place)

    return {
        "text": f"{min(start + 1, total):,}–{min(start + PAGE, total):,} of {total:,}",
        "previous": at(max(0, start - PAGE)) if start else "",
        "next": at(start + PAGE) if start + PAGE < total else "",
    }


@area.act("/<ref>/run", needs=May.IMPORTS_RUN)
def run(visit: Visit, ref: str) -> ResponseReturnValue:
    batch = queries.get_batch(visit.db, ref)
    form = visit.form(RunForm)
    form.offer(_suggested(batch))
    with form.refusals(visit.db.rollback):
        actions.begin_run(
            visit.db,
            batch,
            mode=form.chosen_mode(),
            corrections=form.taken(_suggested(batch)),
            now=visit.now,
        )
        return visit.go("imports.show", ref=ref)
    return _preview(visit, queries.get_batch(visit.db, ref), form, 422)


def _working(visit: Visit, batch: Batch) -> ResponseReturnValue:
    """The page that follows a job; scripts ask for the part of it that changes."""
    name = "imports/progress.html" if visit.fragment == "import" else "imports/working.html"
    return visit.render(
        name,
        batch=batch,
        importer=_importers()[batch.importer],
        progress=_progress(visit, batch),
        steps=_steps(AT_STEP.get(batch.state, 4)),
    )


def _progress(visit: Visit, batch: Batch) -> Progress | None:
    found = jobs.progress(visit.db, batch.job_id or 0, user_id=batch.user_id or 0)
    return found if found is None or found.state is not JobState.DONE else None


def _result(visit: Visit, batch: Batch) -> ResponseReturnValue:
    if visit.fragment == "import":
        return _working(visit, batch)
    return visit.render(
        "imports/result.html",
        done=_done(visit, batch),
        steps=_steps(4),
        **_found(visit, batch),
    )


@area.act("/<ref>/again", needs=May.IMPORTS_RUN)
def try_again(visit: Visit, ref: str) -> ResponseReturnValue:
    visit.form(PortalForm)
    actions.try_again(visit.db, queries.get_batch(visit.db, ref), now=visit.now)
    return visit.go("imports.show", ref=ref)


@area.page("/<ref>/errors.csv", needs=May.IMPORTS_RUN)
def errors(visit: Visit, ref: str) -> ResponseReturnValue:
    """Every problem with its row and column, and the row as it was sent, to correct and resend."""
    batch = queries.get_batch(visit.db, ref)
    header = ("File", "Row", "Column", "Problem")
    rows = list(_problem_rows(visit, batch))
    return download(csv_chunks(header, rows), name=f"{ref}-errors.csv", media_type="text/csv")


def _problem_rows(visit: Visit, batch: Batch) -> list[tuple[str, int, str, str]]:
    files = {f.sheet: f.name for f in queries.list_files(visit.db, batch.id)}

    def lines(finding: Finding) -> list[tuple[str, int, str, str]]:
        name = files.get(finding.sheet, finding.sheet)
        return [(name, finding.number, p.column, p.message) for p in finding.problems]

    return [line for finding in queries.findings_of(visit.db, batch.id) for line in lines(finding)]


@area.page("/<ref>/undo", needs=May.IMPORTS_RUN)
def show_undo(visit: Visit, ref: str) -> ResponseReturnValue:
    batch = queries.get_batch(visit.db, ref)
    if batch.state not in UNDOABLE:
        return visit.go("imports.show", ref=ref)
    return visit.render(
        "imports/undo.html",
        batch=batch,
        form=PortalForm(),
        importer=_importers()[batch.importer],
        done=_done(visit, batch),
    )


def _done(visit: Visit, batch: Batch) -> list[tuple[str, str]]:
    """Kinds of rows, each with how many were made and changed."""
    counted = queries.count_done(visit.db, batch.id)
    words = {
        shelf: ", ".join(
            f"{counted[shelf, verb]:,} {verb.value}" for verb in Verb if (shelf, verb) in counted
        )
        for shelf, _ in counted
    }
    return [(shelf.capitalize(), said) for shelf, said in words.items()]


@area.act("/<ref>/undo", needs=May.IMPORTS_RUN)
def undo(visit: Visit, ref: str) -> ResponseReturnValue:
    visit.form(PortalForm)
    actions.begin_undo(visit.db, queries.get_batch(visit.db, ref), now=visit.now)
    return visit.go("imports.show", ref=ref)


def _steps(current: int) -> list[dict[str, str]]:
    states = ("done" if place < current else "later" for place in range(len(STEPS)))
    return [
        {"label": label, "state": "current" if place == current else state}
        for place, (label, state) in enumerate(zip(STEPS, states, strict=True))
    ]
