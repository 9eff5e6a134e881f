"""Vocabulary every feature shares: the standard library and a few pure libraries, nothing else."""
