"""The doors of the settings: the page of cards, and the deal rules."""

from portal.settings.views import cards, deal_rules

area = cards.area

__all__ = ["area", "deal_rules"]
