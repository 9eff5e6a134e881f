"""The area that every page of registrations belongs to."""

from __future__ import annotations

from portal.web.area import Area

area = Area("deals", __name__)
