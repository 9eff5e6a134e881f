"""Operators' commands for end customers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.deals.rules.matching import match_rows, read_pairs
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
