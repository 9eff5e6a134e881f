"""Documents of the programme: what they may say, how they are stored, what they mean in words."""
