"""Making a PDF."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any


def typeset(template: Path, data: dict[str, Any], *, at: datetime | None = None) -> bytes:
    """A tagged PDF (PDF/UA-1) that says it was made `at`. What is printed is data to the template and never part of its
    source. Only with fonts that come along with typst: the same on every machine."""
    import typst  # noqa: PLC0415 - loaded by who prints, not by each process

    made: bytes = typst.compile(
        template,
        root=template.parent,
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=at,
    )
    return made
