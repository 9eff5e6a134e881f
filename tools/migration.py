"""`make migration M="deals get a version"`: the next numbered revision, from the models."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config

from portal.db import schema
from portal.db.engine import build_engines

ROOT = Path(__file__).parent.parent


def main(message: str) -> None:
    versions = ROOT / "migrations" / "versions"
    number = f"{1 + max((int(p.name[:4]) for p in versions.glob('[0-9]*.py')), default=0):04}"
    with TemporaryDirectory() as folder:
        engines = build_engines(f"sqlite:///{folder}/scratch.db", fast_unsafe=True)
        if number != "0001":
            schema.upgrade(engines)
        with engines.write.begin() as connection:
            config = Config(ROOT / "setup.cfg")
            config.set_main_option("script_location", str(ROOT / "migrations"))
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True, rev_id=number)
        engines.dispose()


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
