"""Where files lie: a local folder, an S3-compatible store, or memory for tests, behind one class.

Keys are random and given by the caller; the file is written before the row that names it, and what
no row names is found by `list_older` and swept.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.files.names import content_disposition
from portal.kernel.errors import NotFound

if TYPE_CHECKING:
    from obstore.store import LocalStore, MemoryStore, S3Store

CHUNK = 256 * 1024
_PIECE = 16 * CHUNK
LONGEST_LINK = timedelta(seconds=60)

# 64 hexadecimal digits: 256 random bits, spread over folders by the first two.
_KEY = re.compile(r"[0-9a-f]{64}")
# What the store leaves of a write that was killed; it is never listed as a file.
_UNFINISHED = re.compile(r"[0-9a-f]{64}#\d+")


class Damaged(Exception):
    """What was stored is not what was sent.  Nothing is kept under the key."""


@dataclass(frozen=True, slots=True)
class Stored:
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class S3Settings:
    """`endpoint` is empty for Amazon's own; plain http is taken only for a store on this machine
    or network.
    """

    bucket: str
    access_key: str
    secret_key: str
    region: str = "us-east-1"
    endpoint: str = ""


class FileStore:
    """Made by `local`, `s3` or `memory`."""

    def __init__(
        self, inner: LocalStore | S3Store | MemoryStore, folder: Path | None = None
    ) -> None:
        self._inner = inner
        self._folder = folder

    @classmethod
    def local(cls, folder: Path) -> FileStore:
        from obstore.store import LocalStore  # noqa: PLC0415  heavy

        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(LocalStore(folder), folder)

    @classmethod
    def s3(cls, settings: S3Settings) -> FileStore:
        from obstore.store import S3Store  # noqa: PLC0415  heavy

        more: dict[str, Any] = {}
        if settings.endpoint:
            more["endpoint"] = settings.endpoint
            more["virtual_hosted_style_request"] = False
            more["client_options"] = {"allow_http": settings.endpoint.startswith("http://")}
        return cls(
            S3Store(
                settings.bucket,
                access_key_id=settings.access_key,
                secret_access_key=settings.secret_key,
                region=settings.region,
                checksum_algorithm="sha256",
                **more,
            )
        )

    @classmethod
    def memory(cls) -> FileStore:
        from obstore.store import MemoryStore  # noqa: PLC0415  heavy

        return cls(MemoryStore())

    def put(
        self,
        key: str,
        content: Iterable[bytes],
        *,
        name: str = "",
        media_type: str = "",
        sha256: str = "",
    ) -> Stored:
        """Streams `content` in; durable when it returns, and all of it or nothing is there.

        `name` and `media_type` are what a link straight to the store answers with.  Raises
        Damaged when `sha256` is given and differs.
        """
        import obstore  # noqa: PLC0415  heavy

        counted = _Counted(content)
        obstore.put(
            self._inner,
            _path(key),
            counted,
            attributes=self._attributes(name, media_type),
            max_concurrency=2,
        )
        stored = Stored(counted.size, counted.digest.hexdigest())
        if sha256 and stored.sha256 != sha256:
            self.delete(key)
            raise Damaged(key)
        self._settle(key)
        return stored

    def size(self, key: str) -> int:
        """Raises NotFound."""
        import obstore  # noqa: PLC0415  heavy

        try:
            return int(obstore.head(self._inner, _path(key))["size"])
        except FileNotFoundError as error:
            raise NotFound from error

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The bytes from `start`, in chunks of at most 256 kB.  Raises NotFound before the
        first.
        """
        size = self.size(key)
        end = size if length is None else min(size, start + length)
        return self._chunks(key, start, end)

    def fetch(self, key: str, path: Path) -> None:
        """A copy on this machine, for work that needs a file.  Raises NotFound."""
        with path.open("wb") as target:
            for chunk in self.read(key):
                target.write(chunk)

    def checksum(self, key: str) -> str:
        """The SHA-256 of what lies there now.  Raises NotFound."""
        digest = hashlib.sha256()
        for chunk in self.read(key):
            digest.update(chunk)
        return digest.hexdigest()

    def delete(self, key: str) -> None:
        """Absent is fine: a sweep may come second."""
        import obstore  # noqa: PLC0415  heavy

        with suppress(FileNotFoundError):
            obstore.delete(self._inner, _path(key))

    def local_path(self, key: str) -> Path | None:
        """For sendfile and for a front server; None when the store is elsewhere."""
        return self._folder / _path(key) if self._folder else None

    def link(self, key: str, lasting: timedelta = LONGEST_LINK) -> str | None:
        """A signed address straight at the store, valid for a minute at most; None when there is
        none.

        Give it out only after the policy check: whoever holds it may read.
        """
        import obstore  # noqa: PLC0415  heavy
        from obstore.store import S3Store  # noqa: PLC0415  heavy

        if not isinstance(self._inner, S3Store):
            return None
        return obstore.sign(self._inner, "GET", _path(key), min(lasting, LONGEST_LINK))

    def list_older(self, than: datetime) -> Iterator[str]:
        """The keys last written before `than`."""
        import obstore  # noqa: PLC0415  heavy

        for batch in obstore.list(self._inner):
            for item in batch:
                key = item["path"].rpartition("/")[2]
                if _KEY.fullmatch(key) and item["last_modified"] < than:
                    yield key

    def sweep_unfinished(self, than: datetime) -> int:
        """Removes what killed writes left in a local folder before `than`; an S3 store has a
        rule for it.
        """
        if self._folder is None:
            return 0
        left = [
            path
            for path in self._folder.glob("*/*")
            if _UNFINISHED.fullmatch(path.name)
            and datetime.fromtimestamp(path.stat().st_mtime, UTC) < than
        ]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _chunks(self, key: str, start: int, end: int) -> Iterator[bytes]:
        import obstore  # noqa: PLC0415  heavy

        if self._folder:
            yield from _file_chunks(self._folder / _path(key), start, end)
            return
        # Piece by piece: a reader that is slow does not hold a connection to the store open.
        for at in range(start, end, _PIECE):
            piece = bytes(
                obstore.get_range(self._inner, _path(key), start=at, end=min(end, at + _PIECE))
            )
            yield from (piece[part : part + CHUNK] for part in range(0, len(piece), CHUNK))

    def _attributes(self, name: str, media_type: str) -> dict[str, str] | None:
        """Only S3 keeps them; the app sets its own headers for the others."""
        from obstore.store import S3Store  # noqa: PLC0415  heavy

        if not isinstance(self._inner, S3Store):
            return None
        return {
            "Content-Type": media_type or "application/octet-stream",
            "Content-Disposition": content_disposition(name),
        }

    def _settle(self, key: str) -> None:
        """A local file outlives a power cut only when it and its folder are flushed."""
        if self._folder is None or os.name == "nt":
            return
        path = self._folder / _path(key)
        for place in (path, path.parent, self._folder):
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


class _Counted:
    """Passes chunks on and remembers what went by."""

    def __init__(self, content: Iterable[bytes]) -> None:
        self._content = content
        self.size = 0
        self.digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._content:
            self.size += len(chunk)
            self.digest.update(chunk)
            yield chunk


def _path(key: str) -> str:
    """Only keys of our own making become paths."""
    if not _KEY.fullmatch(key):
        raise NotFound
    return f"{key[:2]}/{key}"


def _file_chunks(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(start)
        left = end - start
        while left > 0 and (chunk := stream.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
