"""Work on a file from outside in a child process with limits.

The child is a fresh interpreter, not a fork: it holds none of the portal's secrets or connections,
and it starts the same from a web worker and from the job runner.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
RESULT = "result.json"
MOST_RESULT = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds on the clock and of the processor; bytes of address space and of each file written.

    On Windows only the clock holds.
    """

    wall_seconds: float = 60
    cpu_seconds: int = 40
    memory: int = 1536 * 1024 * 1024
    file_size: int = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """`value` when the task was done; otherwise `failure` is a code and `message` says it in words.

    A task that refuses the file gives its own code.  The others are "timeout", "memory",
    "too_large" and "crashed".
    """

    value: Mapping[str, Any] | None = None
    failure: str = ""
    message: str = ""


_MESSAGES = {
    "timeout": "Reading this file took too long. Export it in a simpler form.",
    "memory": "Reading this file takes more memory than is allowed. Export it in a simpler form.",
    "too_large": "What was made of this file became too large. Export it in a simpler form.",
    "crashed": "This file could not be read. Export it again.",
}


def run(
    task: str,
    source: Path,
    out: Path,
    arguments: Mapping[str, Any] | None = None,
    *,
    limits: Limits | None = None,
) -> Outcome:
    """Runs a task of `portal.files.tasks` on `source`; what it makes stands in the folder `out`."""
    limits = limits or Limits()
    request = {
        "task": task,
        "source": str(source.resolve()),
        "out": str(out.resolve()),
        "arguments": dict(arguments or {}),
        "limits": asdict(limits),
    }
    with subprocess.Popen(
        [sys.executable, "-s", "-m", "portal.files.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        cwd=out,
        start_new_session=True,
    ) as child:
        try:
            child.communicate(json.dumps(request).encode(), timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired:
            _end(child)
            return _failed("timeout")
    if child.returncode:
        return _failed(_cause(child.returncode))
    return _read(out / RESULT)


def _environment() -> dict[str, str]:
    """What an interpreter needs and nothing else; the portal's settings are not handed on."""
    kept = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "PYTHONPATH": str(_ROOT),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _end(child: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        child.kill()
    else:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _cause(returncode: int) -> str:
    if sys.platform != "win32":
        if returncode == -signal.SIGXCPU:
            return "timeout"
        if returncode == -signal.SIGKILL:
            return "memory"
    return "crashed"


def _read(result: Path) -> Outcome:
    if not result.is_file() or result.stat().st_size > MOST_RESULT:
        return _failed("crashed")
    answer = json.loads(result.read_bytes())
    result.unlink()
    if "value" in answer:
        return Outcome(answer["value"])
    code = answer["failure"]
    return Outcome(None, code, answer.get("message") or _MESSAGES.get(code, _MESSAGES["crashed"]))


def _failed(code: str) -> Outcome:
    return Outcome(None, code, _MESSAGES[code])
