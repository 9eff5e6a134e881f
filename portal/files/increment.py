"""Adding to a PDF without touching it: an incremental update (ISO 32000-1 §7.5.6) behind its bytes.

Only what changes is read and written, so a large file costs no more than a small one.
"""

from __future__ import annotations

import io
import re
from itertools import groupby
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject, IndirectObject, NumberObject, PdfObject

# What a trailer says of the document; its other keys describe one cross-reference section.
_LASTING = ("/Root", "/Info", "/ID")
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
_SECTION = re.compile(rb"\s*(xref|\d+\s+\d+\s+obj)\b")


def directory_of(source: bytes) -> tuple[int, bool] | None:
    """Where the newest cross-reference section lies and whether it is a table; None when it does
    not lie there.
    """
    found = _START.findall(source[-2048:])
    section = _SECTION.match(source, int(found[-1])) if found else None
    return (int(found[-1]), section[1] == b"xref") if section else None


class Increment:
    """The objects that one update adds or replaces."""

    def __init__(self, reader: PdfReader) -> None:
        self._reader = reader
        used = [number for numbers in reader.xref.values() for number in numbers]
        # /Size is the next free number when it is right; a wrong one must not hide an object.
        size = int(cast("NumberObject", reader.trailer["/Size"]))
        self._next = max(size, *(number + 1 for number in (*used, *reader.xref_objStm)))
        self._objects: dict[tuple[int, int], PdfObject] = {}
        self._adopted: dict[int, IndirectObject] = {}

    def add(self, item: PdfObject) -> IndirectObject:
        from pypdf.generic import IndirectObject  # noqa: PLC0415  heavy

        reference = IndirectObject(self._next, 0, self._reader)
        self._next += 1
        self.replace(reference, item)
        return reference

    def replace(self, reference: IndirectObject, item: PdfObject) -> None:
        self._objects[reference.idnum, reference.generation] = item

    def adopt(self, item: PdfObject) -> PdfObject:
        """`item` of one other document with all that it refers to, renumbered in place for this
        one.
        """
        from pypdf.generic import (  # noqa: PLC0415  heavy
            ArrayObject,
            DictionaryObject,
            IndirectObject,
            NameObject,
        )

        if isinstance(item, IndirectObject):
            return item if item.pdf is self._reader else self._adopt_reference(item)
        if isinstance(item, DictionaryObject):
            for key in list(item):
                item[NameObject(key)] = self.adopt(item.raw_get(key))
        elif isinstance(item, ArrayObject):
            item[:] = [self.adopt(part) for part in item]
        return item

    def _adopt_reference(self, reference: IndirectObject) -> IndirectObject:
        if reference.idnum not in self._adopted:
            held = reference.get_object()
            assert held is not None, "what typst wrote refers to what it wrote"
            self._adopted[reference.idnum] = self.add(held)
            self.adopt(held)
        return self._adopted[reference.idnum]

    def behind(self, source: bytes, previous: int, *, is_table: bool) -> bytes:
        """The file with the update.  Its section has the form of the one before, at `previous`."""
        made = io.BytesIO()
        made.write(source if source.endswith(b"\n") else source + b"\n")
        places = {}
        for (number, generation), item in sorted(self._objects.items()):
            places[number] = (made.tell(), generation)
            made.write(b"%d %d obj\n" % (number, generation))
            item.write_to_stream(made)
            made.write(b"\nendobj\n")
        start = made.tell()
        if is_table:
            self._write_table(made, places, self._trailer(previous))
        else:
            self._write_stream(made, places, self._trailer(previous))
        made.write(b"\nstartxref\n%d\n%%%%EOF\n" % start)
        return made.getvalue()

    def _trailer(self, previous: int) -> DictionaryObject:
        from pypdf.generic import DictionaryObject, NameObject, NumberObject  # noqa: PLC0415  heavy

        old = self._reader.trailer
        trailer = DictionaryObject(
            {NameObject(key): old.raw_get(key) for key in _LASTING if key in old}
        )
        trailer[NameObject("/Prev")] = NumberObject(previous)
        trailer[NameObject("/Size")] = NumberObject(self._next)
        return trailer

    def _write_table(
        self, made: io.BytesIO, places: dict[int, tuple[int, int]], trailer: DictionaryObject
    ) -> None:
        made.write(b"xref\n")
        for run in _runs(places):
            made.write(b"%d %d\n" % (run[0], len(run)))
            made.writelines(b"%010d %05d n \n" % places[number] for number in run)
        made.write(b"trailer\n")
        trailer.write_to_stream(made)

    def _write_stream(
        self, made: io.BytesIO, places: dict[int, tuple[int, int]], trailer: DictionaryObject
    ) -> None:
        """A cross-reference stream is an object itself and lists itself."""
        from pypdf.generic import (  # noqa: PLC0415  heavy
            ArrayObject,
            DecodedStreamObject,
            NameObject,
            NumberObject,
        )

        own = self._next
        places = places | {own: (made.tell(), 0)}
        stream = DecodedStreamObject()
        stream.update(trailer)
        stream[NameObject("/Type")] = NameObject("/XRef")
        stream[NameObject("/Size")] = NumberObject(own + 1)
        stream[NameObject("/W")] = ArrayObject(map(NumberObject, (1, 8, 2)))
        runs = [part for run in _runs(places) for part in (run[0], len(run))]
        stream[NameObject("/Index")] = ArrayObject(map(NumberObject, runs))
        stream.set_data(
            b"".join(
                b"\1" + offset.to_bytes(8, "big") + generation.to_bytes(2, "big")
                for _, (offset, generation) in sorted(places.items())
            )
        )
        made.write(b"%d 0 obj\n" % own)
        stream.write_to_stream(made)
        made.write(b"\nendobj")


def _runs(numbers: dict[int, tuple[int, int]]) -> list[list[int]]:
    """The numbers in ascending runs without gaps."""
    counted = enumerate(sorted(numbers))
    return [[n for _, n in run] for _, run in groupby(counted, lambda pair: pair[1] - pair[0])]
