"""`make migration M="deals get a version"`: the next numbered revision, from the models.

The migrations so far are run on a database of their own, so no developer's data decides.  The
newest number stands in migrations/head, where two branches that add one meet as a conflict.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config

from portal.db import schema
from portal.db.engine import build_engines

ROOT = Path(__file__).parent.parent
MIGRATIONS = ROOT / "migrations"
VERSIONS = MIGRATIONS / "versions"


def main(message: str) -> int:
    if not message.strip():
        sys.stderr.write('Say what it does: make migration M="deals get a version"\n')
        return 1
    number = f"{1 + max((int(p.name[:4]) for p in VERSIONS.glob('[0-9]*.py')), default=0):04}"
    with TemporaryDirectory() as folder:
        engines = build_engines(f"sqlite:///{folder}/scratch.db", fast_unsafe=True)
        if number != "0001":
            schema.upgrade(engines)
        with engines.write.begin() as connection:
            config = Config(ROOT / "setup.cfg")
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True, rev_id=number)
        engines.dispose()
    (MIGRATIONS / "head").write_text(f"{number}\n")
    for tidy in (("check", "--fix-only"), ("format",)):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "-q", str(VERSIONS)], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
