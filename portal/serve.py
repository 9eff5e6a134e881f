"""The web server and the job runner as one program: they start together and they end together.

Knows processes and ports, and nothing of the portal: what to start is told by the caller.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

LOOK_EVERY = 0.1
GRACE = 15.0
"""Seconds a request or a job has to finish in when the portal is told to stop."""


class CannotServe(Exception):
    """The address cannot be served; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    @classmethod
    def parse(cls, bind: str) -> Address:
        """From `host:port`; an IPv6 host stands in brackets. Raises CannotServe."""
        host, _, port = bind.rpartition(":")
        if not host or not port.isdecimal():
            raise CannotServe(f"PORTAL_BIND is {bind!r}; it takes an address and a port.")
        return cls(host.strip("[]"), int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Program:
    """A command, and the name it goes by when there is something to say of it."""

    name: str
    command: tuple[str, ...]


def web_server(
    application: str, address: Address, *, workers: int = 2, threads: int = 4
) -> Program:
    """The production server for a WSGI application named `module:object`."""
    if os.name == "nt":
        listen = (f"--listen={address}", f"--threads={workers * threads}")
        return Program("web server", (sys.executable, "-m", "waitress", *listen, application))
    command = (
        *(sys.executable, "-m", "gunicorn", "--bind", str(address), "--preload"),
        *("--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)),
        *("--graceful-timeout", f"{GRACE - 5:.0f}", "--log-level", "warning"),
        *("--no-control-socket", application),
    )
    return Program("web server", command)


def serve(
    web: Program, *others: Program, address: Address, url: str, say: Callable[[str], None]
) -> int:
    """Runs the programs until a signal or until one of them ends; returns the exit status.

    Says where the portal is once it answers. When one program ends by itself the others are
    stopped and the status is not 0: a portal without its job runner would look alive.
    Raises CannotServe when the address is taken.
    """
    refuse_if_taken(address)
    told_to_stop = threading.Event()
    with signals_setting(told_to_stop):
        running: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for program in (web, *others):
                # In a session of its own, so that Ctrl-C reaches only us and we end all in order.
                running[program.name] = subprocess.Popen(  # noqa: S603 (our own commands)
                    program.command, start_new_session=True
                )
            ended = watch(running, address, told_to_stop, ready=lambda: say(f"Portal is at {url}"))
        finally:
            stop(running.values())
    if ended is None:
        say("Portal has stopped.")
        return 0
    say(f"The {ended} ended by itself (status {running[ended].returncode}); stopped the rest.")
    return 1


def watch(
    running: dict[str, subprocess.Popen[bytes]],
    address: Address,
    told_to_stop: threading.Event,
    *,
    ready: Callable[[], None],
) -> str | None:
    """The name of the program that ended by itself, or None when told to stop."""
    is_ready = False
    while not told_to_stop.wait(LOOK_EVERY):
        for name, process in running.items():
            if process.poll() is not None:
                return name
        if not is_ready and answers(address):
            is_ready = True
            ready()
    return None


def stop(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """Asks all to finish, waits, and ends by force what has not finished in time."""
    left = [process for process in processes if process.poll() is None]
    for process in left:
        process.terminate()
    for process in left:
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def signals_setting(event: threading.Event) -> Iterator[None]:
    """Ctrl-C, a stop from the system and a closed terminal set the event; none raises."""

    def note(number: int, frame: FrameType | None) -> None:
        event.set()

    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, note) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def refuse_if_taken(address: Address) -> None:
    """Raises CannotServe unless the address can be bound now."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            raise CannotServe(reason(address, error)) from None


def reason(address: Address, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Another program serves {address} already. Stop it, or take another port: "
                f"PORTAL_BIND={Address(address.host, address.port + 1)}"
            )
        case errno.EACCES:
            return f"This account may not serve port {address.port}; use a port from 1024."
        case _:
            return f"This machine cannot serve {address}: {error.strerror}."


def answers(address: Address) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104
    try:
        socket.create_connection((host, address.port), timeout=1).close()
    except OSError:
        return False
    return True
