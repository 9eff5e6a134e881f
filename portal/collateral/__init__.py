"""Collateral: what vendors make for partners to find, brand and hand on."""
