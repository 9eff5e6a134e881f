"""Frozen dataclasses as plain JSON values and back, with the path of everything that is wrong.

Understands nested dataclasses, tuples, frozensets, enums, dates, decimals and optional values.
What a value means is checked by its own `__post_init__`, which raises Refused with a field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from portal.kernel.errors import Refused

T = TypeVar("T")

_WANTED = {
    int: "Write a whole number.",
    str: "Write text.",
    bool: "Write true or false.",
    date: "Write a date as YYYY-MM-DD.",
    Decimal: 'Write a number as text, such as "0.5".',
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` leads to the value from the top: `milestones[0].due_day`."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or 'document'}: {self.message}"


class NotADocument(Refused):
    """The stored or typed document can't be read; every problem is named."""

    code = "not_a_document"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)), field=problems[0].path)
        self.problems = problems


def write(value: object) -> Any:
    """Only dicts, lists, text, whole numbers, booleans and None.  Sets come out sorted."""
    plain: Any = value
    if is_dataclass(value):
        plain = {field.name: write(getattr(value, field.name)) for field in fields(value)}
    elif isinstance(value, frozenset):
        plain = sorted(write(item) for item in value)
    elif isinstance(value, tuple):
        plain = [write(item) for item in value]
    elif isinstance(value, StrEnum):
        plain = value.value
    elif isinstance(value, date):
        plain = value.isoformat()
    elif isinstance(value, Decimal):
        plain = f"{value:f}"
    elif not (value is None or isinstance(value, bool | int | str)):
        raise TypeError(f"{type(value).__name__} has no place in a document")
    return plain


def read(kind: type[T], document: object) -> T:
    """The `kind` that `document` describes; what it leaves out takes its default.

    Raises NotADocument.
    """
    reader = _Reader()
    value = reader.read(kind, document, "")
    if reader.problems:
        raise NotADocument(tuple(reader.problems))
    assert isinstance(value, kind)
    return value


class _Reader:
    """Reads on after a problem, so that one reading names them all."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def read(self, kind: Any, raw: object, path: str) -> Any:
        """A value of `kind`, an annotation; None where a problem was noted."""
        origin = get_origin(kind)
        if origin in {Union, UnionType}:
            inner = next(arm for arm in get_args(kind) if arm is not NoneType)
            return None if raw is None else self.read(inner, raw, path)
        if origin in {tuple, frozenset}:
            return self._many(origin, get_args(kind)[0], raw, path)
        if is_dataclass(kind):
            return self._object(kind, raw, path)
        if issubclass(kind, StrEnum):
            return self._choice(kind, raw, path)
        return self._plain(kind, raw, path)

    def _object(self, kind: Any, raw: object, path: str) -> Any:
        if not isinstance(raw, Mapping):
            return self._note(path, "Write an object with named values.")
        before = len(self.problems)
        known = _fields(kind)
        for name in raw:
            if name not in known:
                self._note(_below(path, str(name)), "There is no such setting. Remove it.")
        values = {}
        for name, (field, annotation) in known.items():
            if name in raw:
                values[name] = self.read(annotation, raw[name], _below(path, name))
            elif field.default is MISSING and field.default_factory is MISSING:
                self._note(_below(path, name), "This is missing.")
        if len(self.problems) > before:
            return None
        try:
            return kind(**values)
        except Refused as refused:
            place = _below(path, refused.field) if refused.field else path
            return self._note(place, refused.message)

    def _many(self, kind: Any, item: Any, raw: object, path: str) -> Any:
        if not isinstance(raw, list | tuple):
            return self._note(path, "Write a list.")
        return kind([self.read(item, each, f"{path}[{i}]") for i, each in enumerate(raw)])

    def _choice(self, kind: type[StrEnum], raw: object, path: str) -> StrEnum | None:
        if isinstance(raw, str) and raw in list(kind):
            return kind(raw)
        self._note(path, f"Choose one of {', '.join(kind)}.")
        return None

    def _plain(self, kind: Any, raw: object, path: str) -> Any:
        if (kind is date and isinstance(raw, str)) or (kind is Decimal and isinstance(raw, str)):
            try:
                return date.fromisoformat(raw) if kind is date else _decimal(raw)
            except ValueError:
                return self._note(path, _WANTED[kind])
        if type(raw) is kind:
            return raw
        return self._note(path, _WANTED[kind])

    def _note(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))


@lru_cache(maxsize=128)
def _fields(kind: Any) -> dict[str, tuple[Field[Any], Any]]:
    hints = get_type_hints(kind)
    return {field.name: (field, hints[field.name]) for field in fields(kind)}


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite():
        raise ValueError(text)
    return value


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
