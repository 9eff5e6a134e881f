"""The one module of this floor that knows the web framework: a stored file as a response."""

from __future__ import annotations

from flask import Response, request

from portal.db.files import Files
from portal.files.serve import Answer, Asked, Shown, answer, body

BEHIND_NGINX = "x-accel"
INTERNAL = "/stored-files/"
"""Where nginx finds the folder of files, as an internal location."""


def sent(files: Files, key: str, shown: Shown, *, sendfile: str = "app") -> Response:
    """The file, a range of it, or that it has not changed; memory does not grow with its size."""
    given = answer(shown, _asked())
    path = files.local_path(key)
    if path is not None and sendfile == BEHIND_NGINX and given.status == 200 and given.length:
        response = Response(status=200, headers=dict(given.headers))
        response.headers["X-Accel-Redirect"] = f"{INTERNAL}{path.parent.name}/{path.name}"
        return response
    response = Response(_body(files, key, given), status=given.status, headers=dict(given.headers))
    response.direct_passthrough = True
    return response


def _body(files: Files, key: str, given: Answer):  # type: ignore[no-untyped-def]  # noqa: ANN202  a WSGI body
    """The server's own way to send a file where it has one, which costs no copying."""
    path, wrap = files.local_path(key), request.environ.get("wsgi.file_wrapper")
    if path is None or wrap is None or not given.length:
        return body(files, key, given)
    stream = path.open("rb")
    stream.seek(given.start)
    return wrap(stream, 256 * 1024)


def is_beginning(response: Response) -> bool:
    """Whether this answer starts a download: not a later range, not a look at the headers."""
    if request.method != "GET" or response.status_code not in {200, 206}:
        return False
    span = response.headers.get("Content-Range", "bytes 0-")
    return span.startswith("bytes 0-")


def _asked() -> Asked:
    given = request.headers
    return Asked(
        if_none_match=given.get("If-None-Match", ""),
        if_range=given.get("If-Range", ""),
        range=given.get("Range", ""),
        is_head=request.method == "HEAD",
    )
