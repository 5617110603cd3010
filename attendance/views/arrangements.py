"""What makes a pupil's days differ from the school's: the page, own timetables and exemptions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from attendance.arrangement_forms import EndForm, ExemptionForm, RemoveForm, TimetableForm
from attendance.listings.arrangements_page import arrangements_page, kind_in_words, share_of
from attendance.listings.lapsing_timetables import AHEAD, lapsing_timetables
from attendance.listings.pupil_page import covers, visible_enrolments
from attendance.models import Enrolment, Exemption, OwnTimetable, Pupil
from attendance.services.arrangement_history import Author
from attendance.services.exemptions import change_exemption, end_exemption, note_exemption, remove_exemption
from attendance.services.timetables import (
    Agreement,
    agree_timetable,
    change_timetable,
    end_timetable,
    remove_timetable,
)
from attendance.views.confirming import Question, confirm_and_save
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.accounts.dutch_dates import period, short_date
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.read_log import log_read
from thuiszitters.accounts.roles import SCHOOL_WIDE, Role

ARRANGES = (Role.ADMINISTRATIE, Role.COO)
"""Who keeps enrolments, timetables and exemptions of the pupils of their own school."""


@for_roles(*SCHOOL_WIDE)
def arrangements(request: StaffRequest, code: UUID) -> HttpResponse:
    """Timetable, enrolments and exemptions of a pupil, with what was changed. Opening it is logged."""
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user), code=code)
    log_read(request, "rooster en inschrijving", pupil.code, of=DataClass.ARRANGEMENTS)
    grants = grants_of(request.user)
    page = arrangements_page(pupil, request.user, clock_today(), arranges=grants.school_ids(ARRANGES))
    return render(request, "attendance/arrangements.html", {"pupil": pupil, "page": page})


@for_roles(Role.ADMINISTRATIE, Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER)
def lapsing_list(request: StaffRequest) -> HttpResponse:
    """Own timetables that end soon, or that nobody gave an end."""
    found = lapsing_timetables(request.user, clock_today())
    template = "attendance/lapsing_timetables.html"
    context = {"found": found, "weeks": AHEAD.days // 7}
    return render(request, f"{template}#part" if request.htmx else template, context)


# Own timetables


@for_roles(*ARRANGES)
def timetable_add(request: StaffRequest, code: UUID) -> HttpResponse:
    """Agree on an own timetable."""
    pupil, today = pupil_here(request.user, code), clock_today()
    form = TimetableForm(posted(request), standard=standard_of(pupil, request.user, today), today=today)
    starts_here(form, pupil, request.user)
    return confirm_and_save(
        request,
        pupil=pupil,
        form=form,
        act=lambda: agree_timetable(pupil=pupil, agreement=form.agreement, author=Author(request.user), today=today),
        question=Question(
            title=f"Eigen rooster voor {pupil.first_name}",
            lead="Een rooster dat afwijkt van dat van de school, voor een afgesproken tijd.",
            button="Sla rooster op",
            said=lambda: timetable_words(form, today),
            done=lambda: f"Het rooster van {pupil.first_name} is opgeslagen.",
            template="attendance/timetable_form.html",
        ),
        today=today,
    )


@for_roles(*ARRANGES)
def timetable_change(request: StaffRequest, code: UUID) -> HttpResponse:
    """Have an own timetable say something else; what it said is kept."""
    row, today = timetable_here(request.user, code), clock_today()
    pupil = row.pupil
    standard = standard_of(pupil, request.user, today)
    form = TimetableForm(posted(request), standard=standard, today=today, row=row)
    starts_here(form, pupil, request.user, unless=row.first)
    return confirm_and_save(
        request,
        pupil=pupil,
        form=form,
        act=lambda: change_timetable(
            timetable=row, agreement=form.agreement, author=author(request, form), today=today
        ),
        question=Question(
            title=f"Rooster van {pupil.first_name} wijzigen",
            button="Sla wijziging op",
            said=lambda: timetable_words(form, today),
            done=lambda: f"Het rooster van {pupil.first_name} is gewijzigd.",
            template="attendance/timetable_form.html",
        ),
        today=today,
    )


@for_roles(*ARRANGES)
def timetable_end(request: StaffRequest, code: UUID) -> HttpResponse:
    """An own timetable ends earlier than was agreed."""
    row, today = timetable_here(request.user, code), clock_today()
    form = EndForm(posted(request), today=today)
    return confirm_and_save(
        request,
        pupil=row.pupil,
        form=form,
        act=lambda: end_timetable(
            timetable=row, last=form.cleaned_data["last"], author=author(request, form), today=today
        ),
        question=Question(
            title=f"Rooster van {row.pupil.first_name} eerder laten stoppen",
            lead=f"Eigen rooster {period(row.first, row.last, today)}. Daarna geldt het rooster van de school weer.",
            button="Laat rooster stoppen",
            said=lambda: [f"Het eigen rooster geldt tot en met {short_date(form.cleaned_data['last'], today)}."],
            done=lambda: (
                f"Het rooster van {row.pupil.first_name} stopt na {short_date(form.cleaned_data['last'], today)}."
            ),
        ),
        today=today,
    )


@for_roles(*ARRANGES)
def timetable_remove(request: StaffRequest, code: UUID) -> HttpResponse:
    """An own timetable was a mistake: it never held."""
    row, today = timetable_here(request.user, code), clock_today()
    form = RemoveForm(posted(request))
    return confirm_and_save(
        request,
        pupil=row.pupil,
        form=form,
        act=lambda: remove_timetable(timetable=row, author=author(request, form), today=today),
        question=Question(
            title="Dit rooster weghalen?",
            lead=f"Eigen rooster {period(row.first, row.last, today)}. Het is dan alsof het nooit gold; wat er stond "
            "blijft in de geschiedenis. Gold het wel, maar nu niet meer? Laat het dan stoppen.",
            button="Haal rooster weg",
            said=lambda: [f"Het eigen rooster {period(row.first, row.last, today)} telt niet meer."],
            done=lambda: f"Het rooster van {row.pupil.first_name} is weggehaald.",
            is_grave=True,
        ),
        today=today,
    )


# Exemptions


@for_roles(*ARRANGES)
def exemption_add(request: StaffRequest, code: UUID) -> HttpResponse:
    """Note an exemption."""
    pupil, today = pupil_here(request.user, code), clock_today()
    form = ExemptionForm(posted(request), today=today)
    starts_here(form, pupil, request.user)
    return confirm_and_save(
        request,
        pupil=pupil,
        form=form,
        act=lambda: note_exemption(pupil=pupil, ground=form.ground, author=Author(request.user), today=today),
        question=Question(
            title=f"Vrijstelling voor {pupil.first_name}",
            lead="Je schrijft op wat volgens de wet geldt. Zolang een vrijstelling geldt, telt er niets: "
            f"{pupil.first_name} is dan geen thuiszitter.",
            button="Sla vrijstelling op",
            said=lambda: exemption_words(form, today),
            done=lambda: f"De vrijstelling van {pupil.first_name} is opgeslagen.",
        ),
        today=today,
    )


@for_roles(*ARRANGES)
def exemption_change(request: StaffRequest, code: UUID) -> HttpResponse:
    """Have an exemption say something else; what it said is kept."""
    row, today = exemption_here(request.user, code), clock_today()
    form = ExemptionForm(posted(request), today=today, row=row)
    starts_here(form, row.pupil, request.user, unless=row.first)
    return confirm_and_save(
        request,
        pupil=row.pupil,
        form=form,
        act=lambda: change_exemption(exemption=row, ground=form.ground, author=author(request, form), today=today),
        question=Question(
            title=f"Vrijstelling van {row.pupil.first_name} wijzigen",
            button="Sla wijziging op",
            said=lambda: exemption_words(form, today),
            done=lambda: f"De vrijstelling van {row.pupil.first_name} is gewijzigd.",
        ),
        today=today,
    )


@for_roles(*ARRANGES)
def exemption_end(request: StaffRequest, code: UUID) -> HttpResponse:
    """An exemption ends."""
    row, today = exemption_here(request.user, code), clock_today()
    form = EndForm(posted(request), today=today)
    return confirm_and_save(
        request,
        pupil=row.pupil,
        form=form,
        act=lambda: end_exemption(
            exemption=row, last=form.cleaned_data["last"], author=author(request, form), today=today
        ),
        question=Question(
            title=f"Vrijstelling van {row.pupil.first_name} laten stoppen",
            lead=f"{kind_in_words(row.kind).capitalize()}, {period(row.first, row.last, today)}.",
            button="Laat vrijstelling stoppen",
            said=lambda: [f"De vrijstelling geldt tot en met {short_date(form.cleaned_data['last'], today)}."],
            done=lambda: f"De vrijstelling stopt na {short_date(form.cleaned_data['last'], today)}.",
        ),
        today=today,
    )


@for_roles(*ARRANGES)
def exemption_remove(request: StaffRequest, code: UUID) -> HttpResponse:
    """An exemption was a mistake: it never held."""
    row, today = exemption_here(request.user, code), clock_today()
    form = RemoveForm(posted(request))
    return confirm_and_save(
        request,
        pupil=row.pupil,
        form=form,
        act=lambda: remove_exemption(exemption=row, author=author(request, form), today=today),
        question=Question(
            title="Deze vrijstelling weghalen?",
            lead=f"{kind_in_words(row.kind).capitalize()}, {period(row.first, row.last, today)}. Het is dan alsof zij "
            "nooit gold; wat er stond blijft in de geschiedenis.",
            button="Haal vrijstelling weg",
            said=lambda: [f"Op {period(row.first, row.last, today)} telt afwezigheid weer mee."],
            done=lambda: f"De vrijstelling van {row.pupil.first_name} is weggehaald.",
            is_grave=True,
        ),
        today=today,
    )


# Whose, and in words


def posted(request: StaffRequest) -> dict[str, object] | None:
    return request.POST if request.method == "POST" else None  # type: ignore[return-value]


def author(request: StaffRequest, form: EndForm | RemoveForm | TimetableForm | ExemptionForm) -> Author:
    return Author(request.user, form.cleaned_data["why"])


def here(user: User) -> dict[str, object]:
    """The condition that a pupil is at a school of `user` now, or from a day to come: who left is another's."""
    return {"pupil__in": Enrolment.objects.visible_to(user).exclude(last__lt=clock_today()).values("pupil")}


