"""Headers on every answer, and the limits a request must keep before anything reads it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, abort, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.config import Config
from portal.web.area import largest_body
from portal.web.errors import BadInput

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; manifest-src 'self'; object-src 'none'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MIB = 1024 * 1024
BODY, FORM_PARTS, URL = 2 * MIB, 1_000, 4_096
UPLOAD = 600 * MIB


def install(app: Flask, config: Config) -> None:
    app.config["TRUSTED_HOSTS"] = config.trusted_hosts
    app.config["MAX_CONTENT_LENGTH"] = BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY
    app.config["MAX_FORM_PARTS"] = FORM_PARTS
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # the token lives as long as its session
    app.config["WTF_CSRF_SSL_STRICT"] = config.is_https
    if config.trusted_proxies:
        n = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=0)  # type: ignore[method-assign]
    app.before_request(_sane)
    CSRFProtect(app)
    app.after_request(_headers_for(config))


def _sane() -> None:
    """Refuse what no browser of a person sends."""
    if len(request.full_path) > URL:
        abort(414)
    texts = [request.path, *(v for vs in request.args.listvalues() for v in vs)]
    if any("\x00" in t or "\ufffd" in t for t in texts):
        raise BadInput("The address contains characters that cannot be read.")
    for name, values in request.args.lists():
        if len(values) > 1 and not name.endswith("s"):
            raise BadInput(f"The address has {name[:40]!r} twice.")
    if body := largest_body(current_app.view_functions.get(request.endpoint or "")):
        request.max_content_length = body
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and origin != "null":
        host = origin.split("://", 1)[-1]
        if host != request.host:
            raise BadInput("That form was not sent from this site.")


def _headers_for(config: Config) -> Callable[[Response], Response]:
    def headers(response: Response) -> Response:
        given = response.headers
        given.setdefault("Content-Security-Policy", CSP)
        given["X-Content-Type-Options"] = "nosniff"
        given["Referrer-Policy"] = "same-origin"
        given["Cross-Origin-Opener-Policy"] = "same-origin"
        given["Cross-Origin-Resource-Policy"] = "same-origin"
        given["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
        given.setdefault("Cache-Control", "no-store")
        given["Server"] = "portal"
        if config.is_https:
            given["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        response.vary.add("Cookie")
        return response

    return headers
