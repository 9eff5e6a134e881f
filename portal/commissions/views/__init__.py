"""The pages of commissions: a partner's own, and those of finance."""

from portal.commissions.views import (
    bank,
    finance,
    mine,
    periods,
    plans,
    questions,
    runs,
    statements,
)
from portal.commissions.views.pages import area

__all__ = [
    "area",
    "bank",
    "finance",
    "mine",
    "periods",
    "plans",
    "questions",
    "runs",
    "statements",
]
