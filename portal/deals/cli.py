"""Operators' commands for registrations and end customers."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.deals.rules import history, replay
from portal.deals.rules.matching import match_rows, read_pairs
from portal.kernel.clock import Length
from portal.kernel.errors import PortalError
from portal.web.csv import safe

customers = AppGroup("customers", help="End customers.")


@customers.command("match", with_appcontext=False)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file.")
def match(file: Path, out: Path | None) -> None:
    """Compare the pairs in FILE.csv and print each with its score, verdict and reasons.

    FILE has the columns name1 and name2, and may have country1, country2, domain1, domain2, and
    the same two of city, tax_id, parent and division. Verdicts are same, maybe and different.
    """
    try:
        rows = list(match_rows(read_pairs(file.read_text(encoding="utf-8"))))
    except PortalError as error:
        raise click.ClickException(error.message) from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not in UTF-8. Save it as UTF-8.") from error
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
    writer.writerows([safe(cell) for cell in row.values()] for row in rows)
    if out is None:
        click.echo(table.getvalue(), nl=False)
    else:
        out.write_text(table.getvalue(), encoding="utf-8")
        click.echo(f"Compared {len(rows):,} pairs; the result is in {out}.")


deals = AppGroup("deals", help="Registrations.")


@deals.command("replay", with_appcontext=False)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--protection-days", default=90, show_default=True, type=click.IntRange(1, 3650))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def replay_history(folder: Path, protection_days: int, *, as_json: bool) -> None:
    """Tell what first-come-first-served would have done on a CRM export's own past.

    FOLDER holds sales_pipeline.csv and sales_teams.csv.  Each opportunity with an engage date is a
    registration by its sales agent's company, judged by the same rules as a live one.
    """
    try:
        rows = history.opportunities(
            _rows(folder / "sales_pipeline.csv"), _rows(folder / "sales_teams.csv")
        )
        found = replay.counted(replay.replay(rows, Length(protection_days)))
    except PortalError as error:
        raise click.ClickException(error.message) from error
    if as_json:
        click.echo(json.dumps(_as_json(found, protection_days), indent=2, ensure_ascii=False))
        return
    for outcome, count in found.total.items():
        click.echo(f"{outcome.value:<12} {count:>7,}")


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        raise click.ClickException(f"There is no {path.name} in {path.parent}.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _as_json(found: replay.Replay, days: int) -> dict[str, object]:
    """The counts on top, then the same by line, region and partner."""
    return {
        "protection_days": days,
        "opportunities": sum(found.total.values()),
        **{outcome.value: count for outcome, count in found.total.items()},
        "by_line": found.by_line,
        "by_region": found.by_region,
        "by_partner": found.by_partner,
    }
