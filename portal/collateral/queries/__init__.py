"""Every read of collateral.  The session's type says whose eyes."""

from portal.collateral.queries.assets import for_deal

__all__ = ["for_deal"]
