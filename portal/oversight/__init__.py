"""What the vendor oversees: the log, how the process runs, and how it is conducted.  Reads only."""
