"""What judging a file ends with: its kind, or why it is turned down in words for the person who
chose it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.files.kinds import FORMS, Kind

REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "empty": "This file is empty. Choose the file again.",
        "too_large": (
            "This file is larger than {limit} MB, the most for {label} here. Make it smaller."
        ),
        "wrong_type": "This kind of file is not taken here. Choose {choice}.",
        "mismatch": (
            "The name says {label}, but the content is something else. Choose the original file."
        ),
        "active_content": "This file can run scripts in a browser. Choose {choice}.",
        "broken": (
            "This {label} file is damaged or incomplete. Export it again and choose the new one."
        ),
        "encrypted": (
            "This file is locked with a password. Save it without one and choose the new file."
        ),
        "old_office": "This is a file of an old Office version. Save it as .pptx, .docx or .xlsx.",
        "macros": (
            "This Office file contains macros. Save it without macros and choose the new file."
        ),
        "outside_links": (
            "This Office file loads parts from elsewhere. Break its links and choose the new file."
        ),
        "polyglot": (
            "Something else is hidden in this {label} file. Export it again from the "
            "program it was made with."
        ),
        "too_many_entries": "This archive holds more than {entries} files. Split it into several.",
        "bomb": "This file unpacks to far more than it should. Choose the original file.",
        "unsafe_archive": (
            "This archive holds links, or names that leave its folder. Pack the plain files again."
        ),
        "nested_archive": "This archive holds another archive. Pack the files themselves.",
        "program": "This archive holds a program. Pack only documents, pictures and videos.",
        "too_many_pixels": "This picture has more than {pixels} million pixels. Make it smaller.",
        "animated": "This picture moves. Choose a still picture.",
        "malware": (
            "This file looks like malware and was not kept. Check the computer that it comes from."
        ),
        "unreadable": (
            "This file could not be read within the limits of time and memory. Export it "
            "in a simpler form."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` is what the file is, or would be by its name; `code` is empty when it is taken."""

    kind: Kind | None
    code: str = ""
    message: str = ""

    @property
    def is_accepted(self) -> bool:
        return not self.code

    @property
    def media_type(self) -> str:
        """What it may be served as; octets when it was not accepted."""
        return (
            FORMS[self.kind].media_type
            if self.kind and self.is_accepted
            else "application/octet-stream"
        )


class Unacceptable(Exception):
    """Raised by the checks of one kind; carries the code of a refusal.  Never leaves the judge."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
