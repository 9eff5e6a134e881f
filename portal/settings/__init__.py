"""The programme's settings as pages: what is in force, what would change, and a trial of it."""
