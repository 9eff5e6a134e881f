"""Files: judging them by content, storing, serving, reading and branding them.  No database, no
pages.

Heavy libraries (pypdf, pypdfium2, Pillow, typst, obstore) are imported where they are used, so that
a web process stays small; work on a file from outside runs through `portal.files.sandbox`.
"""
