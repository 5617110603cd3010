"""Files on their way in, and the reports of those that are in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.db.models.query import QuerySet

from attendance.facts import schools_of
from attendance.importing.undo import kept_changes, later_imports
from attendance.models import FileUpload, ImportChange, RefusedLine, RegisterImport
from attendance.models.imports import ChangeKind, Outcome
from attendance.models.uploads import (
    IMPORTS_FOR_SCHOOL,
    KINDS_FOR_BEHEERDER,
    KINDS_FOR_SCHOOL,
    FileKind,
)
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import reach_of

ON_A_PAGE = 50
STEP = 5
"""Per cent: how fine a progress is told, so that a screen reader is not talked to all the time."""


def kinds_for(user: User) -> tuple[FileKind, ...]:
    """What `user` may import: files about pupils for the own school, for a beheerder those about schools."""
    grants = grants_of(user)
    for_school = KINDS_FOR_SCHOOL if grants.has(*IMPORTS_FOR_SCHOOL) else ()
    return (*for_school, *(KINDS_FOR_BEHEERDER if grants.has(Role.BEHEERDER) else ()))


def schools_for(user: User) -> QuerySet[School]:
    """The schools about whose pupils `user` may import."""
    return School.objects.filter(pk__in=grants_of(user).school_ids(IMPORTS_FOR_SCHOOL))


def reports_listed_for(user: User) -> QuerySet[RegisterImport]:
    """Imports of which `user` may see the counts: of the own schools; for a beheerder of the schools they set up."""
    mine = Q(school__in=schools_for(user)) | Q(school__isnull=True, by=user)
    if grants_of(user).has(Role.BEHEERDER):
        mine |= Q(school__in=reach_of(user).schools)
    return RegisterImport.objects.filter(mine).select_related("school", "by").order_by("-started_at", "-pk")


def reports_opened_by(user: User) -> QuerySet[RegisterImport]:
    """Imports that `user` may open and undo: about pupils of the own school, or the own ones about schools."""
    mine = Q(kind__in=KINDS_FOR_SCHOOL, school__in=schools_for(user))
    if grants_of(user).has(Role.BEHEERDER):
        mine |= Q(kind__in=KINDS_FOR_BEHEERDER, by=user)
    return RegisterImport.objects.filter(mine).select_related("school", "by")


@dataclass(frozen=True)
class ReportLine:
    """An import in the list: what kind in words, and whether the reader may open it."""

    report: RegisterImport
    kind: str
    may_open: bool


def page_of_reports(user: User, number: str) -> tuple[Page[RegisterImport], list[ReportLine]]:
    """A page of the list, newest first, with its lines."""
    page = Paginator(reports_listed_for(user), ON_A_PAGE).get_page(number)
    opened = set(reports_opened_by(user).filter(pk__in=[row.pk for row in page]).values_list("pk", flat=True))
    return page, [ReportLine(row, kind_in_words(row.kind), row.pk in opened) for row in page]


def kind_in_words(kind: str) -> str:
    """What an import was of, as people call it."""
    return FileKind(kind).label if kind in FileKind.values else kind


def page_of_refused(upload: FileUpload, number: str) -> Page[RefusedLine]:
    """The refused rows of a file, in its order."""
    return Paginator(upload.refused_lines.order_by("line", "pk"), ON_A_PAGE).get_page(number)


@dataclass(frozen=True)
class Progress:
    """How far a job is. `percent` None: not to be said."""

    what: str
    percent: int | None

    @property
    def stand(self) -> str:
        """Another one is worth telling."""
        return f"{self.what}:{self.percent}"


def progress_of(upload: FileUpload) -> Progress:
    """What the job said last."""
    if not upload.started:
        return Progress("wacht op zijn beurt", None)
    total = upload.told.get("total", 0)
    if not total:
        return Progress("bestand wordt gelezen", None)
    return Progress(str(upload.told["what"]), 100 * upload.told["done"] // total // STEP * STEP)


def last_complete_day(schools: QuerySet[School], today: date) -> date | None:
    """The last day of which a school knows by now who was absent: its last school day before today. Of more schools the
    earliest, since too late a day would count absent pupils as present."""
    before = today - timedelta(days=1)
    known = schools_of(set(schools.values_list("pk", flat=True)))
    days = [school.calendar.school_day_on_or_before(before) for school in known.values()]
    return min(days, default=None)


@dataclass(frozen=True)
class ToUndo:
    """What undoing an import is about: changes by kind in words, and imports of the kind that came after it."""

    changes: tuple[tuple[str, int], ...]
    later: int

    @property
    def possible(self) -> bool:
        """Whether it is known what the import changed."""
        return bool(self.changes)


def to_undo(report: RegisterImport) -> ToUndo:
    """What would be taken back."""
    rows = report.changes.filter(outcome=Outcome.STANDS).values("kind").annotate(n=Count("pk")).order_by("-n", "kind")
    later = later_imports(report).filter(school=report.school_id).count()
    return ToUndo(tuple((ChangeKind(row["kind"]).label, row["n"]) for row in rows), later)


def undo_progress(report: RegisterImport) -> Progress:
    """How far undoing is."""
    total, done = report.changes.count(), report.undone + report.kept
    return Progress("wordt ongedaan gemaakt", 100 * done // total // STEP * STEP if total else None)


def page_of_kept(report: RegisterImport, number: str) -> Page[ImportChange]:
    """What undoing left as it was, each with why."""
    return Paginator(kept_changes(report), ON_A_PAGE).get_page(number)
