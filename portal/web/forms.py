"""One base for every form: what is posted is read once, strictly, and cleaned the same way.

A field the form does not have, or has twice, is not ours and answers 400.  What a person can
correct answers 422 with the form kept and the field named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Form
from wtforms.fields import (
    BooleanField,
    FileField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, StopValidation

from portal.kernel import text
from portal.kernel.errors import Refused
from portal.kernel.money import Money, parse_amount
from portal.web.errors import BadInput

CSRF = "csrf_token"
SHORT, LONG = 200, 5_000


class PortalForm(Form):
    """Shape only: presence, length, format, choice.  `command()` gives the action's dataclass."""

    summary: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.summary = []

    @classmethod
    def posted(
        cls,
        fields: MultiDict[str, str],
        files: MultiDict[str, FileStorage] | None = None,
        **known: Any,
    ) -> Self:
        """Bind what was sent.  Raises BadInput for unknown or repeated fields."""
        both: MultiDict[str, Any] = MultiDict(fields)
        for name, upload in (files or MultiDict()).items(multi=True):
            both.add(name, upload)
        form = cls(both, **known)
        for name in both:
            field = form._fields.get(name)
            if name != CSRF and field is None:
                raise BadInput(f"This page has no field called {name[:40]!r}.")
            if len(both.getlist(name)) > 1 and not isinstance(field, MANY):
                raise BadInput(f"The field {name[:40]!r} was sent twice.")
        return form

    @contextmanager
    def refusals(self, undo: Callable[[], None]) -> Iterator[None]:
        """Put a rule's refusal on the field it names, or in the summary, after `undo`."""
        try:
            yield
        except Refused as refused:
            undo()
            self.refuse(refused)

    def refuse(self, refused: Refused) -> None:
        field = self._fields.get(refused.field or "")
        if field is None:
            self.summary.append(refused.message)
        else:
            field.errors = [*field.errors, refused.message]

    def problems(self) -> list[tuple[str, str]]:
        """(field id, message) for the error summary, in the form's order."""
        found = [("", message) for message in self.summary]
        found += [(f.id, str(message)) for f in self for message in f.errors]
        return found


class Needed(InputRequired):
    """The field must be filled; the message is an instruction: "Enter the value"."""

    def __call__(self, form: Any, field: Any) -> None:
        given = field.raw_data[0] if field.raw_data else ""
        if isinstance(given, str) and not given.strip():
            field.errors = []
            raise StopValidation(self.message or "")


class TextField(StringField):
    """One line, cleaned: no control characters, no look-alike spaces, at most `most` long."""

    def __init__(self, label: str, validators: Any = (), *, most: int = SHORT, **kw: Any) -> None:
        super().__init__(label, validators, **kw)
        self.most = most

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist:
            return
        self.data = str(valuelist[0])
        try:
            self.data = " ".join(text.clean(self.data).split())
        except Refused as refused:
            raise ValueError(refused.message) from refused
        if len(self.data) > self.most:
            raise ValueError(f"Use at most {self.most} characters; this has {len(self.data)}.")


class LinesField(TextAreaField):
    """Several lines of text, cleaned line by line."""

    def __init__(self, label: str, validators: Any = (), *, most: int = LONG, **kw: Any) -> None:
        super().__init__(label, validators, **kw)
        self.most = most

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist:
            return
        self.data = str(valuelist[0])
        try:
            lines = [text.clean(line).rstrip() for line in self.data.splitlines()]
        except Refused as refused:
            raise ValueError(refused.message) from refused
        self.data = "\n".join(lines).strip()
        if len(self.data) > self.most:
            raise ValueError(f"Use at most {self.most} characters; this has {len(self.data)}.")


class SecretField(StringField):
    """A password: taken exactly as typed, never shown again."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]) if valuelist else ""
        if len(self.data) > 1024:
            raise ValueError("Use at most 1,024 characters.")

    def _value(self) -> str:
        return ""


class AmountField(StringField):
    """Money in one currency, read with that currency's own decimals and the person's grouping."""

    def __init__(
        self, label: str, validators: Any = (), *, currency: str, locale: str = "en", **kw: Any
    ) -> None:
        super().__init__(label, validators, **kw)
        self.currency = currency
        self.locale = locale
        self.money: Money | None = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]).strip() if valuelist else ""
        self.money = None
        if self.data:
            try:
                self.money = parse_amount(self.data, self.currency, self.locale)
            except Refused as refused:
                raise ValueError(refused.message) from refused


class DayField(StringField):
    """A calendar day, written YYYY-MM-DD as browsers send it, within the years people mean."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]).strip() if valuelist else ""
        self.day: dt.date | None = None
        if self.data:
            try:
                self.day = dt.date.fromisoformat(self.data)
            except ValueError as error:
                raise ValueError("Enter a day such as 2026-11-30.") from error
            if len(self.data) != 10 or not 1990 <= self.day.year <= 2100:
                raise ValueError("Enter a day such as 2026-11-30.")


class CountField(StringField):
    """A whole number between `low` and `high`, plain digits only."""

    def __init__(
        self, label: str, validators: Any = (), *, low: int = 0, high: int = 10**9, **kw: Any
    ) -> None:
        super().__init__(label, validators, **kw)
        self.low, self.high = low, high

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]).strip() if valuelist else ""
        self.count: int | None = None
        if self.data:
            plain = self.data.isascii() and self.data.isdecimal() and len(self.data) <= 12
            if not plain or not self.low <= int(self.data) <= self.high:
                raise ValueError(f"Enter a whole number from {self.low:,} to {self.high:,}.")
            self.count = int(self.data)


MANY = (SelectMultipleField, MultipleFileField)

__all__ = [
    "MANY",
    "AmountField",
    "BooleanField",
    "CountField",
    "DayField",
    "FileField",
    "LinesField",
    "MultipleFileField",
    "Needed",
    "PortalForm",
    "RadioField",
    "SecretField",
    "SelectField",
    "SelectMultipleField",
    "TextField",
]
