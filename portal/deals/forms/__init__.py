"""What people type about registrations: shape only, nothing of the rules."""
