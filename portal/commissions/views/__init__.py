"""The pages of commissions: a partner's own, and those of finance."""

from portal.commissions.views import finance, mine, questions, statements
from portal.commissions.views.pages import area

__all__ = ["area", "finance", "mine", "questions", "statements"]
