"""Documents from typst templates, set in a child process."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portal.files import sandbox
from portal.files.tasks import MADE


def typeset(template: Path, job: Mapping[str, Any]) -> bytes:
    """A PDF of `template` with `job`.  Raises RuntimeError if it cannot be set."""
    with tempfile.TemporaryDirectory(prefix="portal-typeset-") as folder:
        outcome = sandbox.run("typeset", template, Path(folder), {"job": dict(job)})
        if outcome.value is None:
            raise RuntimeError(f"{template.name} was not set: {outcome.failure}")
        return Path(folder, MADE).read_bytes()
