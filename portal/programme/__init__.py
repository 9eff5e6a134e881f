"""The programme: the rules a vendor's channel plays by, as data."""
