"""The areas of oversight, each with its own place in the menu."""

from __future__ import annotations

from portal.web.area import Area

audit = Area("audit", __name__)
reports = Area("reports", __name__)
