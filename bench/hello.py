"""The peer of every page: the smallest Flask application, on the same server."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.get("/healthz")
@app.get("/hello")
def hello() -> str:
    return "hello"
