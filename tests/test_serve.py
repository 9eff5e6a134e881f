"""The web server and the job runner as real processes, started and ended together."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal import serve

RUNNER = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
time.sleep({life})
"""
APPLICATION = """
import os
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getppid()).encode()]
"""
PORTAL = """
import sys
from portal import serve
address = serve.Address.parse(sys.argv[1])
web = serve.web_server("tiny:app", address, workers=1, threads=2)
runner = serve.Program("job runner", (sys.executable, "-c", {runner!r}))
url = f"http://{{address}}"
sys.exit(serve.serve(web, runner, address=address, url=url, say=lambda t: print(t, flush=True)))
"""


@contextmanager
def portal(tmp_path: Path, *, runner_lives: float = 60) -> Iterator[tuple[subprocess.Popen, str]]:
    """A supervisor in a process of its own, with a tiny application and a runner."""
    (tmp_path / "tiny.py").write_text(APPLICATION)
    bind = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [sys.executable, "-c", PORTAL.format(runner=RUNNER.format(life=runner_lives)), bind],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(serve.__file__).parent.parent)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, bind
    finally:
        process.kill()
        process.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(process: subprocess.Popen, pattern: str) -> None:
    for line in process.stdout:
        if re.search(pattern, line):
            return
    raise AssertionError(f"the portal never said {pattern}")


def fetch(bind: str) -> str:
    with urllib.request.urlopen(f"http://{bind}/", timeout=10) as answer:
        return answer.read().decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_ends_the_web_server_and_the_job_runner(tmp_path: Path, number: int) -> None:
    with portal(tmp_path) as (process, bind):
        until(process, f"Portal is at http://{bind}")
        web = int(fetch(bind))
        process.send_signal(number)
        said, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        assert said.endswith("Portal has stopped.\n")
        assert not is_alive(web)


def test_the_portal_does_not_outlive_its_job_runner(tmp_path: Path) -> None:
    with portal(tmp_path, runner_lives=1.5) as (process, bind):
        until(process, "Portal is at")
        web = int(fetch(bind))
        said, _ = process.communicate(timeout=20)
        assert process.returncode == 1
        assert "The job runner ended by itself (status 0); stopped the rest." in said
        assert not is_alive(web)


def test_the_portal_does_not_outlive_its_web_server(tmp_path: Path) -> None:
    with portal(tmp_path) as (process, bind):
        until(process, "Portal is at")
        os.kill(int(fetch(bind)), signal.SIGKILL)
        said, _ = process.communicate(timeout=20)
        assert process.returncode == 1
        assert "The web server ended by itself" in said


def test_a_taken_port_is_named_before_anything_starts() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        address = serve.Address("127.0.0.1", holder.getsockname()[1])
        with pytest.raises(serve.CannotServe, match=f"serves {address} already.*PORTAL_BIND="):
            serve.refuse_if_taken(address)


@pytest.mark.parametrize(
    ("bind", "host", "port"),
    [("127.0.0.1:8000", "127.0.0.1", 8000), ("[::1]:80", "::1", 80), ("0.0.0.0:1", "0.0.0.0", 1)],
)
def test_an_address_reads_back_as_it_was_written(bind: str, host: str, port: int) -> None:
    address = serve.Address.parse(bind)
    assert (address.host, address.port, str(address)) == (host, port, bind)


@pytest.mark.parametrize("bind", ["", "8000", "localhost:", ":8000", "localhost:http"])
def test_an_address_without_host_and_port_is_refused(bind: str) -> None:
    with pytest.raises(serve.CannotServe, match="PORTAL_BIND"):
        serve.Address.parse(bind)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
