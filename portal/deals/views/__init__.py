"""The doors of registrations: lists, one record, registering, and what partners do with a deal."""

from portal.deals.views import approvals, lists, moves, record, register, verify
from portal.deals.views.pages import area

__all__ = ["approvals", "area", "lists", "moves", "record", "register", "verify"]
