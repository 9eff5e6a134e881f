"""The ways an action can fail.  Doors (HTML, JSON, CLI) translate them; nobody else catches."""


class PortalError(Exception):
    """Base of every anticipated failure.  Anything else is a bug and becomes a 500."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.field = field


class NotFound(PortalError):
    """The row does not exist *for this viewer*; the two cases are never told apart."""

    code = "not_found"

    def __init__(self, message: str = "There is nothing here.", **kw: str | None) -> None:
        super().__init__(message, **kw)


class Forbidden(PortalError):
    """The viewer may see the row but not do this to it."""

    code = "forbidden"


class Refused(PortalError):
    """A business rule says no.  `code` is stable and documented; `message` is for people."""

    code = "refused"


class Stale(PortalError):
    """The row changed since this viewer read it, or is in a state that no longer allows the act."""

    code = "stale"
