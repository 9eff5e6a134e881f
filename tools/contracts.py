"""The import contract for rooms, which covers every feature there is without a list of them."""

from __future__ import annotations

import grimp
from importlinter import Contract, ContractCheck, fields
from importlinter.contracts.layers import LayersContract


class RoomsContract(Contract):
    """Exhaustive layers inside each package of the root package, but those named in `without`."""

    type_name = "rooms"
    layers = fields.ListField(subfield=fields.StringField())
    without = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001
        (root,) = self.session_options["root_packages"]
        spared = {f"{root}.{name}" for name in self.contract_options["without"]}
        features = [
            child
            for child in sorted(graph.find_children(root))
            if graph.find_children(child) and child not in spared
        ]
        return self.layers_of(features).check(graph, verbose)

    def render_broken_contract(self, check: ContractCheck) -> None:
        self.layers_of([]).render_broken_contract(check)

    def layers_of(self, features: list[str]) -> LayersContract:
        """The library's own contract for these packages; one for none, to print what broke."""
        where = {"containers": features, "exhaustive": "True"} if features else {}
        options = {"layers": self.contract_options["layers"], **where}
        return LayersContract(self.name, self.session_options, options)
