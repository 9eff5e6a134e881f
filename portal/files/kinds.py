"""Which kinds of file the portal takes, for which purpose, up to which size.  This table is the
documentation of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

MEGABYTE = 1024 * 1024

# Archives, Office files included: how many entries, how much unpacked, and from where on which
# ratio is a bomb.
MOST_ENTRIES = 1_000
MOST_UNPACKED = 200 * MEGABYTE
BOMB_FROM = 64 * MEGABYTE
BOMB_RATIO = 50

MOST_PIXELS = 40_000_000


class Kind(StrEnum):
    PDF = "pdf"
    PPTX = "pptx"
    DOCX = "docx"
    XLSX = "xlsx"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    MP4 = "mp4"
    ZIP = "zip"
    CSV = "csv"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind shows itself.  The first extension is the one that names given by the portal
    get.
    """

    media_type: str
    extensions: tuple[str, ...]
    label: str


_OPEN_XML = "application/vnd.openxmlformats-officedocument."

FORMS: Mapping[Kind, Form] = MappingProxyType(
    {
        Kind.PDF: Form("application/pdf", ("pdf",), "PDF"),
        Kind.PPTX: Form(_OPEN_XML + "presentationml.presentation", ("pptx",), "PowerPoint (.pptx)"),
        Kind.DOCX: Form(_OPEN_XML + "wordprocessingml.document", ("docx",), "Word (.docx)"),
        Kind.XLSX: Form(_OPEN_XML + "spreadsheetml.sheet", ("xlsx",), "Excel (.xlsx)"),
        Kind.PNG: Form("image/png", ("png",), "PNG"),
        Kind.JPEG: Form("image/jpeg", ("jpg", "jpeg"), "JPEG"),
        Kind.WEBP: Form("image/webp", ("webp",), "WebP"),
        Kind.MP4: Form("video/mp4", ("mp4",), "MP4"),
        Kind.ZIP: Form("application/zip", ("zip",), "ZIP"),
        Kind.CSV: Form("text/csv", ("csv",), "CSV"),
        Kind.TEXT: Form("text/plain", ("txt",), "plain text"),
    }
)

OFFICE = frozenset({Kind.PPTX, Kind.DOCX, Kind.XLSX})
IMAGES = frozenset({Kind.PNG, Kind.JPEG, Kind.WEBP})


class Purpose(StrEnum):
    """Why a file is uploaded; each upload form names one."""

    COLLATERAL = "collateral"
    LOGO = "logo"
    EVIDENCE = "evidence"
    CERTIFICATE = "certificate"
    IMPORT = "import"


LIMITS: Mapping[Purpose, Mapping[Kind, int]] = MappingProxyType(
    {
        Purpose.COLLATERAL: MappingProxyType(
            {
                Kind.PDF: 200 * MEGABYTE,
                Kind.PPTX: 200 * MEGABYTE,
                Kind.DOCX: 100 * MEGABYTE,
                Kind.XLSX: 50 * MEGABYTE,
                Kind.PNG: 25 * MEGABYTE,
                Kind.JPEG: 25 * MEGABYTE,
                Kind.WEBP: 25 * MEGABYTE,
                Kind.MP4: 500 * MEGABYTE,
                Kind.ZIP: 200 * MEGABYTE,
                Kind.CSV: 20 * MEGABYTE,
                Kind.TEXT: 1 * MEGABYTE,
            }
        ),
        Purpose.LOGO: MappingProxyType(
            dict.fromkeys((Kind.PNG, Kind.JPEG, Kind.WEBP), 5 * MEGABYTE)
        ),
        Purpose.EVIDENCE: MappingProxyType(
            dict.fromkeys(
                (Kind.PDF, Kind.DOCX, Kind.XLSX, Kind.PNG, Kind.JPEG, Kind.WEBP, Kind.TEXT),
                20 * MEGABYTE,
            )
        ),
        Purpose.CERTIFICATE: MappingProxyType(
            dict.fromkeys((Kind.PDF, Kind.PNG, Kind.JPEG), 10 * MEGABYTE)
        ),
        Purpose.IMPORT: MappingProxyType(dict.fromkeys((Kind.CSV, Kind.XLSX), 10 * MEGABYTE)),
    }
)


def kind_of_extension(extension: str) -> Kind | None:
    return next((kind for kind, form in FORMS.items() if extension in form.extensions), None)


def accepted_extensions(purpose: Purpose) -> tuple[str, ...]:
    """With the dot, as the `accept` attribute of an upload field wants them."""
    return tuple(
        f".{extension}" for kind in LIMITS[purpose] for extension in FORMS[kind].extensions
    )


def accepted_labels(purpose: Purpose) -> str:
    """For a sentence: PDF, PowerPoint (.pptx) or PNG."""
    *most, last = (FORMS[kind].label for kind in LIMITS[purpose])
    return f"{', '.join(most)} or {last}"
