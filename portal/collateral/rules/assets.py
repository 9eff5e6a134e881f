"""What an asset is, which states it passes through, and what each state means to a partner."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from portal.kernel.errors import Refused, Stale

EXPIRY_WARNING = dt.timedelta(days=30)


class AssetKind(StrEnum):
    """What a piece is for; `words` of it are searched like tags."""

    DATASHEET = "datasheet"
    BROCHURE = "brochure"
    BATTLECARD = "battlecard"
    PRESENTATION = "presentation"
    CASE_STUDY = "case_study"
    PRICE_LIST = "price_list"
    WHITE_PAPER = "white_paper"
    GUIDE = "guide"
    TEMPLATE = "template"
    LOGO = "logo"
    IMAGE = "image"
    VIDEO = "video"
    EMAIL = "email"

    @property
    def label(self) -> str:
        return _LABELS.get(self, self.value.replace("_", " ").capitalize())


_LABELS = {AssetKind.EMAIL: "E-mail text", AssetKind.LOGO: "Logo pack"}


class Form(StrEnum):
    """How a version holds its content."""

    FILE = "file"
    VIDEO = "video"
    EMAIL = "email"


class Stage(StrEnum):
    """Where in a sale a piece helps."""

    ANY = "any"
    DISCOVER = "discover"
    PROPOSE = "propose"
    NEGOTIATE = "negotiate"
    ONBOARD = "onboard"

    @property
    def label(self) -> str:
        return "Any stage" if self is Stage.ANY else self.value.capitalize()


class AssetState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    LIVE = "live"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


SHOWN = frozenset({AssetState.LIVE, AssetState.EXPIRED})
"""States in which those addressed find the asset; an expired one says so."""


class VersionState(StrEnum):
    """Where the work on an uploaded file stands."""

    CHECKING = "checking"
    QUARANTINED = "quarantined"
    READING = "reading"
    READY = "ready"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return _VERSION_LABELS[self]


_VERSION_LABELS = {
    VersionState.CHECKING: "Being checked",
    VersionState.QUARANTINED: "Waiting for the virus scanner",
    VersionState.READING: "Being read",
    VersionState.READY: "Ready",
    VersionState.REFUSED: "Refused",
    VersionState.FAILED: "Could not be read",
}

AT_WORK = frozenset({VersionState.CHECKING, VersionState.QUARANTINED, VersionState.READING})
USABLE = frozenset({VersionState.READING, VersionState.READY})
"""Judged and scanned: may be previewed and published; its text may still be on the way."""


class Step(StrEnum):
    """What marketing does with an asset."""

    SEND = "send"
    RETURN = "return"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


_FROM: dict[Step, frozenset[AssetState]] = {
    Step.SEND: frozenset({AssetState.DRAFT}),
    Step.RETURN: frozenset({AssetState.IN_REVIEW}),
    Step.PUBLISH: frozenset(AssetState) - {AssetState.WITHDRAWN},
    Step.WITHDRAW: SHOWN,
    Step.REOPEN: frozenset({AssetState.WITHDRAWN, AssetState.EXPIRED}),
}
_TO = {
    Step.SEND: AssetState.IN_REVIEW,
    Step.RETURN: AssetState.DRAFT,
    Step.PUBLISH: AssetState.LIVE,
    Step.WITHDRAW: AssetState.WITHDRAWN,
    Step.REOPEN: AssetState.DRAFT,
}


def steps_from(state: AssetState) -> list[Step]:
    return [step for step in Step if state in _FROM[step]]


def after(state: AssetState, step: Step) -> AssetState:
    """Raises Stale."""
    if state not in _FROM[step]:
        raise Stale(f"This piece is {state.label.lower()} now. Open it again to see what it is.")
    return _TO[step]


def check_dates(valid_from: dt.date | None, valid_until: dt.date | None) -> None:
    """The last day is part of the validity.  Raises Refused("dates")."""
    if valid_from and valid_until and valid_until < valid_from:
        raise Refused(
            "The last day lies before the first. Change one of them.",
            code="dates",
            field="valid_until",
        )


def check_publishable(
    version: VersionState | None, valid_until: dt.date | None, today: dt.date
) -> None:
    """Raises Refused("no_version"), Refused("not_ready"), Refused("over")."""
    if version is None:
        raise Refused("Upload a file first, then publish.", code="no_version")
    if version not in USABLE:
        raise Refused(
            f"The newest file is not ready: {version.label.lower()}. "
            "Wait for it, or upload another version.",
            code="not_ready",
        )
    if valid_until and valid_until < today:
        raise Refused(
            "Its last day has passed. Set a later one, then publish.",
            code="over",
            field="valid_until",
        )


def is_due(valid_from: dt.date | None, today: dt.date) -> bool:
    return valid_from is None or valid_from <= today


def is_over(valid_until: dt.date | None, today: dt.date) -> bool:
    return valid_until is not None and valid_until < today


def expires_soon(valid_until: dt.date | None, today: dt.date) -> bool:
    return valid_until is not None and today <= valid_until <= today + EXPIRY_WARNING
