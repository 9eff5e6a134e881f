"""What a downloaded file is called: its title, version and language."""

from __future__ import annotations

from portal.files.kinds import FORMS, Kind


def download_name(title: str, number: int, language: str, kind: Kind) -> str:
    """Such as "Observe datasheet, EN, v3.pdf"."""
    parts = [title, *([language.upper()] if language else []), f"v{number}"]
    return f"{', '.join(parts)}.{FORMS[kind].extensions[0]}"
