"""The doors of the directory: the list, a company in full, changes to it, and its own page."""

from portal.directory.views import changes, companies, own

area = companies.area

__all__ = ["area", "changes", "own"]
