"""The composition root: the one module that knows every feature, the clock and randomness."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import Flask

from portal import navigation, wiring
from portal.accounts import views as accounts
from portal.accounts.views.store import TableSessions
from portal.collateral import views as collateral
from portal.commissions import views as commissions
from portal.config import Config, from_environment
from portal.db.engine import Engines, build_engines
from portal.db.files import Files
from portal.deals import views as deals
from portal.directory import views as directory
from portal.files.store import FileStore, S3Settings
from portal.home import views as home
from portal.importers import IMPORTERS
from portal.imports import views as imports
from portal.kernel import refs
from portal.kernel.ports import Clock, NewRef, NewToken
from portal.oversight import views as oversight
from portal.runner import Runner
from portal.settings import views as settings
from portal.web import errors, security, templating
from portal.web import signin as signin_glue
from portal.web.area import Area
from portal.web.services import Services
from portal.web.sessions import StoredSessions

ROOT = Path(__file__).parent.parent

AREAS: tuple[Area, ...] = (
    home.area,
    accounts.area,
    deals.area,
    deals.approvals.area,
    directory.area,
    directory.people_area,
    settings.area,
    imports.area,
    *collateral.areas,
    commissions.area,
    *oversight.areas,
)


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def new_ref(prefix: str) -> str:
    return refs.make(prefix, secrets.randbits(64))


def new_token() -> str:
    return secrets.token_urlsafe(32)


def make_services(
    config: Config,
    *,
    engines: Engines | None = None,
    files: Files | None = None,
    clock: Clock = utc_now,
    new_ref: NewRef = new_ref,
    new_token: NewToken = new_token,
) -> Services:
    """What the doors share.  Tests pass their own clock, references and databases."""
    return Services(
        config=config,
        engines=engines or build_engines(config.database),
        files=files or make_files(config),
        clock=clock,
        new_ref=new_ref,
        new_token=new_token,
        wiring=wiring.EVENTS,
    )


def make_files(config: Config) -> FileStore:
    """The store that FILES names; the keys to S3 stand in its address or in AWS_* variables."""
    if config.files == "local":
        return FileStore.local(config.data_path / "files")
    parts = urlsplit(config.files)
    asked = dict(parse_qsl(parts.query))
    return FileStore.s3(
        S3Settings(
            bucket=parts.hostname or "",
            access_key=unquote(parts.username or os.environ.get("AWS_ACCESS_KEY_ID", "")),
            secret_key=unquote(parts.password or os.environ.get("AWS_SECRET_ACCESS_KEY", "")),
            region=asked.get("region", "us-east-1"),
            endpoint=asked.get("endpoint", ""),
        )
    )


def make_runner(services: Services) -> Runner:
    return Runner(services, wiring.JOBS, wiring.GIVEN_UP, wiring.RECURRING)


def create_app(services: Services | None = None) -> Flask:
    services = services or make_services(from_environment(os.environ))
    app = Flask("portal", template_folder=str(ROOT / "templates"), static_folder=None)
    app.extensions["portal"] = services
    app.config["SECRET_KEY"], *app.config["SECRET_KEY_FALLBACKS"] = secret_keys(services.config)
    app.session_interface = StoredSessions(services, TableSessions())
    security.install(app, services.config)
    signin_glue.install(app)
    errors.install(app)
    templating.install(app, navigation.MENU)
    app.extensions["importers"] = IMPORTERS
    for area in AREAS:
        app.register_blueprint(area)
    _every_route_is_declared(app)
    return app


def secret_keys(config: Config) -> list[str]:
    """The configured secrets, the newest first; in development one that is made once and kept."""
    if config.secret_key:
        return [secret.strip() for secret in config.secret_key.split(",") if secret.strip()]
    path = config.data_path / "secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_urlsafe(48))
    return [path.read_text()]


def _every_route_is_declared(app: Flask) -> None:
    """A route that does not say who may use it does not start."""
    for rule in app.url_map.iter_rules():
        view: Callable[..., object] = app.view_functions[rule.endpoint]
        if not hasattr(view, "policy"):
            raise RuntimeError(f"{rule.rule} does not declare who may use it: use an Area.")
