"""File names from outside are labels: cleaned for showing, encoded for headers, never used as a
path.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

MOST_BYTES = 255

_PATH_PARTS = re.compile(r"[\\/]")
_UNSAFE = re.compile(r'[<>:"|?*]')
_BLANKS = re.compile(r"\s+")
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)
# Joiners that words of some scripts need; every other format character can disguise a name.
_JOINERS = "\u200c\u200d"


def clean_name(name: str, fallback: str = "file") -> str:
    """A name to show: the last part of a path, without controls, direction marks or signs that
    systems refuse.

    At most 255 bytes of UTF-8, the extension kept; a name that a system reserves gets an underscore
    in front.
    """
    label = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    label = _PATH_PARTS.split(label)[-1]
    label = "".join(
        " " if char in "\t\r\n" else char
        for char in label
        if char in "\t\r\n" or char in _JOINERS or unicodedata.category(char)[0] != "C"
    )
    label = _BLANKS.sub(" ", _UNSAFE.sub("_", label)).strip(" .")
    if not label:
        return fallback
    stem, dot, extension = label.rpartition(".")
    if not stem:
        stem, dot, extension = label, "", ""
    if stem.split(".")[0].lower() in _DEVICES:
        stem = f"_{stem}"
    room = MOST_BYTES - len((dot + extension).encode())
    if room < 1:
        stem, dot, extension, room = label, "", "", MOST_BYTES
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + dot + extension


def extension_of(name: str) -> str:
    """In lower case without the dot, of the cleaned name; empty when there is none."""
    _, dot, extension = clean_name(name, "").rpartition(".")
    return extension.lower() if dot else ""


def content_disposition(name: str, *, inline: bool = False) -> str:
    """The header of RFC 6266: an ASCII form for old readers and the UTF-8 form of RFC 8187 when
    they differ.
    """
    label = clean_name(name)
    way = "inline" if inline else "attachment"
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    plain = plain.replace("%", "_").replace("'", "_").strip(" .")
    if not plain or plain == extension_of(label):
        plain = f"file.{extension_of(label)}" if extension_of(label).isascii() else "file"
    header = f'{way}; filename="{plain}"'
    if plain != label:
        header += f"; filename*=UTF-8''{quote(label, safe='!#$&+^`|~')}"
    return header
