"""Forms of kits."""

from __future__ import annotations

from typing import Any

from wtforms.fields import BooleanField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from portal.collateral.actions.kits import SaveKit
from portal.collateral.forms.desk import options
from portal.collateral.rules import audience
from portal.collateral.rules.assets import Stage
from portal.web.forms import LinesField, Needed, PortalForm, TextField


class KitForm(PortalForm):
    title = TextField("Title", [Needed("Enter a title")])
    summary_text = LinesField("What it is for", most=2_000)
    stage = SelectField(
        "Sales stage",
        choices=options((stage.value, stage.label) for stage in Stage),
        validate_choice=False,
    )
    pieces = LinesField("Pieces", [Needed("Name at least one piece")], most=2_000)
    is_for_all = BooleanField("Every partner")
    types = SelectMultipleField("Partner types", validate_choice=False)
    tiers = SelectMultipleField("Partner levels", validate_choice=False)
    is_live = BooleanField("Partners may take it")

    def validate_stage(self, field: SelectField) -> None:
        if field.data not in set(Stage):
            raise ValidationError("Choose a stage.")

    def command(self) -> SaveKit:
        """Raises Refused("nobody")."""
        return SaveKit(
            title=self.title.data or "",
            summary=self.summary_text.data or "",
            line_codes="",
            stage=Stage(self.stage.data),
            asset_refs=tuple((self.pieces.data or "").split()),
            audience=audience.tokens(
                is_for_all=self.is_for_all.data,
                types=self._chosen("types"),
                tiers=self._chosen("tiers"),
                partners=(),
            ),
            is_live=self.is_live.data,
        )

    def _chosen(self, name: str) -> list[str]:
        field: Any = getattr(self, name)
        offered = {choice.value for choice in field.choices or ()}
        return [value for value in field.data or () if value in offered]
