"""What a file may say of a child whose data was destroyed."""

from __future__ import annotations

from datetime import date

from attendance.importing import cells
from attendance.importing.children import NUMBER
from attendance.importing.refusals import RefusedRow


def check_came_back(first: date, destroyed_on: date, *, is_known: bool) -> None:
    """Refuse an enrolment of before a destruction, and that of a child of whom nobody said that it is back."""
    if is_known and first > destroyed_on:
        return
    raise RefusedRow(
        NUMBER,
        f"de gegevens van deze leerling op deze school zijn op {cells.dutch(destroyed_on)} vernietigd",
        "is de leerling daarna teruggekomen? Schrijf de leerling met de hand in, dan gaat deze rij daarna mee"
        if first > destroyed_on
        else "laat deze rij weg: wat vernietigd is, komt niet terug",
    )
