"""MP4 (ISO 14496-12): how long and how large, read from its boxes; the pictures are not decoded."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from portal.files.verdict import Unacceptable

_MOST_BOXES = 10_000
_CONTAINERS = frozenset({b"moov", b"trak"})


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """Seconds, and the pixels of the largest track."""

    seconds: float
    width: int
    height: int


def facts(path: Path) -> VideoFacts:
    """Raises Unacceptable("broken") when a box leaves the file, or the header or the media are
    missing.
    """
    seconds, width, height = -1.0, 0, 0
    seen = set()
    with path.open("rb") as stream:
        for name, start, size in _boxes(stream, 0, path.stat().st_size):
            seen.add(name)
            if name == b"mvhd":
                seconds = _duration(_read(stream, start, min(size, 32)))
            elif name == b"tkhd":
                across, down = struct.unpack(">LL", _read(stream, start + size - 8, 8))
                width, height = max(width, across >> 16), max(height, down >> 16)
    if seconds < 0 or not {b"ftyp", b"moov", b"mdat"} <= seen:
        raise Unacceptable("broken")
    return VideoFacts(seconds, width, height)


def _boxes(stream: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, start of content and size of content, containers before what they contain."""
    spans, count = [(start, end)], 0
    while spans:
        at, limit = spans.pop()
        while at < limit:
            count += 1
            size, name = struct.unpack(">L4s", _read(stream, at, 8))
            head = 8
            if size == 1:
                (size,) = struct.unpack(">Q", _read(stream, at + 8, 8))
                head = 16
            elif size == 0:
                size = limit - at
            if size < head or at + size > limit or count > _MOST_BOXES:
                raise Unacceptable("broken")
            yield name, at + head, size - head
            if name in _CONTAINERS:
                spans.append((at + head, at + size))
            at += size


def _read(stream: BinaryIO, at: int, size: int) -> bytes:
    if at < 0:
        raise Unacceptable("broken")
    stream.seek(at)
    content = stream.read(size)
    if len(content) < size:
        raise Unacceptable("broken")
    return content


def _duration(header: bytes) -> float:
    try:
        if header[0] == 1:
            scale, ticks = struct.unpack_from(">LQ", header, 20)
        else:
            scale, ticks = struct.unpack_from(">LL", header, 12)
    except (struct.error, IndexError) as error:
        raise Unacceptable("broken") from error
    return ticks / scale if scale else 0.0
