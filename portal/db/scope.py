"""Row visibility, declared beside the columns it protects.

Every mapped class names its scope.  A scope is SQL with *bound* parameters (`viewer_user`,
`viewer_partners`, ...) that only a ViewerSession fills: statements are built once, and one that
reaches the database without a viewer fails for want of its parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    and_,
    bindparam,
    exists,
    false,
    or_,
    select,
    true,
)

from portal.kernel.viewer import Sight, Viewer


@dataclass(frozen=True, slots=True)
class Eyes:
    """What kind of viewer looks: all that decides the SQL of a scope, apart from its parameters."""

    sight: Sight
    is_vendor: bool
    knows_all: bool
    earns_all: bool


def eyes_of(viewer: Viewer) -> Eyes:
    return Eyes(
        sight=viewer.sees.sight,
        is_vendor=viewer.is_vendor,
        knows_all=viewer.knows is None,
        earns_all=viewer.earns is None,
    )


def parameters_of(viewer: Viewer) -> dict[str, Any]:
    """Values for the parameters a scope may name."""
    company = [] if viewer.partner_id is None else [viewer.partner_id]
    return {
        "viewer_user": viewer.user_id,
        "viewer_company": company,
        "viewer_partners": sorted(viewer.sees.partners),
        "viewer_knows": sorted(viewer.knows or ()),
        "viewer_earns": sorted(viewer.earns or ()),
        "viewer_audience": sorted(viewer.audience),
    }


_USER: BindParameter[int] = bindparam("viewer_user")


def _among(column: Any, name: str) -> ColumnElement[bool]:
    result: ColumnElement[bool] = column.in_(bindparam(name, expanding=True))
    return result


class Scope(Protocol):
    def __call__(self, cls: Any, eyes: Eyes) -> ColumnElement[bool]: ...


class Scoped(Protocol):
    """A mapped class, which says who may see its rows."""

    __scope__: ClassVar[Scope]
    __table__: ClassVar[FromClause]


def everyone() -> Scope:
    """Reference data without an owner: lines, tiers, calendars."""
    return lambda cls, eyes: true()


def vendor_only() -> Scope:
    """Rows no partner ever sees."""
    return lambda cls, eyes: true() if eyes.is_vendor else false()


def nobody() -> Scope:
    """Rows that only the portal itself reads: sessions, rate buckets, queues."""
    return lambda cls, eyes: false()


def registered(*, partner: str, owner: str, distributor: str) -> Scope:
    """Registrations: by company, by owner, and by the distributor named on them."""

    def scope(cls: Any, eyes: Eyes) -> ColumnElement[bool]:
        match eyes.sight:
            case Sight.EVERYTHING:
                return true()
            case Sight.PARTNERS:
                return _among(getattr(cls, partner), "viewer_partners")
            case Sight.BRANCH:
                return or_(
                    _among(getattr(cls, partner), "viewer_partners"),
                    _among(getattr(cls, distributor), "viewer_partners"),
                )
            case Sight.OWN:
                return and_(
                    _among(getattr(cls, partner), "viewer_partners"), getattr(cls, owner) == _USER
                )
            case Sight.NOTHING:
                return false()

    return scope


def known(column: str) -> Scope:
    """Company profiles: the viewer's own, its branch, or for staff those it looks after."""
    return lambda cls, eyes: (
        true() if eyes.knows_all else _among(getattr(cls, column), "viewer_knows")
    )


def earned_by(column: str) -> Scope:
    """Money: only the companies whose money the viewer may see."""
    return lambda cls, eyes: (
        true() if eyes.earns_all else _among(getattr(cls, column), "viewer_earns")
    )


def staff_who_know(column: str) -> Scope:
    """What the vendor keeps about a company: for staff who look after it, never for partners."""

    def scope(cls: Any, eyes: Eyes) -> ColumnElement[bool]:
        if not eyes.is_vendor:
            return false()
        return true() if eyes.knows_all else _among(getattr(cls, column), "viewer_knows")

    return scope


def company(column: str) -> Scope:
    """Rows of one company's own people and things; staff who know the company see them too.

    Rows without a company are the vendor's own, and all staff see those.
    """

    def scope(cls: Any, eyes: Eyes) -> ColumnElement[bool]:
        if eyes.is_vendor:
            owner = getattr(cls, column)
            known = or_(owner.is_(None), _among(owner, "viewer_knows"))
            return true() if eyes.knows_all else known
        return _among(getattr(cls, column), "viewer_company")

    return scope


def personal(column: str) -> Scope:
    """One person's own rows, nobody else's."""

    def scope(cls: Any, eyes: Eyes) -> ColumnElement[bool]:
        result: ColumnElement[bool] = getattr(cls, column) == _USER
        return result

    return scope


def saved_by(user: str, company: str, is_shared: str) -> Scope:
    """A person's own rows, and what colleagues of the same company, or of the vendor, share."""

    def scope(cls: Any, eyes: Eyes) -> ColumnElement[bool]:
        colleagues = (
            getattr(cls, company).is_(None)
            if eyes.is_vendor
            else _among(getattr(cls, company), "viewer_company")
        )
        return or_(getattr(cls, user) == _USER, and_(getattr(cls, is_shared), colleagues))

    return scope


def through(column: str, parent: type[Scoped]) -> Scope:
    """Rows whose `column` points at a visible row of `parent`."""

    def scope(cls: Any, eyes: Eyes) -> ColumnElement[bool]:
        rule = parent.__scope__(parent, eyes)
        if rule is true() or rule is false():
            return rule
        visible = select(parent.__table__.c.id).where(rule)
        result: ColumnElement[bool] = getattr(cls, column).in_(visible)
        return result

    return scope


def addressed(column: str, tokens: type[Scoped], *, foreign: str, token: str) -> Scope:
    """Things addressed to an audience: a partner sees those with one of its tokens."""

    def scope(cls: Any, eyes: Eyes) -> ColumnElement[bool]:
        if eyes.is_vendor:
            return true()
        table = tokens.__table__
        return exists().where(
            table.c[foreign] == getattr(cls, column), _among(table.c[token], "viewer_audience")
        )

    return scope


def unless_vendor(inner: Scope, column: str, value: Any) -> Scope:
    """What `inner` shows; to partners only those rows of it whose `column` holds `value`."""

    def scope(cls: Any, eyes: Eyes) -> ColumnElement[bool]:
        rule = inner(cls, eyes)
        return rule if eyes.is_vendor else and_(rule, getattr(cls, column) == value)

    return scope
