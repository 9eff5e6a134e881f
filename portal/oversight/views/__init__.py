"""The doors of oversight: the log and the reports."""

from portal.oversight.views import audit, process
from portal.oversight.views.pages import audit as audit_area
from portal.oversight.views.pages import reports as reports_area

areas = (audit_area, reports_area)

__all__ = ["areas", "audit", "process"]
