"""The doors of collateral: the library, the content desk, and what customers are sent."""

from portal.collateral.views import branding, desk, files, kits, library, shares, upload, usage
from portal.collateral.views.areas import content, library_area

areas = (library_area, content)

__all__ = ["areas", "branding", "desk", "files", "kits", "library", "shares", "upload", "usage"]
