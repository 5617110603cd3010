"""The year of a school, and its own free and open days."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models.query import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from attendance.calendar_forms import OwnDaysForm
from attendance.listings.set_up_effect import effect_of_own_days, own_days_of
from attendance.listings.year_calendar import FIRST_YEAR, LAST_YEAR, LEGEND, known_year, year_calendar
from attendance.models import CalendarException
from attendance.models.calendar import ExceptionKind
from attendance.services.own_days import add_own_days, change_own_days, own_days_at, remove_own_days
from attendance.services.periods import PeriodError
from attendance.services.seen import ChangedMeanwhileError, mark_of_school
from attendance.tasks import last_finished_day
from attendance.views.setup.asked import Told, is_confirmed, seen_of, wants_to_change
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.dutch_dates import period
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import reach_of

SEES_THE_YEAR = (Role.BEHEERDER, Role.ADMINISTRATIE, Role.SCHOOLLEIDER)


@for_roles(*SEES_THE_YEAR)
def school_years(request: StaffRequest) -> HttpResponse:
    """The schools of which one sees the year; with one school that year itself."""
    schools = list(schools_of(request))
    year = known_year(clock_today())
    if len(schools) == 1:
        return redirect("attendance:school_year", code=schools[0].code, year=year)
    return render(request, "attendance/school_years.html", {"schools": schools, "year": year})


@for_roles(*SEES_THE_YEAR)
def school_year(request: StaffRequest, code: UUID, year: int) -> HttpResponse:
    """Holidays, own days and school days of a school year, with how much school there is. No pupils."""
    school = get_object_or_404(schools_of(request), code=code)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    context = {
        "school": school,
        "found": year_calendar(school, year, clock_today()),
        "legend": LEGEND,
        "years": range(FIRST_YEAR, LAST_YEAR + 1),
        "may_change": reach_of(request.user).schools.filter(pk=school.pk).exists(),
    }
    return render(request, "attendance/school_year.html", context)


@for_roles(Role.BEHEERDER)
def own_days_add(request: StaffRequest, code: UUID) -> HttpResponse:
    """Free or open days come; first with their effect."""
    school = get_object_or_404(reach_of(request.user).schools, code=code)
    return own_days_form(request, school, None)


@for_roles(Role.BEHEERDER)
def own_days_change(request: StaffRequest, code: UUID, first: date) -> HttpResponse:
    """Own days become other ones; first with their effect."""
    school = get_object_or_404(reach_of(request.user).schools, code=code)
    return own_days_form(request, school, own_days_from(school, first))


@for_roles(Role.BEHEERDER)
def own_days_remove(request: StaffRequest, code: UUID, first: date) -> HttpResponse:
    """Own days go; first with their effect."""
    school = get_object_or_404(reach_of(request.user).schools, code=code)
    row = own_days_from(school, first)
    again = False
    if request.method == "POST":
        try:
            remove_own_days(own_days=row, seen=seen_of(request))
        except ChangedMeanwhileError:
            again = True
        else:
            said = row.description or row.get_kind_display()
            messages.success(request, f"Weggehaald: {said}, {period(row.first, row.last, clock_today())}.")
            return back_to_year(school, row.first)
    seen = mark_of_school(school)
    effect = effect_of_own_days(
        school,
        own_days_of(school, but=row),
        (row.first, row.last),
        today=clock_today(),
        finished=last_finished_day(),
    )
    context = {"school": school, "row": row, "told": Told(effect, seen, again), "year": known_year(row.first)}
    return render(request, "attendance/own_days_remove.html", context)


def own_days_form(request: StaffRequest, school: School, row: CalendarException | None) -> HttpResponse:
    """Fill in, see the effect, save."""
    initial = {name: getattr(row, name) for name in ("kind", "first", "last", "description")} if row else {}
    form = OwnDaysForm(request.POST if request.method == "POST" else None, school=school, row=row, initial=initial)
    told = None
    if form.is_valid() and not wants_to_change(request):
        again = False
        if is_confirmed(request):
            try:
                saved = save(form, school, row, seen_of(request))
            except ChangedMeanwhileError:
                again = True
            except PeriodError as error:
                form.add_error(None, str(error))
            else:
                said = period(saved.first, saved.last, clock_today())
                messages.success(request, f"Opgeslagen: {saved.description}, {said}.")
                return back_to_year(school, saved.first)
        if form.is_valid():
            told = told_of(form, school, row, again=again)
    context = {
        "school": school,
        "row": row,
        "form": form,
        "told": told,
        "year": known_year(row.first if row else clock_today()),
    }
    return render(request, "attendance/own_days_form.html", context)


def save(form: OwnDaysForm, school: School, row: CalendarException | None, seen: str) -> CalendarException:
    data = form.cleaned_data
    kind, said = ExceptionKind(data["kind"]), data["description"]
    if row is None:
        return add_own_days(
            school=school, first=data["first"], last=data["last"], kind=kind, description=said, seen=seen
        )
    return change_own_days(own_days=row, first=data["first"], last=data["last"], kind=kind, description=said, seen=seen)


def told_of(form: OwnDaysForm, school: School, row: CalendarException | None, *, again: bool) -> Told:
    seen = mark_of_school(school)
    data, (first, last) = form.cleaned_data, form.span
    after = [
        *own_days_of(school, but=row),
        (first, last, data["kind"], data["description"]),
    ]
    span = (first, last) if row is None else (min(first, row.first), max(last, row.last))
    effect = effect_of_own_days(school, after, span, today=clock_today(), finished=last_finished_day())
    return Told(effect, seen, again)


def schools_of(request: StaffRequest) -> QuerySet[School]:
    """The schools of which this user sees the year."""
    own = grants_of(request.user).school_ids({Role.ADMINISTRATIE, Role.SCHOOLLEIDER})
    return (reach_of(request.user).schools | School.objects.filter(pk__in=own)).distinct().order_by("name", "pk")


def own_days_from(school: School, first: date) -> CalendarException:
    return get_object_or_404(own_days_at(school), first=first)


def back_to_year(school: School, day: date) -> HttpResponse:
    return redirect("attendance:school_year", code=school.code, year=known_year(day))
