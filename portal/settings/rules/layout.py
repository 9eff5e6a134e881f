"""Every setting of the deal rules: where it stands in the document and how a form asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.kernel.clock import Unit
from portal.kernel.errors import Refused
from portal.kernel.policy import GRANTS, May, Role
from portal.programme.rules import deal_rules
from portal.programme.rules.deal_rules import DealRules
from portal.settings.rules import lines
from portal.settings.rules.lines import KINDS

Options = dict[str, str]


class Asks(StrEnum):
    COUNT = "count"
    TEXT = "text"
    CHOICE = "choice"
    CODES = "codes"
    CHECK = "check"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Setting:
    """`path` leads to it from the top of the document; `name` is its field on the form."""

    path: str
    label: str
    asks: Asks
    hint: str = ""
    options: Options | None = None
    is_optional: bool = False

    @property
    def name(self) -> str:
        return self.path.replace(".", "__")


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    settings: tuple[Setting, ...]


def _options(kind: type[StrEnum]) -> Options:
    return {member.value: member.value.replace("_", " ").capitalize() for member in kind}


def _length(path: str, label: str, *, is_optional: bool = False) -> tuple[Setting, Setting]:
    count = Setting(f"{path}.count", label, Asks.COUNT, is_optional=is_optional)
    return count, Setting(f"{path}.unit", f"{label}: unit", Asks.CHOICE, options=_options(Unit))


def _deadline(path: str, label: str) -> tuple[Setting, Setting]:
    options = _options(deal_rules.DeadlineUnit)
    unit = Setting(f"{path}.unit", f"{label}: unit", Asks.CHOICE, options=options)
    return Setting(f"{path}.count", label, Asks.COUNT), unit


def _choice(path: str, label: str, kind: type[StrEnum], hint: str = "") -> Setting:
    return Setting(path, label, Asks.CHOICE, hint, _options(kind))


def _lines(path: str, label: str, hint: str = "") -> Setting:
    shape = KINDS[path.rpartition(".")[2]].shape
    return Setting(path, label, Asks.LINES, f"One a line: {shape}. {hint}".strip())


def _codes(path: str, label: str) -> Setting:
    return Setting(path, label, Asks.CODES, "Codes with commas between; empty means all.")


_DECIDERS = {r.value: r.label for r in Role if May.DEALS_DECIDE in GRANTS[r]}

SECTIONS = (
    Section(
        "Who may register what",
        (
            _codes("eligibility.lines", "Lines"),
            _codes("eligibility.partner_types", "Partner types"),
            _codes("eligibility.tiers", "Tiers"),
            _lines("eligibility.certificates", "Certificates needed"),
            _lines("minimum_sizes", "Smallest deal", "Without a region it holds everywhere."),
            _choice("tenders", "Tenders", deal_rules.TenderRule),
            Setting(
                "activity_needed",
                "The partner says what it did to earn the deal",
                Asks.CHECK,
            ),
            Setting(
                "idle.limit",
                "Most idle registrations",
                Asks.COUNT,
                "Empty: no limit.",
                is_optional=True,
            ),
            Setting("idle.after_days", "Idle after days without an update", Asks.COUNT),
        ),
    ),
    Section(
        "Is the customer open",
        (
            *_length("look_back.purchase", "Purchase looks back", is_optional=True),
            *_length("look_back.vendor_contact", "Vendor's contact looks back", is_optional=True),
            Setting("look_back.any_line", "A purchase of another line counts too", Asks.CHECK),
            Setting("look_back.own_sales", "What the partner sold itself counts too", Asks.CHECK),
            _choice("on_conflict", "An exact conflict", deal_rules.OnConflict),
            _choice("second.gets", "A second registrant gets", deal_rules.SecondGets),
            Setting("second.share", "Its share", Asks.TEXT, "A part of 1, such as 0.5."),
            _choice(
                "customer_check",
                "Partners can check a customer",
                deal_rules.CustomerCheck,
                "Instant lets a partner find out which customers others work on.",
            ),
        ),
    ),
    Section(
        "Deciding",
        (
            *_deadline("decision", "Decided within"),
            *_deadline("answer_limit", "Questions answered within"),
            _lines("auto_approval", "Approve a clean deal by rule"),
            _lines("routes", "Who approves", "The first that matches counts."),
            _choice("late.consequence", "After the deadline", deal_rules.WhenLate),
            Setting("late.escalate_to", "Escalated to", Asks.CHOICE, options=_DECIDERS),
            *_deadline("late.escalate_after", "Escalated after"),
            *_length("appeals.within", "Appeals raised within"),
            *_deadline("appeals.decided_in", "Appeals decided within"),
        ),
    ),
    Section(
        "Protection",
        (
            *_length("protection.length", "Protection lasts"),
            _choice("protection.starts_with", "It starts with", deal_rules.ProtectionStart),
            _lines("milestones", "Milestones", "Days count from the start."),
            Setting("extensions.limit", "Extensions at most", Asks.COUNT),
            *_length("extensions.length", "Each extends by"),
            Setting(
                "extensions.window_days",
                "Asked in the last days only",
                Asks.COUNT,
                "Empty: at any time.",
                is_optional=True,
            ),
            Setting("extensions.needs_evidence", "An extension needs evidence", Asks.CHECK),
            Setting("won_after_hours", "Hours before a deal can be won", Asks.COUNT),
        ),
    ),
    Section(
        "Discounts",
        (
            _choice("discounts.combine", "Several discounts", deal_rules.Combine),
            Setting(
                "discounts.cap",
                "Cap in percentage points",
                Asks.TEXT,
                "Empty: none.",
                is_optional=True,
            ),
        ),
    ),
    Section(
        "Calendar and clock",
        (
            Setting("calendar.zone", "Time zone", Asks.TEXT, "Such as Europe/Zurich."),
            _lines("calendar.shifts", "Opening hours"),
            Setting("calendar.country", "Public holidays of", Asks.TEXT, "Such as CH."),
            Setting("calendar.subdivision", "Part of the country", Asks.TEXT, "Such as ZH."),
            Setting("calendar.closed", "Further days off", Asks.CODES, "Days such as 2026-12-24."),
            Setting("tick_seconds", "Judged every so many seconds", Asks.COUNT),
        ),
    ),
)

SETTINGS = {s.name: s for section in SECTIONS for s in section.settings}


def answers_of(rules: DealRules) -> dict[str, Any]:
    """The rules as the form's fields hold them."""
    document = rules.to_dict()
    return {name: _told(setting, _at(document, setting.path)) for name, setting in SETTINGS.items()}


