"""Tables of collateral: what there is, and what is done with it."""

from portal.collateral.models.library import (
    Asset,
    AssetText,
    AssetToken,
    AssetVersion,
    BrandZone,
    Kit,
    KitItem,
    KitToken,
    SearchGram,
    Synonym,
    VersionPage,
)
from portal.collateral.models.use import (
    AssetRequest,
    Download,
    Favourite,
    LibraryVisit,
    PartnerBranding,
    Rendition,
    Search,
    ShareLink,
)

__all__ = [
    "Asset",
    "AssetRequest",
    "AssetText",
    "AssetToken",
    "AssetVersion",
    "BrandZone",
    "Download",
    "Favourite",
    "Kit",
    "KitItem",
    "KitToken",
    "LibraryVisit",
    "PartnerBranding",
    "Rendition",
    "Search",
    "SearchGram",
    "ShareLink",
    "Synonym",
    "VersionPage",
]
