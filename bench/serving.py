"""A server on one core and a client on the other; what counts is the server's processor time.

Processor time is read from schedstat of every thread of the server's processes, which a busy
neighbour changes far less than the clock.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVER_CORE, CLIENT_CORE = 0, max(os.sched_getaffinity(0))
READY = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    pid: int
    port: int

    def processor_us(self) -> float:
        """Microseconds that the server and its workers have computed since they began."""
        total = 0
        for process in (self.pid, *_children(self.pid)):
            for thread in Path(f"/proc/{process}/task").iterdir():
                total += int((thread / "schedstat").read_text().split()[0])
        return total / 1000


def _children(pid: int) -> Iterator[int]:
    for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield int(each)
        yield from _children(int(each))


@contextmanager
def serving(application: str, port: int, **settings: str) -> Iterator[Server]:
    """Gunicorn as in production, with one worker of four threads, on the server's core."""
    command = (
        *("taskset", "-c", str(SERVER_CORE), sys.executable, "-m", "gunicorn"),
        *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4"),
        *("--log-level", "warning", "--no-control-socket", application),
    )
    with subprocess.Popen(command, env={**os.environ, **settings}) as process:
        try:
            _wait(port)
            yield Server(process.pid, port)
        finally:
            process.terminate()


def _wait(port: int) -> None:
    ends = time.monotonic() + READY
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)
        else:
            return


@dataclass(frozen=True, slots=True)
class Load:
    """One round of the same request: processor time for each, and how long each took."""

    processor_us: float
    waits_ms: tuple[float, ...]

    def percentile(self, share: float) -> float:
        return sorted(self.waits_ms)[int(share * (len(self.waits_ms) - 1))]


def load(server: Server, path: str, headers: Mapping[str, str], *, count: int) -> Load:
    """`count` requests over one kept connection.  Raises on any answer but 200."""
    os.sched_setaffinity(0, {CLIENT_CORE})
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    waits = []
    before = server.processor_us()
    for _ in range(count):
        began = time.perf_counter()
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        answer.read()
        waits.append((time.perf_counter() - began) * 1000)
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path} answered {answer.status}")
    return Load((server.processor_us() - before) / count, tuple(waits))


def median_ratio(first: list[Load], second: list[Load]) -> float:
    """The median over rounds of first's processor time over second's."""
    pairs = zip(first, second, strict=True)
    return statistics.median(a.processor_us / b.processor_us for a, b in pairs)
