"""Turns requirements*.in into locks, pinned and hashed for every platform.

The development lock is held to the versions of the runtime lock.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "var" / "uv"
HOW = (
    *("--universal", "--generate-hashes", "--python-version", "3.11"),
    *("--no-emit-index-url", "--no-annotate", "--quiet"),
)


def main(*more: str) -> None:
    if not (HOME / "bin" / "uv").exists():
        venv.create(HOME, with_pip=True)
        run(HOME / "bin" / "pip", "install", "--quiet", "uv")
    compile_lock("requirements", *more)
    compile_lock("requirements-dev", "--constraint", "requirements.txt", *more)


def compile_lock(name: str, *more: str) -> None:
    lock = f"{name}.txt"
    run(HOME / "bin" / "uv", "pip", "compile", *HOW, *more, f"{name}.in", "--output-file", lock)


def run(program: Path, *arguments: str) -> None:
    subprocess.run([program, *arguments], check=True, cwd=ROOT)


if __name__ == "__main__":
    main(*sys.argv[1:])
