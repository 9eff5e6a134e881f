"""The doors of the directory: companies, changes to them, a partner's own page, and people."""

from portal.directory.views import changes, companies, newcomers, own, people

area = companies.area
people_area = people.area

__all__ = ["area", "changes", "newcomers", "own", "people_area"]
