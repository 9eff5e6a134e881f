"""Forms of the library, and its filters as they stand in the address."""

from __future__ import annotations

from collections.abc import Mapping

from portal.collateral.actions.library import Ask
from portal.collateral.queries.library import Filters
from portal.collateral.rules.assets import AssetKind, Stage
from portal.web.forms import LinesField, Needed, PortalForm, TextField

ONLY = ("favourites", "new")


class PressForm(PortalForm):
    """A button: nothing is sent but the token of the page."""


class AskForm(PortalForm):
    words = TextField("What are you looking for?", [Needed("Say what you are looking for")])
    note = LinesField("What is it for?", most=2_000)

    def command(self, new_ref: str) -> Ask:
        return Ask(new_ref=new_ref, words=self.words.data or "", note=self.note.data or "")


def filters_from(args: Mapping[str, str]) -> Filters:
    """What an address narrows the library to; values that are not known narrow nothing."""

    def among(name: str, known: object) -> str:
        value = args.get(name, "")
        return value if isinstance(known, list | tuple) and value in known else ""

    return Filters(
        kind=among("kind", [kind.value for kind in AssetKind]),
        stage=among("stage", [stage.value for stage in Stage]),
        only=among("only", ONLY),
        line=args.get("line", "")[:60].strip(),
        language=args.get("language", "")[:5].strip(),
    )
