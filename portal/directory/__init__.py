"""Companies and their people as pages: the partner directory, a company in full, its own page."""
