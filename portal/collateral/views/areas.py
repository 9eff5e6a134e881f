"""The areas that the modules of this folder add their pages to."""

from __future__ import annotations

from portal.web.area import Area

library_area = Area("collateral", __name__)
content = Area("content", __name__)
