"""Answering for a stored file: ranges, conditions and headers, worked out from text alone.

The doors turn an Answer into a response; nothing here knows the web framework.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from portal.files.names import content_disposition

_RANGE = re.compile(r"\s*bytes\s*=\s*([0-9]*)\s*-\s*([0-9]*)\s*", re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?("[^"]*")')
# Longer numbers than any size: a range that only wastes time on conversion.
_MOST_DIGITS = 18


class Readable(Protocol):
    """A store, as far as answers need one."""

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """What is served: `tag` changes whenever the bytes do (the key of a version does)."""

    name: str
    media_type: str
    size: int
    tag: str
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`length` bytes from `start` belong in the body, none for 304 and 416 and for HEAD."""

    status: int
    headers: Mapping[str, str]
    start: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """The request headers that matter, empty when absent."""

    if_none_match: str = ""
    if_range: str = ""
    range: str = ""
    is_head: bool = False


def answer(shown: Shown, asked: Asked) -> Answer:
    """200, 206, 304 or 416, as RFC 9110 §13 and §14 order the conditions."""
    headers = _headers(shown)
    if asked.if_none_match and _matches(asked.if_none_match, headers["ETag"]):
        return Answer(304, {name: headers[name] for name in ("ETag", "Cache-Control", "Vary")})
    wanted = asked.range if _range_holds(asked.if_range, headers["ETag"]) else ""
    span = parse_range(wanted, shown.size)
    if span is None:
        short = {"Content-Range": f"bytes */{shown.size}", "Content-Length": "0"}
        return Answer(416, headers | short)
    start, length = span
    headers["Content-Length"] = str(length)
    status = 200
    if wanted and span != (0, shown.size):
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{shown.size}"
        status = 206
    return Answer(status, headers, start, 0 if asked.is_head else length)


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """Start and length of the one range asked for; None when it cannot be met.

    No range, several, or one that is not understood is the whole file, as RFC 9110 allows.
    """
    found = _RANGE.fullmatch(header)
    if not found or found.group(1, 2) == ("", ""):
        return 0, size
    first, last = found.group(1, 2)
    if max(len(first), len(last)) > _MOST_DIGITS:
        return None
    if not first:
        length = min(int(last), size)
        return (size - length, length) if length else None
    start = int(first)
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return 0, size
    return (start, end - start) if start < size else None


def body(store: Readable, key: str, given: Answer) -> Iterator[bytes]:
    """The bytes of the answer in chunks, so that memory does not grow with the file."""
    return store.read(key, given.start, given.length) if given.length else iter(())


def _headers(shown: Shown) -> dict[str, str]:
    """A file from outside never runs in the portal's name: sandboxed, typed, saved unless shown
    on purpose.
    """
    return {
        "ETag": f'"{shown.tag}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie",
        "Accept-Ranges": "bytes",
        "Content-Type": shown.media_type,
        "Content-Disposition": content_disposition(shown.name, inline=shown.is_inline),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _matches(header: str, tag: str) -> bool:
    return header.strip() == "*" or tag in _TAG.findall(header)


def _range_holds(if_range: str, tag: str) -> bool:
    """A weak tag or a date does not prove that the bytes are the same."""
    return not if_range or if_range.strip() == tag
