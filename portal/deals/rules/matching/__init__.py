"""Whether two descriptions mean one end customer.

`profile_of` takes a description apart once; `keys` find candidates, of which `likeliest` are worth
comparing; `exact_keys` decide alone, and `compare` gives one score from explained parts, which
sends a pair to a person or lets it pass.
"""

from portal.deals.rules.matching.keys import exact_keys, keys
from portal.deals.rules.matching.pairs import COLUMNS, match_rows, read_pairs
from portal.deals.rules.matching.profile import EndCustomer, Profile, profile_of
from portal.deals.rules.matching.score import Match, Reason, Verdict, compare
from portal.deals.rules.matching.shortlist import likeliest
from portal.deals.rules.matching.vocabulary import COMMON

__all__ = [
    "COLUMNS",
    "COMMON",
    "EndCustomer",
    "Match",
    "Profile",
    "Reason",
    "Verdict",
    "compare",
    "exact_keys",
    "keys",
    "likeliest",
    "match_rows",
    "profile_of",
    "read_pairs",
]
