"""What is asked on an import's way: files, columns, what to do with bad rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.imports.actions import ChooseColumns, Importer, Upload
from portal.imports.models import UploadedFile
from portal.imports.rules import Mode, Sheet, Suggestion, Table
from portal.imports.rules.amounts import Notation
from portal.imports.rules.days import DayOrder
from portal.imports.rules.records import open_questions
from portal.kernel.money import CURRENCIES
from portal.web.forms import (
    MultipleFileField,
    PortalForm,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextField,
)

NOT_USED = ""
ORDERS = {
    DayOrder.DAY_FIRST: "31-12-2026, day first",
    DayOrder.MONTH_FIRST: "12-31-2026, month first",
}


class UploadForm(PortalForm):
    known: frozenset[str] = frozenset()

    importer = RadioField("What is in the file", validate_choice=False)
    files = MultipleFileField("Files")

    def validate(self, extra_validators: Any = None) -> bool:
        sent = [file for file in self.files.data or [] if getattr(file, "filename", "")]
        if self.importer.data not in self.known:
            self.importer.errors = ["Choose what is in the file."]
        if not sent:
            self.files.errors = ["Choose a file."]
        return not self.importer.errors and not self.files.errors

    def offer(self, importers: Mapping[str, Importer]) -> None:
        self.known = frozenset(importers)
        self.importer.choices = [SelectChoice(i.name, i.label) for i in importers.values()]

    def command(self, *, ref: str, user_id: int) -> Upload:
        files = [(file.filename, file.read()) for file in self.files.data if file.filename]
        return Upload(ref=ref, files=files, user_id=user_id)


@dataclass(frozen=True, slots=True)
class Source:
    """One uploaded table, as the form about its columns needs it."""

    file: UploadedFile
    sheet: Sheet
    table: Table

    def field(self, key: str) -> str:
        return f"file{self.file.id}_{key}"


class ColumnsForm(PortalForm):
    """One choice per column and file, built by `columns_form`."""

    currency = TextField("Currency", most=3)
    day_order = SelectField("Dates such as 03-04-2026", validate_choice=False)
    notation = SelectField("Amounts", validate_choice=False)

    sources: Sequence[Source] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Needed columns have a place, no place is used twice, and nothing is left open."""
        self.currency.data = (self.currency.data or "").upper()
        if self.currency.data not in CURRENCIES:
            self.currency.errors = ["Enter a currency such as EUR or USD."]
        for source in self.sources:
            self._check(source)
        is_clear = not any(field.errors for field in self)
        if is_clear:
            self._ask()
        return not any(field.errors for field in self)

    def _check(self, source: Source) -> None:
        taken: dict[str, str] = {}
        for column in source.sheet.columns:
            field = self[source.field(column.key)]
            place = field.data or NOT_USED
            if place != NOT_USED and place not in self._places(source):
                field.errors = ["Choose one of the file's columns."]
            elif place == NOT_USED and column.is_required:
                field.errors = [f"Choose the column that holds {column.label.lower()}."]
            elif place != NOT_USED and place in taken:
                field.errors = [f"This column is already used for {taken[place]}."]
            taken.setdefault(place, column.label.lower())

    def _places(self, source: Source) -> set[str]:
        return {str(place) for place in range(len(source.table.header))}

    def _ask(self) -> None:
        for source in self.sources:
            asked = open_questions(
                source.sheet, source.table, self.mapping(source), self.currency.data or ""
            )
            if "day_order" in asked and self.day_order.data not in set(DayOrder):
                why = f"{asked['day_order']} can be read two ways. Choose which number is the day."
                self.day_order.errors = [why]
            if "notation" in asked and self.notation.data not in set(Notation):
                why = f"{asked['notation']} can be read two ways. Choose how amounts are written."
                self.notation.errors = [why]

    def mapping(self, source: Source) -> dict[str, int]:
        chosen = {c.key: self[source.field(c.key)].data for c in source.sheet.columns}
        return {key: int(place) for key, place in chosen.items() if place}

    def command(self) -> ChooseColumns:
        choices = {"currency": self.currency.data or ""}
        choices |= {"day_order": self.day_order.data} if self.day_order.data else {}
        choices |= {"notation": self.notation.data} if self.notation.data else {}
        return ChooseColumns(
            mappings={source.file.id: self.mapping(source) for source in self.sources},
            choices=choices,
        )


def columns_form(sources: Sequence[Source]) -> type[ColumnsForm]:
    """The form for these files: a field for each column that their sheets can have."""
    fields: dict[str, Any] = {"sources": tuple(sources)}
    for source in sources:
        places = [SelectChoice(str(n), name) for n, name in enumerate(source.table.header)]
        for column in source.sheet.columns:
            fields[source.field(column.key)] = SelectField(
                column.label,
                choices=[SelectChoice(NOT_USED, "Not in the file"), *places],
                default=str(source.file.mapping.get(column.key, NOT_USED)),
                description=column.hint,
                validate_choice=False,
            )
    return type("ColumnsForm", (ColumnsForm,), fields)


def offer_readings(form: ColumnsForm) -> None:
    """What can be chosen where a file can be read two ways."""
    said = SelectChoice("", "As the file shows")
    form.day_order.choices = [said, *(SelectChoice(o.value, words) for o, words in ORDERS.items())]
    form.notation.choices = [said, *(SelectChoice(n.value, n.value) for n in Notation)]


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


class RunForm(PortalForm):
    mode = RadioField("If rows have problems", default=Mode.GOOD_ROWS.value, validate_choice=False)
    corrections = SelectMultipleField("Take these corrections", validate_choice=False)

    def offer(self, suggested: Sequence[Suggestion]) -> None:
        self.mode.choices = [
            SelectChoice(Mode.GOOD_ROWS.value, "Import the good rows"),
            SelectChoice(Mode.ALL_OR_NOTHING.value, "Import all rows or nothing"),
        ]
        self.corrections.choices = [
            SelectChoice(each.code, f"{each.given} → {each.proposed} ({_rows(each.count)})")
            for each in suggested
        ]

    def chosen_mode(self) -> Mode:
        return Mode(self.mode.data) if self.mode.data in set(Mode) else Mode.GOOD_ROWS

    def taken(self, suggested: Sequence[Suggestion]) -> dict[str, str]:
        chosen = set(self.corrections.data or [])
        return {each.code: each.proposed for each in suggested if each.code in chosen}
