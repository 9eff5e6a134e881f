"""The doors of registrations: lists, one record, registering, and what partners do with a deal."""

from portal.deals.views import lists, moves, record, register, verify
from portal.deals.views.pages import area

__all__ = ["area", "lists", "moves", "record", "register", "verify"]