def pupil_here(user: User, code: UUID) -> Pupil:
    at_school = Enrolment.objects.visible_to(user).exclude(last__lt=clock_today())
    return get_object_or_404(Pupil.objects.visible_to(user).filter(pk__in=at_school.values("pupil")), code=code)


def timetable_here(user: User, code: UUID) -> OwnTimetable:
    rows = OwnTimetable.objects.visible_to(user).filter(**here(user)).select_related("pupil")
    return get_object_or_404(rows, code=code)


def exemption_here(user: User, code: UUID) -> Exemption:
    rows = Exemption.objects.visible_to(user).filter(**here(user)).select_related("pupil")
    return get_object_or_404(rows, code=code)


def starts_here(form: TimetableForm | ExemptionForm, pupil: Pupil, user: User, *, unless: date | None = None) -> None:
    """Refuse a first day that does not lie at a school of this user, unless it is that already."""
    if not form.is_bound or not form.is_valid():
        return
    first = form.cleaned_data["first"]
    if first != unless and not covers(visible_enrolments(pupil, user), first):
        form.add_error(
            "first", f"Op deze dag is {pupil.first_name} niet ingeschreven op jouw school. Kies een andere dag."
        )


def standard_of(pupil: Pupil, user: User, today: date) -> tuple[int, int, int, int, int]:
    """The week of the place where the pupil is taught, as far as this user sees it."""
    rows = visible_enrolments(pupil, user)
    return next((row for row in rows if covers([row], today)), rows[-1]).place.week


def timetable_words(form: TimetableForm, today: date) -> list[str]:
    agreement: Agreement = form.agreement
    days = ", ".join(
        f"{label.lower()} {minutes}"
        for label, minutes in zip(("Ma", "Di", "Wo", "Do", "Vr"), agreement.week, strict=True)
    )
    return [
        (
            f"{dict(form.fields['kind'].choices)[agreement.kind].capitalize()}, "  # type: ignore[attr-defined]
            f"{period(agreement.first, agreement.until, today)}."
        ),
        f"Minuten per dag: {days}. Dat is {share_of(agreement.week, form.standard)} van het rooster van de school.",
        f"Afgesproken met {agreement.agreed_by}"
        + (f" op {short_date(agreement.agreed_on, today)}." if agreement.agreed_on else "."),
    ]


def exemption_words(form: ExemptionForm, today: date) -> list[str]:
    ground = form.ground
    until = (
        f"vanaf {short_date(ground.first, today)}" if ground.last is None else period(ground.first, ground.last, today)
    )
    return [f"{kind_in_words(ground.kind).capitalize()}, {until}.", f"Dit blijkt uit: {ground.decided_by}."]
