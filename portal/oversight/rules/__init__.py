"""Figures and words of oversight, without a database."""
