"""What a sandboxed child may be asked to do, by name.

Each takes the file, a folder to write to, and arguments; each returns what goes back as JSON.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portal.files import zones
from portal.files.kinds import Kind, Purpose

MADE = "made"
FILLED = frozenset({Kind.PPTX, Kind.DOCX})
TEXTS = "texts.json"

Arguments = Mapping[str, Any]
Task = Callable[[Path, Path, Arguments], dict[str, Any]]


def judge(source: Path, out: Path, said: Arguments) -> dict[str, Any]:
    from portal.files.judge import judge as judged  # noqa: PLC0415  heavy

    return asdict(judged(source, said["name"], Purpose(said["purpose"])))


def preview(source: Path, out: Path, said: Arguments) -> dict[str, Any]:
    """First, because a person waits for it: the facts, the picture of the first page, and the
    placeholders that co-branding fills.
    """
    from portal.files import extract, placeholders, preview  # noqa: PLC0415  heavy

    kind = Kind(said["kind"])
    found = extract.facts(source, kind)
    names = preview.preview(source, kind, out, title=said.get("title", ""))
    fields = placeholders.placeholders_of(source.read_bytes(), kind) if kind in FILLED else ()
    return {"facts": asdict(found), "pictures": names, "placeholders": sorted(fields)}


def read(source: Path, out: Path, said: Arguments) -> dict[str, Any]:
    """Then the text of each page into texts.json, and a thumbnail of each page."""
    from portal.files import extract, preview  # noqa: PLC0415  heavy

    kind = Kind(said["kind"])
    found = extract.texts(source, kind)
    (out / TEXTS).write_text(json.dumps(found), encoding="utf-8")
    return {"texts": len(found), "pictures": preview.page_thumbnails(source, kind, out)}


def strip_image(source: Path, out: Path, said: Arguments) -> dict[str, Any]:
    from portal.files import images  # noqa: PLC0415  heavy

    (out / MADE).write_bytes(images.strip_image(source.read_bytes(), Kind(said["kind"])))
    return {"made": MADE}


def logo(source: Path, out: Path, said: Arguments) -> dict[str, Any]:
    from portal.files import images  # noqa: PLC0415  heavy

    (out / MADE).write_bytes(images.as_logo(source.read_bytes(), Kind(said["kind"])))
    return {"made": MADE}


def brand(source: Path, out: Path, said: Arguments) -> dict[str, Any]:
    from portal.files import brand  # noqa: PLC0415  heavy

    blocks = [zones.from_json(block) for block in said["blocks"]]
    setter = brand.set_into_pdf if Kind(said["kind"]) is Kind.PDF else brand.set_into_image
    typefaces = Path(said["typefaces"]) if said.get("typefaces") else None
    (out / MADE).write_bytes(setter(source.read_bytes(), blocks, typefaces))
    return {"made": MADE}


def proof(source: Path, out: Path, said: Arguments) -> dict[str, Any]:
    """One branded page as a picture, for the page on which zones are marked."""
    from portal.files import preview  # noqa: PLC0415  heavy

    brand(source, out, said)
    kind = Kind(said["kind"])
    return {"pictures": preview.page_preview(out / MADE, kind, out, page=said["page"])}


def fill(source: Path, out: Path, said: Arguments) -> dict[str, Any]:
    """Placeholders of a PPTX or DOCX; the logo, if any, is a PNG in base64."""
    from portal.files.placeholders import fill_office  # noqa: PLC0415  heavy

    logo = b64decode(said["logo"]) if said.get("logo") else None
    made = fill_office(source.read_bytes(), Kind(said["kind"]), said["values"], logo)
    (out / MADE).write_bytes(made)
    return {"made": MADE}


def typeset(source: Path, out: Path, said: Arguments) -> dict[str, Any]:
    """A typst template with its job, as PDF; text reaches it as JSON values, never as markup."""
    import typst  # noqa: PLC0415  heavy

    from portal.files.fonts import FONTS, loaded  # noqa: PLC0415  heavy

    job = {**said["job"], "fonts": list(FONTS)}
    compiler = typst.Compiler(
        source.read_bytes(),
        root=str(out),
        font_paths=loaded(None),
        sys_inputs={"job": json.dumps(job)},
    )
    made = compiler.compile(format="pdf", timestamp=0)
    (out / MADE).write_bytes(made if isinstance(made, bytes) else b"")
    return {"made": MADE}


TASKS: Mapping[str, Task] = {
    task.__name__: task
    for task in (judge, preview, read, strip_image, logo, brand, proof, fill, typeset)
}
