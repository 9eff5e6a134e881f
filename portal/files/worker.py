"""The child of `portal.files.sandbox`: limits itself, runs one task, writes one result."""

from __future__ import annotations

import errno
import json
import os
import sys
from pathlib import Path
from typing import Any

from portal.files.sandbox import RESULT
from portal.files.verdict import Unacceptable
from portal.kernel.errors import Refused


def main() -> None:
    request = json.load(sys.stdin)
    _limit(request["limits"])
    answer = _answer(request)
    Path(request["out"], RESULT).write_text(json.dumps(answer), encoding="utf-8")


def _limit(limits: dict[str, Any]) -> None:
    """Before anything of the file is read, and before the heavy libraries are there to be
    misled.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  not on Windows

    cpu = int(limits["cpu_seconds"])
    for what, most in (
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_AS, int(limits["memory"])),
        (resource.RLIMIT_FSIZE, int(limits["file_size"])),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 128),
    ):
        resource.setrlimit(what, (most, most + 1 if what == resource.RLIMIT_CPU else most))


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    from portal.files.tasks import TASKS  # noqa: PLC0415  after the limits

    try:
        task = TASKS[request["task"]]
        return {"value": task(Path(request["source"]), Path(request["out"]), request["arguments"])}
    except Unacceptable as refusal:
        return {"failure": refusal.code}
    except Refused as refusal:
        return {"failure": refusal.code, "message": str(refusal)}
    except MemoryError:
        return {"failure": "memory"}
    except OSError as error:
        return {"failure": "too_large" if error.errno == errno.EFBIG else "crashed"}


if __name__ == "__main__":
    main()
    os._exit(0)  # the parsers' own clean-up at exit is not needed, and not trusted with a bad file
