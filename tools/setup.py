"""Makes .venv and installs one lock file into it, unless that very lock is installed already.

Runs on any Python 3 with nothing installed, so that it can say what is missing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)


def main(name: str) -> int:
    lock = ROOT / name
    stamp = VENV / f"{lock.stem}.installed"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if starts() and stamp.exists() and stamp.read_text() == wanted:
        return 0
    if sys.version_info[:2] < OLDEST:
        return refuse(
            f"The portal needs Python 3.11 or newer, and this one is {sys.version.split()[0]}. "
            "Name another: make PYTHON=/path/to/python3.11"
        )
    if importlib.util.find_spec("ensurepip") is None:
        return refuse(
            "This Python cannot make virtual environments. On Debian and Ubuntu its missing part "
            "is a package: apt install python3-venv"
        )
    began = time.monotonic()
    if not starts():
        show("Making .venv …\n")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    if not install(lock):
        return 1
    stamp.write_text(wanted)
    show(f"Installed {name} in {time.monotonic() - began:.0f} s.\n")
    return 0


def starts() -> bool:
    """Whether .venv holds a Python that runs; one that was moved or lost its base does not."""
    if not PYTHON.exists():
        return False
    return subprocess.run([str(PYTHON), "-c", ""], check=False, capture_output=True).returncode == 0


def install(lock: Path) -> bool:
    """Installs what the lock pins and nothing else: it is complete, so nothing is resolved."""
    total = sum("==" in line for line in lock.read_text().splitlines())
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:"]
    quiet = ["--no-deps", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    pip = subprocess.Popen(
        [*command, *quiet, "--requirement", str(lock)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    met = 0
    for line in pip.stdout or ():
        said.append(line)
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            met += 1
            progress(f"Fetching {met} of {total} packages")
        elif line.startswith("Installing collected"):
            progress(f"Unpacking {total} packages …")
    progress("")
    if pip.wait() != 0:
        show("".join(said[-30:]))
        show("The packages could not be installed; pip's last words are above.\n")
    return pip.returncode == 0


def progress(text: str) -> None:
    """Rewrites one line on a terminal; elsewhere says only how the work moves on."""
    if sys.stderr.isatty():
        show(f"\r\033[K{text}")
    elif text.endswith("…"):
        show(f"{text}\n")


def show(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def refuse(sentence: str) -> int:
    show(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
