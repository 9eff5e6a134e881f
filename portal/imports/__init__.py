"""Reading other people's tables into the portal: upload, columns, preview, run, undo.

What a table may hold is declared by an importer; this floor knows none of them.
"""
