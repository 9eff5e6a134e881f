"""The doors of oversight: the log and the reports."""

from portal.oversight.views import audit

areas = (audit.area,)

__all__ = ["areas"]
