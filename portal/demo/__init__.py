"""The demo story: a vendor, its channel, and two years of registrations, told through the actions.

Seeded: names, references and amounts are the same everywhere; dates end on the day it is told.
"""
