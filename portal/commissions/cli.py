"""The operator's door to commissions: worked cases from files, and every line recomputed."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from portal.commissions.queries import replaying
from portal.commissions.rules import cases
from portal.commissions.rules.documents import Unreadable
from portal.web.services import services

commissions_cli = AppGroup("commissions", help="Plans and what they earn.")


@commissions_cli.command("check", with_appcontext=False)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Run the worked cases in FILES (YAML, or JSON by its name) and print every difference."""
    results = [result for file in files for result in _results(file)]
    failed = sum(not result.passes for result in results)
    click.echo(f"{len(results)} cases, {failed} not as expected.")
    if failed:
        raise SystemExit(1)


@commissions_cli.command("replay")
def replay_command() -> None:
    """Recompute every line from what was stored with it and name any that differs."""
    with services().system_session(writes=False) as db:
        checked, differing = replaying.replay_all(db)
    for ref, stored, recomputed in differing:
        click.echo(f"{ref}: stored {stored}, recomputed {recomputed}")
    click.echo(f"{checked:,} lines, {len(differing):,} differ.")
    if differing:
        raise SystemExit(1)


def _results(file: Path) -> list[cases.Result]:
    """Prints each case of the file as it runs.  An unreadable file counts as a failed case."""
    click.echo(str(file))
    try:
        drafts = cases.cases_from(file.read_text("utf-8"), is_json=file.suffix == ".json")
    except (OSError, UnicodeDecodeError) as error:
        return _unreadable(file, [f"cannot be read: {error}"])
    except Unreadable as unreadable:
        return _unreadable(file, [str(problem) for problem in unreadable.problems])
    results = []
    for draft in drafts:
        result = cases.check(draft)
        word = "UNREADABLE" if result.problems else "ok" if result.passes else "DIFFERS"
        click.echo(f"  {word:10} {result.name}")
        for trouble in (*result.problems, *result.differences):
            click.echo(f"             {trouble}")
        results.append(result)
    return results


def _unreadable(file: Path, messages: list[str]) -> list[cases.Result]:
    for message in messages:
        click.echo(f"  UNREADABLE {message}")
    return [cases.Result(str(file), differences=tuple(messages))]
