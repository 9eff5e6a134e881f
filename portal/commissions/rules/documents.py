"""Documents (YAML, JSON) to frozen dataclasses and back, with the path of everything refused.

One declaration serves three ways: `read`, `write` and `schema` all follow the dataclass.  Numbers
are read as the text that was written, never through a float.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import re
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NoReturn, TypeVar, Union

import yaml

from portal.kernel.errors import Refused

T = TypeVar("T")

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,12})?")
_LONGEST_TEXT = 2000
_MOST_VALUES = 1_000_000
_YEARS = (1970, 2200)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and where: `rules[0].bands.steps[1].to`."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class Unreadable(Refused):
    """A document with at least one problem; `problems` has all of them in the document's order."""

    code = "unreadable"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Number:
    """Bounds of a decimal, inclusive.  `percent_sign` allows "12 %" beside 12."""

    least: int
    most: int
    decimals: int
    percent_sign: bool = False


def about(text: str, *, key: str = "", default: Any = dataclasses.MISSING) -> Any:
    """A dataclass field with its description and, where Python reserves the word, its own key."""
    metadata = {"about": text, "key": key}
    return dataclasses.field(default=default, metadata=metadata)


def from_yaml(text: str) -> object:
    """Mappings, lists and text; every scalar stays the text that was written.

    Raises Unreadable for what is no YAML, and for a key that stands twice.
    """
    try:
        data: object = yaml.load(text, Loader=_TextLoader)  # noqa: S506  mappings, lists and text only
        _measure(data, {})
    except yaml.YAMLError as error:
        raise Unreadable([Problem("", f"not YAML: {' '.join(str(error).split())}")]) from error
    except RecursionError as error:
        raise Unreadable([Problem("", "nested too deeply")]) from error
    return data


def from_json(text: str) -> object:
    """Like `from_yaml` for JSON: numbers with decimals stay text."""
    try:
        return json.loads(
            text, parse_float=str, parse_constant=_no_constant, object_pairs_hook=_once
        )
    except RecursionError as error:
        raise Unreadable([Problem("", "nested too deeply")]) from error
    except ValueError as error:
        raise Unreadable([Problem("", f"not JSON: {error}")]) from error


def to_yaml(data: object) -> str:
    """What `from_yaml` reads back, with numbers and truths as text."""
    return yaml.dump(
        _as_text(data), Dumper=_TextDumper, sort_keys=False, allow_unicode=True, width=100
    )


def read(kind: type[T], data: object, path: str = "") -> T:
    """`data` as a `kind`.  A single value stands for a list of one.  Raises Unreadable."""
    problems: list[Problem] = []
    value = _value(kind, data, path, problems)
    if problems:
        raise Unreadable(problems)
    return typing.cast("T", value)


def write(value: object) -> object:
    """The document `read` turns back into `value`.  Fields at their default are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            key_of(field): write(content)
            for field in dataclasses.fields(value)
            if (content := getattr(value, field.name)) != field.default
        }
    if isinstance(value, tuple):
        return [write(item) for item in value]
    if isinstance(value, Mapping):
        return {key: write(item) for key, item in value.items()}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def key_of(field: dataclasses.Field[Any]) -> str:
    return field.metadata.get("key") or field.name


def schema(kind: type) -> dict[str, Any]:
    """JSON Schema (2020-12) of the documents that `read(kind, …)` takes, rules of sense aside."""
    definitions: dict[str, Any] = {}
    top = _schema(kind, definitions)
    root = definitions.pop(top["$ref"].rpartition("/")[2])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


class _TextLoader(yaml.BaseLoader):
    """Scalars stay text; a key may stand once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  the library's signature
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                where = f"line {key.start_mark.line + 1}"
                raise Unreadable([Problem("", f"{key.value!r} stands twice ({where})")])
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class _TextDumper(yaml.SafeDumper):
    """Writes text without quotes wherever `_TextLoader` needs none."""

    yaml_implicit_resolvers = {}

    def ignore_aliases(self, data: object) -> bool:
        return True


def _as_text(data: object) -> object:
    if isinstance(data, Mapping):
        return {key: _as_text(item) for key, item in data.items()}
    if isinstance(data, list):
        return [_as_text(item) for item in data]
    return str(data).lower() if isinstance(data, bool) else str(data)


def _measure(data: object, known: dict[int, int]) -> int:
    """How many values `data` has with every alias written out; refuses what only aliases can be."""
    if not isinstance(data, Mapping | list):
        return 1
    if id(data) not in known:
        items = data.values() if isinstance(data, Mapping) else data
        known[id(data)] = 1 + sum(_measure(item, known) for item in items)
        if known[id(data)] > _MOST_VALUES:
            raise Unreadable([Problem("", f"has more than {_MOST_VALUES:,} values")])
    return known[id(data)]


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"{twice!r} stands twice")
    return content


_NOTHING = object()


def _refuse(problems: list[Problem], path: str, message: str) -> object:
    problems.append(Problem(path, message))
    return _NOTHING


def _value(kind: Any, data: object, path: str, problems: list[Problem]) -> object:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        inner = next(arg for arg in args if arg is not type(None))
        return None if data in (None, "") else _value(inner, data, path, problems)
    if origin is typing.Annotated:
        return _number(args[1], data, path, problems)
    if origin is tuple:
        return _items(args[0], data, path, problems)
    if origin is Mapping:
        return _mapping(args[1], data, path, problems)
    if dataclasses.is_dataclass(kind):
        return _record(typing.cast("type", kind), data, path, problems)
    return _scalar(kind, data, path, problems)


