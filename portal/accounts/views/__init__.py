"""The doors of accounts: signing in, one's own profile, and where sessions are kept."""

from portal.accounts.views import factors, joining, profile, saved, signin

area = signin.area

__all__ = ["area", "factors", "joining", "profile", "saved"]
