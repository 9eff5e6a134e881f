"""One suite for the local folder, a real S3 server and memory."""

from __future__ import annotations

import hashlib
import itertools
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import boto3
import pytest
from moto.server import ThreadedMotoServer

from portal.files.store import Damaged, FileStore, S3Settings
from portal.kernel.errors import NotFound

NUMBERS = itertools.count(1)
FAR = datetime(2100, 1, 1, tzinfo=UTC)
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="session")
def s3_endpoint():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["local", "s3", "memory"])
def store(request, tmp_path):
    if request.param == "local":
        return FileStore.local(tmp_path / "files")
    if request.param == "memory":
        return FileStore.memory()
    return _bucket(request.getfixturevalue("s3_endpoint"))


def _bucket(endpoint):
    name = f"files-{next(NUMBERS)}"
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys).create_bucket(
        Bucket=name
    )
    return FileStore.s3(S3Settings(name, "key", "secret", endpoint=endpoint))


def fresh():
    return hashlib.sha256(str(next(NUMBERS)).encode()).hexdigest()


def test_what_was_put_is_read_with_its_size_and_checksum(store):
    key, chunks = fresh(), [b"a" * 300_000, b"", b"b" * 300_000]

    stored = store.put(key, iter(chunks), name="ä.pdf", media_type="application/pdf")

    assert stored.size == store.size(key) == 600_000
    assert stored.sha256 == store.checksum(key) == hashlib.sha256(b"".join(chunks)).hexdigest()
    assert b"".join(store.read(key)) == b"".join(chunks)


def test_a_large_file_goes_through_in_pieces(store):
    key, chunk = fresh(), os.urandom(MEGABYTE)

    stored = store.put(key, itertools.repeat(chunk, 12))

    assert stored.size == 12 * MEGABYTE
    assert max(len(part) for part in store.read(key)) <= 256 * 1024
    assert store.checksum(key) == stored.sha256


def test_an_empty_file_is_kept(store):
    key = fresh()
    store.put(key, [])

    assert store.size(key) == 0
    assert list(store.read(key)) == []


def test_a_part_is_read(store):
    key = fresh()
    store.put(key, [bytes(range(100))])

    assert b"".join(store.read(key, 10, 5)) == bytes(range(10, 15))
    assert b"".join(store.read(key, 95, 50)) == bytes(range(95, 100))
    assert b"".join(store.read(key, 100)) == b""


def test_a_copy_on_this_machine_is_made(store, tmp_path):
    key = fresh()
    store.put(key, [b"content"])

    store.fetch(key, tmp_path / "copy")

    assert (tmp_path / "copy").read_bytes() == b"content"


def test_what_differs_from_its_checksum_is_not_kept(store):
    key = fresh()

    with pytest.raises(Damaged):
        store.put(key, [b"changed on the way"], sha256="0" * 64)

    with pytest.raises(NotFound):
        store.size(key)


def test_an_upload_that_breaks_off_leaves_nothing(store):
    key = fresh()

    def breaking():
        yield b"x" * (6 * MEGABYTE)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.put(key, breaking())

    with pytest.raises(NotFound):
        store.read(key)
    assert list(store.list_older(FAR)) == []


def test_deleting_twice_is_no_error(store):
    key = fresh()
    store.put(key, [b"x"])

    store.delete(key)
    store.delete(key)

    with pytest.raises(NotFound):
        store.size(key)


@pytest.mark.parametrize(
    "key", ["", "../secret", "a" * 63, "A" * 64, "a" * 64 + "\n", "/" + "a" * 64]
)
def test_only_keys_of_our_own_making_reach_the_store(store, key):
    for act in (store.size, store.read, store.delete, store.local_path, store.link):
        if act == store.local_path and store.local_path("a" * 64) is None:
            continue
        if act == store.link and store.link("a" * 64) is None:
            continue
        with pytest.raises(NotFound):
            act(key)


def test_files_are_listed_by_age_for_the_sweep(store):
    keys = {fresh(), fresh(), fresh()}
    for key in keys:
        store.put(key, [b"x"])

    assert set(store.list_older(FAR)) == keys
    assert list(store.list_older(datetime(2020, 1, 1, tzinfo=UTC))) == []


def test_a_killed_upload_leaves_no_file_and_its_remains_are_swept(tmp_path):
    store, key = FileStore.local(tmp_path), fresh()
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom portal.files.store import FileStore\n"
        "def endless():\n"
        "    while True:\n        yield bytes(6_000_000)\n        print('more', "
        "flush=True)\n        time.sleep(0.02)\n"
        f"FileStore.local(Path({str(tmp_path)!r})).put({key!r}, endless())\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as child:
        for _ in range(4):
            child.stdout.readline()
        child.kill()

    left = [path.name for path in tmp_path.glob("*/*")]
    assert left == [f"{key}#1"]
    assert list(store.list_older(FAR)) == []
    with pytest.raises(NotFound):
        store.size(key)
    assert store.sweep_unfinished(datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert store.sweep_unfinished(FAR) == 1
    assert list(tmp_path.glob("*/*")) == []


def test_a_local_file_can_be_handed_to_the_front_server(tmp_path):
    store, key = FileStore.local(tmp_path), fresh()
    store.put(key, [b"x"])

    assert store.local_path(key).read_bytes() == b"x"
    assert FileStore.memory().local_path(key) is None


def test_a_link_opens_the_file_for_a_minute_with_safe_headers(s3_endpoint):
    store, key = _bucket(s3_endpoint), fresh()
    store.put(key, [b"content"], name="Größe.pdf", media_type="application/pdf")

    address = store.link(key, timedelta(hours=5))

    assert parse_qs(urlsplit(address).query)["X-Amz-Expires"] == ["60"]
    with urlopen(address) as answer:
        assert answer.read() == b"content"
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
    with pytest.raises(HTTPError), urlopen(address.replace(key, fresh())):
        pass


def test_there_are_no_links_into_a_folder_or_memory(tmp_path):
    assert FileStore.local(tmp_path).link("a" * 64) is None
    assert FileStore.memory().link("a" * 64) is None


def test_a_file_of_200_megabytes_takes_no_memory(tmp_path):
    store, key = FileStore.local(tmp_path), fresh()
    store.put(key, itertools.repeat(bytes(MEGABYTE), 8))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    store.put(fresh(), itertools.repeat(bytes(MEGABYTE), 200))
    for _ in store.read(key):
        pass

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024
