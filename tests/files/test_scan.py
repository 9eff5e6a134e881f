"""Malware: the test signature is always found; with clamd, only its word lets a file out of
quarantine.
"""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from contextlib import contextmanager

import pytest

from portal.files import intake
from portal.files.scan import EICAR, Finding, State, scan


class Clamd(socketserver.BaseRequestHandler):
    """Speaks INSTREAM as clamd does; finds the word WORM, refuses more than 1 MB."""

    def handle(self):
        assert self.take(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">L", self.take(4))[0]:
            content += self.take(size)
        if len(content) > 1_000_000:
            self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        elif b"WORM" in content:
            self.request.sendall(b"stream: Test.Worm FOUND\0")
        else:
            self.request.sendall(b"stream: OK\0")

    def take(self, size):
        content = b""
        while len(content) < size:
            part = self.request.recv(size - len(content))
            assert part
            content += part
        return content


@contextmanager
def served(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(params=["tcp", "unix"])
def clamd(request, tmp_path):
    if request.param == "tcp":
        server = socketserver.TCPServer(("127.0.0.1", 0), Clamd)
        address = f"127.0.0.1:{server.server_address[1]}"
    else:
        address = str(tmp_path / "clamd.sock")
        server = socketserver.UnixStreamServer(address, Clamd)
    with served(server):
        yield address


def written(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    return path


def test_a_clean_file_is_clean(clamd, tmp_path):
    assert scan(written(tmp_path, b"fine" * 100_000), clamd) == Finding(State.CLEAN)


def test_what_clamd_finds_is_named(clamd, tmp_path):
    finding = scan(written(tmp_path, b"x" * 700_000 + b"WORM"), clamd)

    assert finding == Finding(State.INFECTED, "Test.Worm")


def test_a_file_that_clamd_could_not_read_stays_unknown(clamd, tmp_path):
    finding = scan(written(tmp_path, b"x" * 1_200_000), clamd)

    assert finding.state is State.UNKNOWN


def test_without_clamd_the_own_signature_is_found(tmp_path):
    assert scan(written(tmp_path, b"-" * 50 + EICAR)).state is State.INFECTED
    assert scan(written(tmp_path, b"")).state is State.CLEAN


def test_with_clamd_down_a_file_stays_in_quarantine(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    path = written(tmp_path, b"fine")

    assert scan(path, address).state is State.UNKNOWN
    assert scan(path, str(tmp_path / "none.sock")).state is State.UNKNOWN
    assert intake.is_held_back(path, address)
    assert not intake.is_held_back(path, "")
