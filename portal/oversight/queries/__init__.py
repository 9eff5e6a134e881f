"""What the reports count, in the viewer's scope."""
