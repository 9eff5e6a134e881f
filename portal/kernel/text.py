"""All Unicode work of the product: cleaning what people type, folding names, reading web domains.

Nothing else in the product normalises, transliterates or looks at scripts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache

import idna
from anyascii import anyascii
from publicsuffixlist import PublicSuffixList

from portal.kernel.errors import Refused
from portal.kernel.web_domains import (
    FREE_MAIL,
    GENERIC_COUNTRY_CODES,
    IDN_COUNTRY_CODES,
    SHARED_HOSTS,
)

MOST_MARKS = 4

_APOSTROPHES = re.compile(r"['`´]")
_DOTTED_LETTERS = re.compile(r"(?<![a-z0-9])(?:[a-z][./])+[a-z](?![a-z0-9])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SCRIPT_EDGE = re.compile(
    r"(?<=[\u3040-\u30ff])(?=[^\u3040-\u30ff\s])|(?<=[^\u3040-\u30ff\s])(?=[\u3040-\u30ff])"
    r"|(?<=[\u4e00-\u9fff\uac00-\ud7a3])(?=[a-z0-9])|(?<=[a-z0-9])(?=[\u4e00-\u9fff\uac00-\ud7a3])"
)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)

# Two katakana that write one syllable, which letter by letter would come out as two.
_SOUNDS = ("sh", "j", "ch", "ky", "gy", "ny", "hy", "by", "py", "my", "ry")
_KATAKANA_PAIRS = {
    first + small: latin + vowel
    for first, latin in zip("シジチキギニヒビピミリ", _SOUNDS, strict=True)
    for small, vowel in zip("ャュョ", "auo", strict=True)
} | {
    "ティ": "ti", "ディ": "di", "ファ": "fa", "フィ": "fi", "フェ": "fe", "フォ": "fo",
    "ウィ": "wi", "ウェ": "we", "ジェ": "je", "シェ": "she", "チェ": "che", "ッ": "",
}  # fmt: skip
_KATAKANA_PAIR = re.compile("|".join(_KATAKANA_PAIRS))

# The Latin capital that a Cyrillic or Greek capital is drawn like.
_DRAWN_LIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХԚԜҮАΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ",
    "ABESIJKMHOPCTYXQWYAABEZHIKMNOPTYXC",
)

_SCRIPTS = (
    (0x0041, 0x024F, "latin"),
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0530, 0x058F, "armenian"),
    (0x0590, 0x05FF, "hebrew"),
    (0x0600, 0x077F, "arabic"),
    (0x0900, 0x097F, "devanagari"),
    (0x0E00, 0x0E7F, "thai"),
    (0x10A0, 0x10FF, "georgian"),
    (0x1100, 0x11FF, "hangul"),
    (0x1E00, 0x1EFF, "latin"),
    (0x1F00, 0x1FFF, "greek"),
    (0x3040, 0x30FF, "kana"),
    (0x3400, 0x9FFF, "han"),
    (0xAC00, 0xD7A3, "hangul"),
)


def clean(text: str, *, lines: bool = False) -> str:
    """What may be stored of `text`: NFC, one space between words, nothing invisible.

    Zero-width and bidirectional controls go, and of more than four combining marks on one letter
    only the first four stay.  With `lines`, line breaks are kept.
    Raises Refused("unstorable_text") for NUL, lone surrogates and other control characters.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if not lines:
        unified = unified.replace("\n", " ")
    for char in unified:
        if unicodedata.category(char) in {"Cc", "Cs"} and char != "\n":
            raise Refused(
                "This text contains characters that cannot be stored. Type it again without them.",
                code="unstorable_text",
            )
    visible = "".join(char for char in unified if unicodedata.category(char) != "Cf")
    marked = _limit_marks(unicodedata.normalize("NFC", visible))
    rows = (" ".join(row.split()) for row in marked.split("\n"))
    return "\n".join(rows).strip()


