"""Images: measured before they are decoded, and written anew without metadata."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from portal.files import kinds
from portal.files.kinds import Kind
from portal.files.verdict import Unacceptable

if TYPE_CHECKING:
    from PIL.Image import Image

_PILLOW = {Kind.PNG: "PNG", Kind.JPEG: "JPEG", Kind.WEBP: "WEBP"}


@contextmanager
def opened(source: Path | bytes, kind: Kind) -> Iterator[Image]:
    """The image, its size known and within the limit, not yet decoded; a warning of Pillow is an
    error.

    Raises Unacceptable("too_many_pixels"), Unacceptable("animated"), Unacceptable("broken").
    """
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  heavy

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            stream = io.BytesIO(source) if isinstance(source, bytes) else source
            with Image.open(stream, formats=(_PILLOW[kind],)) as image:
                if image.width * image.height > kinds.MOST_PIXELS:
                    raise Unacceptable("too_many_pixels")
                if getattr(image, "n_frames", 1) > 1:
                    raise Unacceptable("animated")
                yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unacceptable("too_many_pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Warning) as error:
        raise Unacceptable("broken") from error


def check(path: Path, kind: Kind) -> None:
    with opened(path, kind) as image:
        image.load()


def strip_image(source: bytes, kind: Kind) -> bytes:
    """The same picture, encoded anew: turned upright as its camera noted, without metadata or
    anything after its end.

    Colours go to sRGB's numbers unchanged apart from CMYK, which becomes RGB.  Raises Unacceptable
    as `opened`.
    """
    from PIL import ImageOps  # noqa: PLC0415  heavy

    with opened(source, kind) as image:
        profile = image.info.get("icc_profile")
        upright = ImageOps.exif_transpose(image)
        if kind is Kind.JPEG and upright.mode not in {"L", "RGB"}:
            upright, profile = upright.convert("RGB"), None
        upright.info = {}
        made = io.BytesIO()
        options = {} if kind is Kind.PNG else {"quality": 92}
        upright.save(made, _PILLOW[kind], icc_profile=profile, **options)
    return made.getvalue()


LOGO_WIDTH = 1600


def as_logo(source: bytes, kind: Kind) -> bytes:
    """The picture as a PNG of at most 1,600 pixels across, see-through where it was.

    Raises Unacceptable as `opened`.
    """
    from PIL import ImageOps  # noqa: PLC0415  heavy

    with opened(source, kind) as image:
        upright = ImageOps.exif_transpose(image).convert("RGBA")
        upright.thumbnail((LOGO_WIDTH, LOGO_WIDTH))
        made = io.BytesIO()
        upright.save(made, "PNG")
    return made.getvalue()
