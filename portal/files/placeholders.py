"""Placeholders such as {{partner.company}} in PPTX, DOCX and e-mail texts, and a picture named
{{partner.logo}}.

The XML is edited where a placeholder stands and kept byte for byte everywhere else.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from itertools import pairwise
from xml.sax.saxutils import escape, unescape

from portal.files.kinds import Kind

LOGO = "partner.logo"

_PLACEHOLDER = re.compile(r"\{\{\s*([a-z]+\.[a-z_]+)\s*\}\}")
_PARTS = {
    Kind.PPTX: re.compile(r"ppt/(slides|slideLayouts|slideMasters|notesSlides)/[^/]+\.xml"),
    Kind.DOCX: re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml"),
}
_PARAGRAPH = {
    Kind.PPTX: re.compile(r"<a:p[ >].*?</a:p>", re.DOTALL),
    Kind.DOCX: re.compile(r"<w:p[ >].*?</w:p>", re.DOTALL),
}
_RUN_TEXT = re.compile(
    r"(?<=<[aw]:t>)[^<]*(?=</[aw]:t>)|(?<=<w:t xml:space=\"preserve\">)[^<]*(?=</w:t>)"
)
_PICTURE = re.compile(r"<p:pic>.*?</p:pic>", re.DOTALL)
_LOGO_NAME = re.compile(r'<p:cNvPr\b[^>]*\b(?:descr|name|title)="\{\{\s*partner\.logo\s*\}\}"')
_EMBED = re.compile(r'(<a:blip\b[^>]*\br:embed=")[^"]*(")')
_EXTENSIONS = re.compile(r"(<a:blip\b[^>]*>)<a:extLst>.*?</a:extLst>", re.DOTALL)
_CROP = re.compile(r"<a:srcRect\b[^>]*/>")
_PLACE = re.compile(
    r'<a:off x="(-?\d+)" y="(-?\d+)"\s*/>(\s*)<a:ext cx="(\d+)" cy="(\d+)"\s*/>', re.DOTALL
)
_LOGO_PART = "ppt/media/partner-logo.png"
_LOGO_LINK = "rIdPartnerLogo"
_PACKED = (".png", ".jpg", ".jpeg", ".gif", ".mp4", ".m4a", ".mp3", ".emz", ".wdp", ".xlsx")


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """Known placeholders replaced, once; the others stay, so that a person sees them."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def placeholders_in(text: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(text))


def placeholders_of(source: bytes, kind: Kind) -> frozenset[str]:
    """The names used in the file, a logo picture included."""
    found: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        for name in filter(_PARTS[kind].fullmatch, archive.namelist()):
            xml = archive.read(name).decode("utf-8")
            for paragraph in _PARAGRAPH[kind].findall(xml):
                found |= placeholders_in("".join(_RUN_TEXT.findall(paragraph)))
            if any(_LOGO_NAME.search(picture) for picture in _PICTURE.findall(xml)):
                found.add(LOGO)
    return frozenset(found)


def fill_office(
    source: bytes, kind: Kind, values: Mapping[str, str], logo: bytes | None = None
) -> bytes:
    """The file with its placeholders filled, also those that Office has split into several runs.

    `logo` is a PNG; it replaces the pictures of a PPTX that are named or described
    {{partner.logo}}, centred in their place and in proportion.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        branded = _filled(parts, kind, values)
        if logo is not None and kind is Kind.PPTX:
            branded |= _with_logo(parts | branded, logo)
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in archive.infolist():
                way = (
                    zipfile.ZIP_STORED if entry.filename.endswith(_PACKED) else zipfile.ZIP_DEFLATED
                )
                content = branded.pop(entry.filename, parts[entry.filename])
                target.writestr(entry, content, compress_type=way)
            for name, content in branded.items():
                target.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def _filled(parts: Mapping[str, bytes], kind: Kind, values: Mapping[str, str]) -> dict[str, bytes]:
    changed = {}
    for name in filter(_PARTS[kind].fullmatch, parts):
        before = parts[name].decode("utf-8")
        after = _PARAGRAPH[kind].sub(lambda found: _fill_paragraph(found[0], values), before)
        if after != before:
            changed[name] = after.encode()
    return changed


def _fill_paragraph(xml: str, values: Mapping[str, str]) -> str:
    """The value goes into the run in which its placeholder begins and takes that run's look."""
    spans = [found.span() for found in _RUN_TEXT.finditer(xml)]
    texts = [unescape(xml[start:end]) for start, end in spans]
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text))
    matches = [
        found for found in _PLACEHOLDER.finditer("".join(texts)) if values.get(found[1]) is not None
    ]
    if not matches:
        return xml
    for found in reversed(matches):
        value = values[found[1]]
        for number, (start, end) in enumerate(pairwise(starts)):
            first, last = max(found.start(), start), min(found.end(), end)
            if first < last:
                text = texts[number]
                texts[number] = text[: first - start] + value + text[last - start :]
                value = ""
    for (start, end), text in zip(reversed(spans), reversed(texts), strict=True):
        xml = xml[:start] + escape(text) + xml[end:]
    return xml


def _with_logo(parts: Mapping[str, bytes], logo: bytes) -> dict[str, bytes]:
    changed: dict[str, bytes] = {}
    for name in filter(_PARTS[Kind.PPTX].fullmatch, parts):
        before = parts[name].decode("utf-8")
        after = _PICTURE.sub(lambda found: _replaced_picture(found[0], logo), before)
        if after != before:
            folder, file = posixpath.split(name)
            links = f"{folder}/_rels/{file}.rels"
            changed[name] = after.encode()
            changed[links] = _linked(parts[links], folder)
    if changed:
        changed[_LOGO_PART] = logo
        types = parts["[Content_Types].xml"]
        if b'Extension="png"' not in types:
            default = b'<Default Extension="png" ContentType="image/png"/></Types>'
            changed["[Content_Types].xml"] = types.replace(b"</Types>", default)
    return changed


def _replaced_picture(xml: str, logo: bytes) -> str:
    if not _LOGO_NAME.search(xml):
        return xml
    xml = _EMBED.sub(rf"\g<1>{_LOGO_LINK}\g<2>", xml)
    xml = _CROP.sub("", _EXTENSIONS.sub(r"\g<1>", xml))
    width, height = _size(logo)

    def placed(found: re.Match[str]) -> str:
        x, y, across, down = (int(found[group]) for group in (1, 2, 4, 5))
        scale = min(across / width, down / height)
        w, h = round(width * scale), round(height * scale)
        x, y = x + (across - w) // 2, y + (down - h) // 2
        return f'<a:off x="{x}" y="{y}"/>{found[3]}<a:ext cx="{w}" cy="{h}"/>'

    return _PLACE.sub(placed, xml, count=1)


def _linked(links: bytes, folder: str) -> bytes:
    target = posixpath.relpath(_LOGO_PART, folder)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    link = f'<Relationship Id="{_LOGO_LINK}" Type="{kind}" Target="{target}"/></Relationships>'
    return links.replace(b"</Relationships>", link.encode())


def _size(logo: bytes) -> tuple[int, int]:
    """Width and height from the header of a PNG."""
    return int.from_bytes(logo[16:20]), int.from_bytes(logo[20:24])
