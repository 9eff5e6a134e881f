"""The first page, search over everything, and what belongs to the frame around all pages."""

from portal.home.views import frame, search, show
from portal.home.views.pages import area

__all__ = ["area", "frame", "search", "show"]
