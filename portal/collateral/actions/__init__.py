"""Changing collateral: one verb a function.  The door owns the transaction."""
