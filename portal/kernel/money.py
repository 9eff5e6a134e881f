"""Amounts as whole minor units with a currency: reading, printing, rounding, sharing.  No float."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel import Locale
from babel.numbers import (
    format_currency,
    format_decimal,
    get_currency_precision,
    get_currency_symbol,
    list_currencies,
)

from portal.kernel.errors import Refused

AMOUNT_LIMIT = 10**15
"""Every amount lies strictly between -AMOUNT_LIMIT and AMOUNT_LIMIT minor units."""

CURRENCIES: frozenset[str] = frozenset(list_currencies())

_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SPACES = " \u00a0\u2009\u202f"
_APOSTROPHES = "'\u2019"


@lru_cache(maxsize=512)
def exponent(currency: str) -> int:
    """Decimals of `currency`: EUR 2, JPY 0, KWD 3.  Raises Refused("unknown_currency")."""
    if currency not in CURRENCIES:
        raise Refused(
            f"{currency!r} is not a currency code. Write three capital letters such as EUR.",
            code="unknown_currency",
        )
    return get_currency_precision(currency)


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` is in the currency's own smallest unit: 1250 EUR is 12.50, 1250 JPY is 1250."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are int, not {type(self.minor).__name__}")
        exponent(self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __str__(self) -> str:
        return f"{plain(self)} {self.currency}"

    @property
    def amount(self) -> Decimal:
        """In major units, exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.minor


def divide_half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number, halves away from zero, so that a reversal is the exact negation."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def round_half_up(value: Decimal | Fraction | int) -> int:
    """The nearest whole number, halves away from zero."""
    return divide_half_up(*value.as_integer_ratio())


def split(minor: int, weights: Sequence[int | Decimal | Fraction]) -> list[int]:
    """Whole parts in proportion to `weights` that add up to `minor`.

    Largest remainder; equal remainders go to the part printed first.  Splitting -x gives the exact
    negation of splitting x.  Raises ValueError without a positive weight.
    """
    shares = [Fraction(weight) for weight in weights]
    total = sum(shares, Fraction(0))
    if total <= 0 or min(shares) < 0:
        raise ValueError("weights are zero or more, and at least one is more")
    exact = [abs(minor) * share / total for share in shares]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: abs(minor) - sum(parts)]:
        parts[i] += 1
    return [-part for part in parts] if minor < 0 else parts


def plain(money: Money) -> str:
    """Digits, a point and the currency's decimals, for files and programs: -1234.50."""
    return f"{money.amount:f}"


def parse_plain(text: str, currency: str) -> Money:
    """Reads what `plain` writes, wherever a file or a program names an amount.

    Raises Refused("amount_format"), Refused("amount_decimals"), Refused("amount_too_large").
    """
    typed = text.removeprefix("-")
    if not _PLAIN.fullmatch(typed):
        example = plain(Money(12_500 * 10 ** exponent(currency), currency))
        raise Refused(
            f"{text!r} is not an amount. Write digits with a point and no grouping, "
            f"such as {example}.",
            code="amount_format",
        )
    whole, _, decimals = typed.partition(".")
    return _signed(_checked(whole, decimals, currency), negative=typed != text)


def parse_amount(text: str, currency: str, locale: str, *, signed: bool = False) -> Money:
    """An amount as a person of `locale` types it, without the currency.

    Grouping is optional but must stand where the locale puts it.  Nothing is guessed and nothing
    is rounded; show the result back through `format_amount` where 1.000 could mean two things.

    Raises Refused("amount_format"), Refused("amount_decimals"), Refused("amount_too_large").
    """
    notation = _notation(locale)
    typed = text.strip()
    negative = signed and typed.startswith(notation.minuses)
    if negative:
        typed = typed.lstrip("".join(notation.minuses))
    whole, point, decimals = typed.partition(notation.point)
    groups = re.split(f"[{re.escape(notation.separators)}]", whole)
    figures = [*groups, decimals] if point else groups
    is_number = all(re.fullmatch("[0-9]+", figure) for figure in figures)
    if not is_number or not notation.groups_stand_right(groups):
        raise Refused(_how_to_write(text, currency, locale), code="amount_format")
    return _signed(_checked("".join(groups), decimals, currency), negative=negative)


def format_money(money: Money, locale: str) -> str:
    """For people, with the currency, all its decimals and the locale's order: 1.234,50 €."""
    where = _locale(locale)
    pattern = where.currency_formats["standard"].pattern
    if get_currency_symbol(money.currency, where)[-1:].isalpha():
        pattern = pattern.replace("¤#", "¤\u00a0#")
    return format_currency(money.amount, money.currency, format=pattern, locale=where)


def format_amount(money: Money, locale: str) -> str:
    """For people, without the currency; `parse_amount(…, signed=True)` reads it back."""
    grouped = _locale(locale).decimal_formats[None].pattern.partition(".")[0]
    decimals = exponent(money.currency)
    pattern = f"{grouped}.{'0' * decimals}" if decimals else grouped
    return format_decimal(money.amount, format=pattern, locale=_locale(locale))


@dataclass(frozen=True, slots=True)
class _Notation:
    """How a locale writes numbers.  `sizes` are the last group's digits and the others'."""

    point: str
    separators: str
    minuses: tuple[str, ...]
    sizes: tuple[int, int]

    def groups_stand_right(self, groups: list[str]) -> bool:
        if len(groups) == 1:
            return True
        last, other = self.sizes
        first, *middle = groups[:-1]
        return (
            not first.startswith("0")
            and len(groups[-1]) == last
            and 1 <= len(first) <= other
            and all(len(group) == other for group in middle)
        )


@lru_cache(maxsize=64)
def _locale(locale: str) -> Locale:
    return Locale.parse(locale.replace("-", "_"))


@lru_cache(maxsize=64)
def _notation(locale: str) -> _Notation:
    symbols = _locale(locale).number_symbols["latn"]
    group = symbols["group"]
    alike = next((kind for kind in (_SPACES, _APOSTROPHES) if group in kind), group)
    last, other = _locale(locale).decimal_formats[None].grouping
    minuses = tuple({"-", "\u2212", symbols["minusSign"]})
    return _Notation(symbols["decimal"], alike, minuses, (last, other))


def _example(currency: str, locale: str) -> str:
    return format_amount(Money(12_500 * 10 ** exponent(currency), currency), locale)


def _how_to_write(text: str, currency: str, locale: str) -> str:
    example = f"Enter an amount such as {_example(currency, locale)}."
    if any(sign.isdecimal() and not sign.isascii() for sign in text):
        return f"Use the digits 0 to 9. {example}"
    return example


def _checked(whole: str, decimals: str, currency: str) -> Money:
    allowed = exponent(currency)
    if len(decimals) > allowed:
        has = {0: "no decimals", 1: "1 decimal"}.get(allowed, f"{allowed} decimals")
        raise Refused(f"{currency} has {has}.", code="amount_decimals")
    digits = (whole + decimals.ljust(allowed, "0")).lstrip("0") or "0"
    if len(digits) > len(str(AMOUNT_LIMIT - 1)):
        largest = format_amount(Money(AMOUNT_LIMIT - 1, currency), "en")
        raise Refused(f"The largest amount is {largest} {currency}.", code="amount_too_large")
    return Money(int(digits), currency)


def _signed(money: Money, *, negative: bool) -> Money:
    if negative and money.minor == 0:
        raise Refused("Zero has no minus sign. Write 0.", code="amount_format")
    return -money if negative else money
