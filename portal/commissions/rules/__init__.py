"""Plans and the arithmetic of earning, pure.  Values in, lines with their explanation out."""
