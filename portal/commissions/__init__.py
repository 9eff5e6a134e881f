"""What partners earn: plans, the engine that applies them, and the cases that prove it."""
