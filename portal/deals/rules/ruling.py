"""Whether an act is allowed, as a value: a page shows it, an action obeys it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Ruling:
    """Allowed when `code` is empty; otherwise `words` say why not and what to do."""

    code: str = ""
    words: str = ""

    @property
    def is_allowed(self) -> bool:
        return not self.code

    def obey(self) -> None:
        """Raises Refused with the ruling's code and words unless it allows."""
        if self.code:
            raise Refused(self.words, code=self.code)


ALLOWED = Ruling()

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def instant_words(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{day_words(local.date())}, {local:%H:%M}"
