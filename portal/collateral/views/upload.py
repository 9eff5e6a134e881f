"""Taking uploads in: a glance at each file, then into the store before any row names it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from werkzeug.datastructures import FileStorage

from portal.files.judge import glance
from portal.files.kinds import FORMS, Kind, Purpose
from portal.files.names import clean_name
from portal.kernel.errors import Refused
from portal.web.area import Visit

CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file in the store that no row names yet."""

    name: str
    kind: Kind
    key: str
    size: int
    sha256: str


@contextmanager
def on_disk(upload: FileStorage) -> Iterator[Path]:
    """The upload as a file for as long as it is looked at; it is copied in pieces."""
    with TemporaryDirectory(prefix="portal-upload-") as folder:
        path = Path(folder) / "upload"
        upload.save(path, buffer_size=CHUNK)
        yield path


def stored(visit: Visit, upload: FileStorage) -> Arrived:
    """Put a file into the store.  Raises Refused when its name or first bytes are not taken."""
    name = clean_name(upload.filename or "")
    with on_disk(upload) as path:
        seen = glance(path, name, Purpose.COLLATERAL)
        if not seen.is_accepted or seen.kind is None:
            raise Refused(seen.message, code=seen.code, field="files")
        key = visit.services.new_key()
        with path.open("rb") as stream:
            chunks = iter(lambda: stream.read(CHUNK), b"")
            media_type = FORMS[seen.kind].media_type
            kept = visit.services.files.put(key, chunks, name=name, media_type=media_type)
    return Arrived(name, seen.kind, key, kept.size, kept.sha256)
