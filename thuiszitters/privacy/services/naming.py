"""Who may be named in a text: other pupils, people who work here, numbers and addresses. Computed by looking names up;
a suggestion to the reviewer, who decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from attendance.models import Enrolment, Pupil
from attendance.services.surnames import surname_key
from thuiszitters.accounts.models import School, User
from thuiszitters.privacy.redaction import Span

WORD = re.compile(r"[^\W\d_][\w'’-]*")
LONGEST_NAME = 3
"""Words of a surname without its prefix."""
SHORTEST_NAME = 3
"""Shorter names are too often another word."""
DAY, MONTH, YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
DATE = re.compile(
    rf"(?<!\d)(?<!\+31[ -])(?:{DAY}([-./]){MONTH}\1{YEAR}|{YEAR}-{MONTH}-{DAY})(?!\d)"
    # Of a year in two digits less is sure: 06-12-34 is how a number begins, and -10-11-12 how one goes on.
    r"|(?<![\d-])(?!06)(?:0[1-9]|[12]\d|3[01])-(?:0[1-9]|1[0-2])-\d\d(?!\d)"
)
BETWEEN = r"[ \u00a0().\-–/]{0,3}"
"""What people put between the digits of a number."""
PHONE = "telefoonnummer"
PATTERNS = (
    (
        PHONE,
        re.compile(
            rf"(?<!\d)(?:(?:\+|00)31{BETWEEN}(?:\(0\))?(?:{BETWEEN}\d){{9}}"  # +31 (0)6 12345678
            rf"|(?:\+|00)(?!31)[1-9](?:{BETWEEN}\d){{7,13}}"  # of another country
            rf"|\(?0(?:{BETWEEN}\d){{9}}\d?)(?!\d)"  # 06-12345678, (020) 123 45 67, 0800-1234567
        ),
    ),
    ("mailadres", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")),
    ("postcode", re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b")),
)


@dataclass(frozen=True)
class Suggestion:
    """A name or number in a text, of what, and where it stands."""

    words: str
    what: str
    spans: tuple[Span, ...]

    @property
    def is_likely(self) -> bool:
        """Whether this is nearly always about somebody else: proposed as black. Names of staff are not."""
        return "medewerker" not in self.what


def capitalised(text: str) -> set[str]:
    """Words and rows of words that begin with a capital and may be a name."""
    words = WORD.findall(text)
    found = set()
    for start, word in enumerate(words):
        if word[0].isupper():
            found |= {" ".join(words[start : start + size]) for size in range(1, LONGEST_NAME + 1)}
    return {word for word in found if len(word) >= SHORTEST_NAME}


def names_in(texts: Iterable[str], pupil: Pupil, school: School) -> dict[str, str]:
    """Names of others that stand in one of `texts`, with whose kind they are. A fixed number of queries."""
    words: set[str] = set()
    for text in texts:
        words |= capitalised(text)
    if not words:
        return {}
    keys = {surname_key(word): word for word in words}
    here = Enrolment.objects.filter(Q(school=school) | Q(place=school)).order_by()
    others = Pupil.objects.filter(pk__in=here.values("pupil")).exclude(pk=pupil.pk)
    found: dict[str, str] = {}
    own = {pupil.first_name, surname_key(pupil.surname)}
    for first_name, surname in (
        others.filter(Q(first_name__in=words) | Q(surname_key__in=keys))
        .values_list("first_name", "surname")
        .order_by("pk")
    ):
        if first_name in words and first_name not in own:
            found[first_name] = "naam van een andere leerling"
        if surname_key(surname) in keys and surname_key(surname) not in own:
            found[surname] = "naam van een andere leerling"
    for (name,) in User.objects.filter(is_active=True).values_list("name").order_by("pk"):
        parts = name.split()
        for candidate in (name, parts[-1] if parts else ""):
            if candidate in words and candidate not in found and surname_key(candidate) not in own:
                found[candidate] = "naam van een medewerker of ander bekend persoon"
    return found


def suggestions_in(text: str, names: dict[str, str]) -> list[Suggestion]:
    """What of `names`, and which numbers and addresses, stand in this text, in order of their place."""
    found = []
    for name, what in names.items():
        pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
        spans = tuple(match.span() for match in re.finditer(pattern, text))
        if spans:
            found.append(Suggestion(name, what, spans))
    for what, regex in PATTERNS:
        searched = _without_dates(text) if what == PHONE else text
        for words in dict.fromkeys(regex.findall(searched)):
            spans = tuple(match.span() for match in re.finditer(re.escape(words), text))
            found.append(Suggestion(words, what, spans))
    return sorted((one for one in found if not _inside_another(one, found)), key=lambda one: one.spans[0])


def _without_dates(text: str) -> str:
    # Two dates, or a date and a time, have as many digits as a number, and are none.
    return DATE.sub(lambda date: "#" * len(date.group()), text)


def _inside_another(one: Suggestion, found: list[Suggestion]) -> bool:
    """A surname that only stands where the whole name was found already."""
    wider = [span for other in found if other is not one and len(other.words) > len(one.words) for span in other.spans]
    return all(any(first <= span[0] and span[1] <= after for first, after in wider) for span in one.spans)
