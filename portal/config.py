"""Every setting, read once from the environment into one frozen object.

The docstring of `Config` is the list that `docs/operators.md` is checked against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "PORTAL_"
SHORTEST_SECRET = 32


class ConfigError(Exception):
    """A setting has a value the portal can't start with.  The message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Settings, each from `PORTAL_<NAME>` in the environment.

    ENV             `development` or `production`; production refuses weak settings
    URL             the address people use, such as https://partners.example.com
    DATABASE_URL    `sqlite:///path` or `postgresql://user:password@host/name`
    DATA            folder for the embedded database, files, mail and the generated secret
    SECRET_KEY      at least 32 characters; in development one is made and kept in DATA.  To
                    replace it, name the new one first and the old ones after it, with commas
    VENDOR          the vendor's name, as pages and mails show it
    BANK_IBAN       the account from which partners are paid
    BANK_BIC        its bank
    MAIL            `maildir` (files in DATA/mail), `console`, or `smtp://user:password@host:port`
    MAIL_FROM       sender of every mail
    FILES           `local` (DATA/files) or `s3://bucket?endpoint=https://...&region=...`
    FILES_SENDFILE  `app` sends files itself; `x-accel` lets nginx send them
    CLAMD           address of a virus scanner, `unix:/path` or `tcp:host:port`; empty: none
    PASSWORD_COST   Argon2id passes over 19 MiB, 1 to 10
    SECOND_FACTOR   `required` for staff and partner managers, or `optional`
    TRUSTED_PROXIES how many reverse proxies stand in front (0 to 3)
    HOSTS           further host names that are served, separated by commas
    BIND            address and port the server listens on
    WORKERS         web worker processes
    THREADS         threads in each worker
    """

    env: str = "development"
    url: str = "http://127.0.0.1:8000"
    database_url: str = ""
    data: str = "var"
    secret_key: str = ""
    vendor: str = "Northpeak"
    bank_iban: str = ""
    bank_bic: str = ""
    mail: str = "maildir"
    mail_from: str = "Partner portal <portal@localhost>"
    files: str = "local"
    files_sendfile: str = "app"
    clamd: str = ""
    password_cost: int = 2
    second_factor: str = "required"
    trusted_proxies: int = 0
    hosts: str = ""
    bind: str = "127.0.0.1:8000"
    workers: int = 2
    threads: int = 4

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_https(self) -> bool:
        return self.url.startswith("https://")

    @property
    def trusted_hosts(self) -> list[str]:
        named = [urlsplit(self.url).hostname or "", *self.hosts.split(",")]
        local = [] if self.is_production else ["localhost", "127.0.0.1"]
        return [host.strip() for host in [*named, *local] if host.strip()]

    @property
    def data_path(self) -> Path:
        return Path(self.data).absolute()

    @property
    def database(self) -> str:
        """The database's URL; without a setting an embedded SQLite file in DATA."""
        url = self.database_url or f"sqlite:///{self.data_path / 'portal.sqlite3'}"
        return url.replace("postgres://", "postgresql://", 1)


def from_environment(environment: Mapping[str, str]) -> Config:
    """Raises ConfigError naming the first setting that is wrong or unknown."""
    known = {f.name: f for f in fields(Config)}
    values: dict[str, str | int] = {}
    for key, text in environment.items():
        if not key.startswith(PREFIX) or key in _NOT_OURS:
            continue
        name = key.removeprefix(PREFIX).lower()
        if name not in known:
            raise ConfigError(f"{key} is set, but there is no such setting. See docs/operators.md.")
        values[name] = _number(key, text) if known[name].type in ("int", int) else text.strip()
    config = Config(**values)  # type: ignore[arg-type]
    _check(config)
    if config.is_production:
        _check_production(config)
    return config


_NOT_OURS = {"PORTAL_TEST_PG"}


def _number(key: str, text: str) -> int:
    if not text.strip().isdecimal():
        raise ConfigError(f"{key} is {text!r}; it takes a whole number.")
    return int(text)


def _check(config: Config) -> None:
    _one_of("ENV", config.env, ("development", "production"))
    _one_of("FILES_SENDFILE", config.files_sendfile, ("app", "x-accel"))
    _one_of("SECOND_FACTOR", config.second_factor, ("required", "optional"))
    _between("PASSWORD_COST", config.password_cost, 1, 10)
    _between("TRUSTED_PROXIES", config.trusted_proxies, 0, 3)
    _between("WORKERS", config.workers, 1, 64)
    _between("THREADS", config.threads, 1, 64)
    parts = urlsplit(config.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ConfigError(
            f"PORTAL_URL is {config.url!r}; it takes an address such as https://partners.example.com."
        )
    if not config.database.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ConfigError(
            "PORTAL_DATABASE_URL takes sqlite:///path or postgresql://user:password@host/name."
        )
    if config.mail not in {"maildir", "console"} and not config.mail.startswith(
        ("smtp://", "smtps://")
    ):
        raise ConfigError(f"PORTAL_MAIL is {config.mail!r}; it takes maildir, console or smtp://…")
    if config.files != "local" and not config.files.startswith("s3://"):
        raise ConfigError(f"PORTAL_FILES is {config.files!r}; it takes local or s3://bucket?…")
    if config.clamd and not config.clamd.startswith(("unix:/", "tcp:")):
        raise ConfigError(f"PORTAL_CLAMD is {config.clamd!r}; it takes unix:/path or tcp:host:port")


def _check_production(config: Config) -> None:
    """What TLS, secrets and durability need before strangers use it."""
    if not config.is_https:
        raise ConfigError("PORTAL_URL must start with https:// in production.")
    if len(config.secret_key) < SHORTEST_SECRET:
        raise ConfigError(
            "PORTAL_SECRET_KEY must have at least 32 characters in production. "
            'Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if config.mail in {"maildir", "console"}:
        raise ConfigError("PORTAL_MAIL must be smtp://… or smtps://… in production.")
    if config.second_factor != "required":
        raise ConfigError("PORTAL_SECOND_FACTOR must be required in production.")
    if "sslmode=disable" in config.database or "sslmode=prefer" in config.database:
        raise ConfigError("PORTAL_DATABASE_URL must not turn TLS off in production.")


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ConfigError(f"{PREFIX}{name} is {value!r}; it takes {' or '.join(allowed)}.")


def _between(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ConfigError(f"{PREFIX}{name} is {value}; it takes {low} to {high}.")
