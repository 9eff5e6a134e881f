"""Everything that knows Flask but no feature."""
