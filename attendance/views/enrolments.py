"""Where a pupil is enrolled and taught: leaving, moving, correcting, and enrolling somebody new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.db.models.query import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from attendance.enrolment_forms import ClassForm, DatesForm, LeaveForm, PlaceForm
from attendance.models import Enrolment, Group
from attendance.models.pupils import LeavingReason
from attendance.services.arrangement_history import Author
from attendance.services.enrolments import correct_enrolment, leave_school, move_to_group, move_to_place
from attendance.services.periods import PeriodOverlap
from attendance.views.arrangements import ARRANGES, posted
from attendance.views.confirming import Question, confirm_and_save
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.dutch_dates import period, short_date
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User


@for_roles(*ARRANGES)
def enrolment_leave(request: StaffRequest, code: UUID) -> HttpResponse:
    """The pupil leaves this school, perhaps for another one that is known here."""
    row, today = kept_by(request.user, code), clock_today()
    form = LeaveForm(posted(request), schools=schools_to_go_to(row).exclude(pk=row.school_id), today=today)

    def said() -> list[str]:
        data, to = form.cleaned_data, form.next_school
        reason = LeavingReason(data["leaving_reason"]).label
        last = short_date(data["last"], today)
        texts = [f"{row.pupil.first_name} is op {row.school} ingeschreven tot en met {last}: {reason}."]
        if to is not None:
            texts.append(f"Vanaf {short_date(to.first, today)} is {row.pupil.first_name} ingeschreven op {to.school}.")
        return texts

    return confirm_and_save(
        request,
        pupil=row.pupil,
        form=form,
        act=lambda: leave_school(
            enrolment=row,
            last=form.cleaned_data["last"],
            leaving_reason=form.cleaned_data["leaving_reason"],
            to=form.next_school,
            author=Author(request.user),
            today=today,
        ),
        question=Question(
            title=f"{row.pupil.first_name} vertrekt van {row.school}",
            lead="Jullie blijven de tijd op jullie school zien. Wat daarna is, ziet de nieuwe school.",
            button="Schrijf uit",
            said=said,
            done=lambda: f"{row.pupil.first_name} is uitgeschreven na {short_date(form.cleaned_data['last'], today)}.",
        ),
        today=today,
        seen=seen_by(request.user),
    )


@for_roles(*ARRANGES)
def enrolment_correct(request: StaffRequest, code: UUID) -> HttpResponse:
    """The dates of an enrolment were wrong."""
    row, today = kept_by(request.user, code), clock_today()
    form = DatesForm(posted(request), row=row, today=today)
    return confirm_and_save(
        request,
        pupil=row.pupil,
        form=form,
        act=lambda: correct_enrolment(
            enrolment=row,
            first=form.cleaned_data["first"],
            last=form.cleaned_data["last"],
            leaving_reason=form.cleaned_data["leaving_reason"],
            author=Author(request.user, form.cleaned_data["why"]),
            today=today,
        ),
        question=Question(
            title="Inschrijving verbeteren",
            lead=f"{row.school}, {since_or_period(row.first, row.last, today)}.",
            button="Sla verbetering op",
            said=lambda: [
                (
                    f"{row.pupil.first_name} was ingeschreven op {row.school}: "
                    f"{since_or_period(form.cleaned_data['first'], form.cleaned_data['last'], today)}."
                )
            ],
            done=lambda: f"De inschrijving van {row.pupil.first_name} is verbeterd.",
        ),
        today=today,
        seen=seen_by(request.user),
    )


@for_roles(*ARRANGES)
def enrolment_place(request: StaffRequest, code: UUID) -> HttpResponse:
    """The pupil is taught at another place, and stays enrolled here."""
    row, today = kept_by(request.user, code), clock_today()
    form = PlaceForm(posted(request), schools=schools_to_go_to(row).exclude(pk=row.place_id), today=today)
    return confirm_and_save(
        request,
        pupil=row.pupil,
        form=form,
        act=lambda: move_to_place(
            enrolment=row,
            place=form.cleaned_data["place"],
            group=None,
            since=form.cleaned_data["since"],
            author=Author(request.user),
            today=today,
        ),
        question=Question(
            title=f"{row.pupil.first_name} krijgt les op een andere plek",
            lead=f"{row.school} blijft de stamschool: de inschrijving en de meldingen blijven daar.",
            button="Sla plaats op",
            said=lambda: [
                (
                    f"Vanaf {short_date(form.cleaned_data['since'], today)} krijgt {row.pupil.first_name} les op "
                    f"{form.cleaned_data['place']}. De klas kiest {form.cleaned_data['place']} zelf."
                )
            ],
            done=lambda: f"{row.pupil.first_name} krijgt les op {form.cleaned_data['place']}.",
        ),
        today=today,
        seen=seen_by(request.user),
    )


@for_roles(*ARRANGES)
def enrolment_class(request: StaffRequest, code: UUID) -> HttpResponse:
    """The pupil goes to another class at the same place."""
    today = clock_today()
    mine = grants_of(request.user).school_ids(ARRANGES)
    rows = Enrolment.objects.visible_to(request.user).filter(place__in=mine).exclude(last__lt=today)
    row = get_object_or_404(rows.select_related("pupil", "school", "place", "group"), code=code)
    groups = Group.objects.visible_to(request.user).filter(school=row.place_id).order_by("name")
    form = ClassForm(posted(request), groups=groups, today=today)
    return confirm_and_save(
        request,
        pupil=row.pupil,
        form=form,
        act=lambda: move_to_group(
            enrolment=row,
            group=form.cleaned_data["group"],
            since=form.cleaned_data["since"],
            author=Author(request.user),
            today=today,
        ),
        question=Question(
            title=f"Andere klas voor {row.pupil.first_name}",
            lead=f"Nu: {row.group}." if row.group else f"{row.pupil.first_name} zit nog in geen klas.",
            button="Sla klas op",
            said=lambda: [
                (
                    f"Vanaf {short_date(form.cleaned_data['since'], today)} zit {row.pupil.first_name} in "
                    f"{form.cleaned_data['group']}. De mentor van die klas ziet {row.pupil.first_name} dan."
                )
            ],
            done=lambda: f"{row.pupil.first_name} zit nu in {form.cleaned_data['group']}.",
        ),
        today=today,
    )


def kept_by(user: User, code: UUID) -> Enrolment:
    """An enrolment at a school of enrolment where this user keeps the files."""
    rows = Enrolment.objects.visible_to(user).filter(school__in=grants_of(user).school_ids(ARRANGES))
    return get_object_or_404(rows.select_related("pupil", "school", "place", "group"), code=code)


def schools_to_go_to(row: Enrolment) -> QuerySet[School]:
    """The schools that a pupil can be sent to from here: those of the same alliance."""
    return School.objects.filter(alliance=row.school.alliance_id, alliance__isnull=False).order_by("name", "brin")


def seen_by(user: User) -> Callable[[PeriodOverlap], bool]:
    """Whether this user may know of the enrolment in the way."""
    return lambda overlap: Enrolment.objects.visible_to(user).filter(pk=overlap.standing.pk).exists()


def since_or_period(first: date, last: date | None, today: date) -> str:
    return f"vanaf {short_date(first, today)}" if last is None else period(first, last, today)
