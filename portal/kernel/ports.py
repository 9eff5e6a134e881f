"""What the outside world must supply.  `create_app` takes one of each; tests pass their own."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from typing import Protocol


class Clock(Protocol):
    def __call__(self) -> datetime:
        """The present, aware, in UTC."""


class NewRef(Protocol):
    def __call__(self, prefix: str) -> str:
        """A fresh public reference, see `kernel.refs`."""


class NewToken(Protocol):
    def __call__(self) -> str:
        """128 or more random bits as text that stands in a URL, for links and sessions."""


class Mailer(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Hands over one message.  Raises OSError when it was not taken; sending again is safe."""
