"""Every importer the portal has: what each kind of file holds and which rows come of it.

The floor below knows how to read, plan, write and undo; the features know their tables and rules;
here the two are brought together.
"""

from portal.importers import crm, customers, partners, people, products, registrations
from portal.imports.actions import Importer

IMPORTERS: dict[str, Importer] = {
    importer.name: importer
    for importer in (
        partners.IMPORTER,
        people.IMPORTER,
        customers.IMPORTER,
        products.IMPORTER,
        registrations.IMPORTER,
        crm.IMPORTER,
    )
}

__all__ = ["IMPORTERS"]
