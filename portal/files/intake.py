"""From an uploaded file to a verdict: a glance in the request, the parsers in a child, then the
scanners.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from portal.files import sandbox, scan
from portal.files.judge import glance, refused
from portal.files.kinds import Kind, Purpose
from portal.files.sandbox import Limits
from portal.files.scan import State
from portal.files.verdict import Verdict

_JUDGING = Limits(wall_seconds=30, cpu_seconds=25)


def examine(path: Path, name: str, purpose: Purpose, *, limits: Limits = _JUDGING) -> Verdict:
    """The whole judgement, apart from clamd.  Never raises for what is in the file."""
    seen = glance(path, name, purpose)
    if not seen.is_accepted:
        return seen
    with tempfile.TemporaryDirectory(prefix="portal-judge-") as out:
        arguments = {"name": name, "purpose": purpose.value}
        outcome = sandbox.run("judge", path, Path(out), arguments, limits=limits)
    if outcome.value is None:
        return refused("unreadable", seen.kind, purpose)
    said = outcome.value
    return Verdict(Kind(said["kind"]) if said["kind"] else None, said["code"], said["message"])


def is_held_back(path: Path, clamd: str) -> bool:
    """Whether the file stays in quarantine: the scanner that is set up has not called it clean."""
    return scan.scan(path, clamd).state is not State.CLEAN
