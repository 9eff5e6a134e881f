"""Every failure as a page or a problem document, from one table of status codes."""

from __future__ import annotations

import logging
import re

from flask import (
    Flask,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from portal.kernel.errors import Forbidden, NotFound, PortalError, Refused, Stale
from portal.web.services import services

log = logging.getLogger("portal.web")

STATUS: list[tuple[type[PortalError], int]] = [
    (NotFound, 404),
    (Forbidden, 403),
    (Stale, 409),
    (Refused, 422),
]

TITLES: dict[int, tuple[str, str]] = {
    400: ("The page could not read that", "Go back, reload the page, and try again."),
    401: ("Sign in first", "Sign in to go on."),
    403: ("Not part of your role", "Ask your company's administrator if you need this."),
    404: ("There is nothing here", "The address may be mistyped, or the thing is gone."),
    405: ("That can't be done here", "Go back and use the buttons on the page."),
    409: ("It changed in the meantime", "Open it again to see what it is now."),
    413: ("That is too large", "Send a smaller file, or split it."),
    422: ("That could not be done", "Go back, change what is named, and try again."),
    429: ("Too many tries", "Wait a little, then try again."),
    500: ("Something broke on our side", "Nothing was changed. Try again in a minute."),
    503: ("The portal is busy", "Nothing was changed. Try again in a few seconds."),
}


class BadInput(PortalError):
    """A body that no page of ours sends: unknown, duplicated or undecodable fields."""

    code = "bad_input"


class SignedOut(PortalError):
    """Nobody is signed in."""

    code = "signed_out"

    def __init__(self) -> None:
        super().__init__("Sign in to go on.")


class TooMany(PortalError):
    """A rate limit is reached.  `seconds` until it may be tried again."""

    code = "too_many"

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


def install(app: Flask) -> None:
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(PortalError, _anticipated)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    return request.path.startswith("/api/") or (
        request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    )


def answer(status: int, *, message: str = "", code: str = "", field: str | None = None) -> Response:
    """The error `status` as a page, or as a problem document for programs and scripts."""
    title, advice = TITLES.get(status, TITLES[500])
    reference = services().new_ref("ER") if status >= 500 else ""
    if reference:
        log.error("error reference=%s path=%s", reference, request.path)
    if wants_json():
        problem = {"type": f"about:blank#{code or status}", "title": title, "status": status}
        problem |= {"detail": message or advice}
        problem |= {"field": field} if field else {}
        response = make_response(jsonify(problem), status)
        response.content_type = "application/problem+json"
        return response
    page = render_template(
        "errors/error.html",
        status=status,
        title=title,
        message=message,
        advice=advice,
        code=code,
        reference=reference,
        here=request.path if request.method == "GET" else "/",
    )
    return make_response(page, status)


def _anticipated(error: PortalError) -> ResponseReturnValue:
    if isinstance(error, BadInput):
        return answer(400, message=error.message, code=error.code)
    if isinstance(error, TooMany):
        response = answer(429, message=error.message, code=error.code)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    if error.code == "must_enrol" and request.method == "GET" and not wants_json():
        return redirect(url_for("accounts.show_factor"), 303)
    status = next((code for cls, code in STATUS if isinstance(error, cls)), 422)
    message = "" if status == 404 else error.message  # missing and foreign alike
    return answer(status, message=message, code=error.code, field=error.field)


def _signed_out(error: SignedOut) -> ResponseReturnValue:
    if wants_json() or request.headers.get("X-Fragment"):
        return answer(401, message=error.message, code=error.code)
    target = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(f"/sign-in?next={safe_next(target)}" if target != "/" else "/sign-in", 303)


def _database(error: OperationalError) -> ResponseReturnValue:
    """Locks that time out and servers that restart are passing troubles; all else is a bug."""
    log.warning("database error=%s path=%s", type(error.orig).__name__, request.path)
    response = answer(503)
    response.headers["Retry-After"] = "3"
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, SecurityError):
        return Response("This host name is not served here.", 400, mimetype="text/plain")
    if error.response is not None or error.code is None or error.code < 400:
        return error
    if type(error).__name__ == "CSRFError":
        return answer(400, message="The page was open for too long. Reload it and send it again.")
    response = answer(error.code)
    if error.code == 405:
        response.headers.extend(error.get_headers())
        response.content_type = "text/html; charset=utf-8"
    return response


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.error("unexpected path=%s", request.path, exc_info=error)
    return answer(500)


_LOCAL = re.compile(r"/(?![/\\])[\w\-./~%=&?+:@,]*", re.ASCII)


def safe_next(target: str) -> str:
    """`target` if it is a path on this site, else the start page."""
    return target if _LOCAL.fullmatch(target) else "/"