def _limit_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def fold(name: str) -> str:
    """The words of `name` in a-z and 0-9, parted by single spaces; the same for every spelling.

    Letters of other scripts are transliterated, "&" becomes "and", dotted initials close up
    ("S.p.A." is "spa"), apostrophes vanish and all other punctuation parts words.  Folding what is
    folded changes nothing.  Takes any text and never raises.
    """
    text = name
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold()
        text = _SCRIPT_EDGE.sub(" ", text)
        text = anyascii(_KATAKANA_PAIR.sub(lambda pair: _KATAKANA_PAIRS[pair[0]], text))
    text = _APOSTROPHES.sub("", text.lower().replace("&", " and "))
    text = _DOTTED_LETTERS.sub(lambda run: run[0].replace(".", "").replace("/", ""), text)
    return _NOT_WORD.sub(" ", text).strip()


@lru_cache(maxsize=4096)
def _script_of_letter(char: str) -> str:
    if not char.isalpha():
        return ""
    code = ord(char)
    for first, last, script in _SCRIPTS:
        if first <= code <= last:
            return script
    return "other"


def script_of(text: str) -> str:
    """The script most letters of `text` belong to, such as "latin"; "" when it has no letter."""
    found = Counter(script for char in text if (script := _script_of_letter(char)))
    return min(found, key=lambda script: (-found[script], script)) if found else ""


def look_alike(text: str) -> str | None:
    """The folded Latin name that `text` is drawn like, or None when nothing in it imitates Latin.

    A word imitates when it mixes Latin with Cyrillic or Greek letters, or when every letter of it
    is one that looks Latin: Cyrillic "АСМЕ" reads "acme".  Ordinary words can do so by accident
    ("ТОМ"), so this is a hint for a person and never a verdict.
    """
    if text.isascii():
        return None
    words = unicodedata.normalize("NFKC", text).upper().split()
    imitated = [word.translate(_DRAWN_LIKE) if _imitates(word) else word for word in words]
    return fold(" ".join(imitated)) if imitated != words else None


def _imitates(word: str) -> bool:
    scripts = {script for char in word if (script := _script_of_letter(char))}
    if not scripts & {"cyrillic", "greek"}:
        return False
    return "latin" in scripts or {
        script for char in word.translate(_DRAWN_LIKE) if (script := _script_of_letter(char))
    } == {"latin"}


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def domain_of(text: str) -> str | None:
    """The registrable domain in an e-mail address, a web address or a bare domain; else None.

    Lower case, in punycode where it needs to be.  An IP address, a single label, a public suffix
    itself ("co.uk") and anything that is no domain at all give None.  Never raises.
    """
    host = _SCHEME.sub("", text.strip().strip("<>\"'").removeprefix("mailto:"))
    host = re.split(r"[/?#\\]", host, maxsplit=1)[0].rsplit("@", 1)[-1].rstrip(">;,\"' ")
    host = re.sub(r":\d*$", "", host).rstrip(".").lower()
    if not host or len(host) > 253:
        return None
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(map(_LABEL.fullmatch, labels)):
        return None
    registrable = _suffixes().privatesuffix(host)
    return str(registrable) if registrable else None


def is_free_mail(domain: str) -> bool:
    """Whether anyone may have an address or a page at `domain`, so that it names no company."""
    return domain in FREE_MAIL or domain in SHARED_HOSTS


def name_from_domain(domain: str) -> str:
    """A readable name from the domain's own label: "helvetia-logistics.example" gives
    "Helvetia Logistics", "ibm.com" gives "IBM".
    """
    label = label_of(domain)
    words = [word for word in label.split("-") if word]
    if len(words) == 1 and len(label) <= 3:
        return label.upper()
    return " ".join(word[:1].upper() + word[1:] for word in words)


def label_of(domain: str) -> str:
    """The part of a registrable domain in front of its public suffix, in its own letters."""
    label = domain.split(".", 1)[0]
    if label.startswith("xn--"):
        try:
            return idna.decode(label)
        except (idna.IDNAError, UnicodeError):
            return label
    return label


def country_of_domain(domain: str) -> str | None:
    """The ISO country of a country-code domain; None for generic ones and those used as such."""
    suffix = domain.rsplit(".", 1)[-1]
    if suffix in IDN_COUNTRY_CODES:
        return IDN_COUNTRY_CODES[suffix]
    if len(suffix) != 2 or suffix in GENERIC_COUNTRY_CODES:
        return None
    return "GB" if suffix == "uk" else suffix.upper()
