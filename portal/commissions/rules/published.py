"""The JSON Schema of plans, for editors and other programs, as published beside this module."""

from __future__ import annotations

import json

from portal.commissions.rules.documents import schema
from portal.commissions.rules.plan import Plan


def plan_schema_text() -> str:
    """What plan.schema.json says: the shape of a plan.  Gaps and sums are checked on reading."""
    return json.dumps({"title": "Commission plan", **schema(Plan)}, indent=2) + "\n"
