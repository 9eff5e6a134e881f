"""People: their roles, their sessions, how they sign in, and whose eyes they have."""
