"""What happens to collateral, as the log and everything that reads it know it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from portal.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetEvent(Event):
    kind: ClassVar[str] = "asset"
    subject: ClassVar[str] = "asset"
    is_shown: ClassVar[bool] = False
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetCreated(AssetEvent):
    kind: ClassVar[str] = "asset.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetChanged(AssetEvent):
    kind: ClassVar[str] = "asset.changed"
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionAdded(AssetEvent):
    kind: ClassVar[str] = "asset.version_added"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetMoved(AssetEvent):
    """A step from state to state that is not publishing."""

    kind: ClassVar[str] = "asset.moved"
    step: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetPublished(AssetEvent):
    """A version is what partners get from now on.  `is_new_version`: they had an older one."""

    kind: ClassVar[str] = "asset.published"
    number: int
    is_new_version: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetExpired(AssetEvent):
    kind: ClassVar[str] = "asset.expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandingChanged(Event):
    kind: ClassVar[str] = "branding.changed"
    subject: ClassVar[str] = "branding"
    has_logo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareMade(Event):
    kind: ClassVar[str] = "share.made"
    subject: ClassVar[str] = "share"
    ref: str
    asset_ref: str
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRevoked(Event):
    kind: ClassVar[str] = "share.revoked"
    subject: ClassVar[str] = "share"
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAsked(Event):
    """A partner misses something in the library."""

    kind: ClassVar[str] = "request.asked"
    subject: ClassVar[str] = "request"
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswered(Event):
    kind: ClassVar[str] = "request.answered"
    subject: ClassVar[str] = "request"
    ref: str
    asset_ref: str
