"""Each import contract is shown to break when code breaks it, on a copy of the portal."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.repository import PORTAL, ROOT

PLANTS = [
    ("floors", {"kernel/planted.py": "import portal.db"}),
    ("floors", {"planted/__init__.py": ""}),
    ("rooms", {"planted/queries.py": "import portal.planted.actions", "planted/actions.py": ""}),
    ("rooms", {"planted/views.py": "import portal.planted.api", "planted/api.py": ""}),
    ("rooms", {"planted/helpers.py": ""}),
    ("rooms", {"planted/views/one.py": "", "planted/rules/one.py": "import portal.planted.views"}),
    ("pure", {"planted/rules.py": "import sqlalchemy"}),
    ("pure", {"planted/rules/prices.py": "from pathlib import Path"}),
    ("pure", {"kernel/planted.py": "import portal.planted.clock", "planted/clock.py": "import os"}),
    ("no-http", {"planted/actions.py": "from werkzeug.exceptions import NotFound"}),
    ("no-http", {"planted/queries.py": "import portal.web"}),
    ("no-http", {"db/planted.py": "import flask"}),
    ("no-sql", {"planted/views.py": "from sqlalchemy import select"}),
    ("no-sql", {"planted/forms/deal.py": "import sqlalchemy.orm"}),
    (
        "doors-are-private",
        {"planted/jobs.py": "", "rival/actions.py": "import portal.planted.jobs"},
    ),
    (
        "doors-are-private",
        {"planted/views.py": "", "rival/views.py": "import portal.planted.views"},
    ),
    ("no-circles", {"db/one.py": "import portal.db.two", "db/two.py": "import portal.db.one"}),
]


@pytest.mark.parametrize(("contract", "plants"), PLANTS)
def test_a_contract_breaks_when_code_breaks_it(contract, plants, tmp_path):
    copy = tmp_path / "portal"
    shutil.copytree(PORTAL, copy, ignore=shutil.ignore_patterns("__pycache__", "static"))
    assert lint(tmp_path, contract).returncode == 0, "the portal itself breaks the contract"
    for name, source in plants.items():
        plant(copy / name, source)
    done = lint(tmp_path, contract)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{names()[contract]} BROKEN" in done.stdout


def test_every_contract_is_shown_to_break():
    assert {contract for contract, _ in PLANTS} == set(names())


def plant(path: Path, source: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in (path.parent, path.parent.parent):
        (folder / "__init__.py").touch()
    path.write_text(f"{source}\n")


def lint(folder: Path, contract: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), *command(contract)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def command(contract: str) -> list[str]:
    return ["--config", str(ROOT / "setup.cfg"), "--no-cache", "--contract", contract]


def names() -> dict[str, str]:
    config = configparser.RawConfigParser()
    config.read(ROOT / "setup.cfg")
    prefix = "importlinter:contract:"
    return {
        section.removeprefix(prefix): config[section]["name"]
        for section in config.sections()
        if section.startswith(prefix)
    }