def _scalar(kind: type, data: object, path: str, problems: list[Problem]) -> object:
    if kind is object:
        return data
    if isinstance(data, Mapping | list):
        return _refuse(problems, path, "is one value, not a list or a group of fields")
    if isinstance(data, float):
        return _refuse(problems, path, _FLOAT)
    text = "" if data is None else str(data).strip()
    if not text:
        return _refuse(problems, path, "is empty")
    if issubclass(kind, StrEnum):
        return _choice(kind, text, path, problems)
    return {bool: _truth, int: _whole, date: _date}.get(kind, _text)(text, path, problems)


def _truth(text: str, path: str, problems: list[Problem]) -> object:
    answer = {"true": True, "false": False}.get(text.lower())
    return _refuse(problems, path, "is true or false") if answer is None else answer


def _whole(text: str, path: str, problems: list[Problem]) -> object:
    if _WHOLE.fullmatch(text):
        return int(text)
    return _refuse(problems, path, f"{text!r} is not a whole number")


def _text(text: str, path: str, problems: list[Problem]) -> object:
    if len(text) <= _LONGEST_TEXT and text.replace("\n", " ").isprintable():
        return text
    return _refuse(problems, path, f"is up to {_LONGEST_TEXT} printable characters")


_FLOAT = "is a binary fraction; read the file as text so that the number stays exact"


def _date(text: str, path: str, problems: list[Problem]) -> object:
    wrong = f"{text!r} is not a day written like 2026-01-31"
    if not _DATE.fullmatch(text):
        return _refuse(problems, path, wrong)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _refuse(problems, path, wrong)
    first, last = _YEARS
    return day if first <= day.year <= last else _refuse(problems, path, f"{text} is too far away")


def _choice(kind: type[StrEnum], text: str, path: str, problems: list[Problem]) -> object:
    choices = [member.value for member in kind]
    if text in choices:
        return kind(text)
    return _refuse(
        problems, path, f"{text!r} is not one of {', '.join(choices)}{_near(text, choices)}"
    )


def _number(spec: Number, data: object, path: str, problems: list[Problem]) -> object:
    if isinstance(data, float):
        return _refuse(problems, path, _FLOAT)
    text = str(data).strip() if isinstance(data, str | int | Decimal) else ""
    if spec.percent_sign:
        text = text.removesuffix("%").rstrip()
    if isinstance(data, bool) or not _NUMBER.fullmatch(text):
        message = f"{data!r} is not a number written like 12500.00, without grouping"
        return _refuse(problems, path, message)
    number = Decimal(text)
    if not spec.least <= number <= spec.most:
        return _refuse(problems, path, f"{text} is not between {spec.least} and {spec.most}")
    if len(text.partition(".")[2]) > spec.decimals:
        return _refuse(problems, path, f"{text} has more than {spec.decimals} decimals")
    return number


def _items(kind: Any, data: object, path: str, problems: list[Problem]) -> object:
    if data in (None, ""):
        return ()
    if not isinstance(data, list):
        return (_value(kind, data, path, problems),)
    return tuple(_value(kind, item, f"{path}[{i}]", problems) for i, item in enumerate(data))


def _mapping(kind: Any, data: object, path: str, problems: list[Problem]) -> object:
    if data in (None, ""):
        return {}
    if not isinstance(data, Mapping):
        return _refuse(problems, path, "is a group of names, each with its fields")
    return {
        str(key): _value(kind, {} if item in (None, "") else item, f"{path}.{key}", problems)
        for key, item in data.items()
    }


def _record(kind: type, data: object, path: str, problems: list[Problem]) -> object:
    if not isinstance(data, Mapping):
        return _refuse(problems, path, "is a group of fields, not a single value or a list")
    fields = {key_of(field): field for field in dataclasses.fields(kind)}
    hints = typing.get_type_hints(kind, include_extras=True)
    before = len(problems)
    for key in data:
        if key not in fields:
            hint = _near(str(key), list(fields))
            problems.append(Problem(_join(path, str(key)), f"is not a field here{hint}"))
    found: dict[str, object] = {}
    for key, field in fields.items():
        if key in data:
            found[field.name] = _value(hints[field.name], data[key], _join(path, key), problems)
        elif field.default is dataclasses.MISSING:
            problems.append(Problem(_join(path, key), "is missing"))
    return _NOTHING if len(problems) > before else kind(**found)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _near(word: str, words: list[str]) -> str:
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return f"; {near[0]!r} is" if near else ""


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        inner = next(arg for arg in args if arg is not type(None))
        return _schema(inner, definitions)
    if origin is tuple:
        item = _schema(args[0], definitions)
        return {"anyOf": [{"type": "array", "items": item}, item]}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _schema(args[1], definitions)}
    if origin is typing.Annotated:
        sign = r"\s*%?" if args[1].percent_sign else ""
        return {"type": ["string", "number"], "pattern": rf"^-?[0-9]+(\.[0-9]+)?{sign}$"}
    return _plain_schema(kind, definitions)


def _plain_schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if dataclasses.is_dataclass(kind):
        return _record_schema(typing.cast("type", kind), definitions)
    if kind is object:
        return {}
    if issubclass(kind, StrEnum):
        return {"enum": [member.value for member in kind]}
    known: dict[type, dict[str, Any]] = {
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        date: {"type": "string", "format": "date"},
    }
    return known.get(kind, {"type": "string"})


def _record_schema(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}
        hints = typing.get_type_hints(kind, include_extras=True)
        properties = {}
        for field in dataclasses.fields(kind):
            described = {"description": field.metadata["about"]} if field.metadata else {}
            properties[key_of(field)] = {**_schema(hints[field.name], definitions), **described}
        definitions[name] = {
            "title": name,
            "description": " ".join((kind.__doc__ or "").split()),
            "type": "object",
            "properties": properties,
            "required": [
                key_of(field)
                for field in dataclasses.fields(kind)
                if field.default is dataclasses.MISSING
            ],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}
