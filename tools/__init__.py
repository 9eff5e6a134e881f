"""What `make` calls for developers. The portal itself imports nothing from here."""