def rules_of(answers: Mapping[str, Any]) -> DealRules:
    """The rules that the form's fields describe.

    Raises Refused with the field, documents.NotADocument with the path of every problem.
    """
    document: dict[str, Any] = {}
    for name, setting in SETTINGS.items():
        _put(document, setting.path.split("."), _read(setting, answers.get(name)))
    for path in ("purchase", "vendor_contact"):
        if document["look_back"][path]["count"] is None:
            document["look_back"][path] = None
    return DealRules.from_dict(document)


def name_of(path: str) -> str:
    """The field that asks for what stands at `path`; "" where none does."""
    plain = path.partition("[")[0]
    while plain:
        name = plain.replace(".", "__")
        if name in SETTINGS:
            return name
        inner = next((known for known in SETTINGS if known.startswith(f"{name}__")), "")
        if inner:
            return inner
        plain = plain.rpartition(".")[0]
    return ""


def _at(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = None if document is None else document[name]
    return document


def _put(document: dict[str, Any], names: list[str], value: Any) -> None:
    for name in names[:-1]:
        document = document.setdefault(name, {})
    document[names[-1]] = value


def _told(setting: Setting, value: Any) -> Any:
    match setting.asks:
        case Asks.CHECK:
            return bool(value)
        case Asks.CODES:
            return lines.told_codes(value)
        case Asks.LINES:
            return KINDS[setting.path.rpartition(".")[2]].write(value)
        case Asks.CHOICE if value is None:
            return next(iter(setting.options or {"": ""}))
        case _:
            return "" if value is None else str(value)


def _read(setting: Setting, answer: Any) -> Any:
    match setting.asks:
        case Asks.CHECK:
            return bool(answer)
        case Asks.CODES:
            return lines.codes(answer or "")
        case Asks.LINES:
            return KINDS[setting.path.rpartition(".")[2]].read(answer or "", setting.name)
        case Asks.COUNT:
            return _count(setting, answer or "")
        case _:
            return None if setting.is_optional and not answer else answer or ""


def _count(setting: Setting, text: str) -> int | None:
    if not text and setting.is_optional:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise Refused(f"{setting.label}: write a whole number.", field=setting.name)
    return int(text)
