"""The area of the pages that belong to no feature."""

from __future__ import annotations

from portal.web.area import Area

area = Area("home", __name__)
