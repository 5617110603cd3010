"""The register per lesson in VO: a lesson of a class, and closing its day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from attendance.engine.lesson_day import Mark, Seen
from attendance.lesson_forms import MARKS, NOT_NOTED, DoubtForm, LessonMarkForm, initial_of
from attendance.listings.lesson_page import LessonLine, LessonPage, lesson_page, state_of, without_reasons
from attendance.listings.outcome_texts import outcome_sentences
from attendance.listings.own_lessons import taught_groups
from attendance.listings.reasons import reasons, short_choices
from attendance.models import Group, Reason
from attendance.services.absences import AbsenceError
from attendance.services.crossings import Outcome
from attendance.services.lesson_settling import has_lessons, lengths_on, state_of_day
from attendance.services.lessons import cancel_lesson, close_day, pupils_in_doubt, take_lesson
from attendance.services.touched import in_group
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.dutch_dates import long_date
from thuiszitters.accounts.roles import Role

TAKES_LESSONS = (Role.DOCENT, Role.MENTOR, Role.ADMINISTRATIE, Role.COO)
KEEPS_REGISTERS = (Role.MENTOR, Role.ADMINISTRATIE, Role.COO)
OLDEST = timedelta(days=400)
OLDEST_OF_DOCENT = timedelta(days=14)
"""What a teacher forgot is filled in within two weeks; what lies further back is the mentor's."""


@for_roles(Role.DOCENT)
def own_lessons(request: StaffRequest) -> HttpResponse:
    """The classes that I teach, with today's lessons."""
    today = clock_today()
    groups = [row for row in Group.objects.visible_to(request.user).select_related("school") if has_lessons(row.school)]
    template = "attendance/own_lessons.html"
    context = {"groups": taught_groups(groups, today), "today": today}
    return render(request, f"{template}#part" if request.htmx else template, context)


@for_roles(*TAKES_LESSONS)
def lessons_of_day(request: StaffRequest, code: UUID, day: date) -> HttpResponse:
    """To the lesson of the day that comes next: the first one after those that were taken."""
    group = visible_group(request, code, day)
    known = set(group_lessons(group, day))
    numbers = range(1, len(lengths_on(group.school, day)) + 1)
    following = next((number for number in numbers if number > max(known, default=0)), None)
    lesson = following or next((number for number in numbers if number not in known), len(numbers))
    if not lesson:
        raise Http404
    return redirect("attendance:lesson_take", code=group.code, day=day, lesson=lesson)


@for_roles(*TAKES_LESSONS)
def lesson_take(request: StaffRequest, code: UUID, day: date, lesson: int) -> HttpResponse:
    """A class in a lesson: everybody is there unless marked."""
    group = visible_group(request, code, day)
    if not 1 <= lesson <= len(lengths_on(group.school, day)):
        raise Http404
    today = clock_today()
    page = lesson_page(group, day, lesson, today=today, with_reasons=sees_reasons(request, group))
    can_take = not page.closed_because
    known = reasons()
    data = request.POST if request.method == "POST" else None
    forms = [mark_form(page, line, known, data) for line in page.lines]
    if request.method == "POST" and can_take:
        if any(form.errors for form in forms):
            messages.error(request, "Nog niet opgeslagen: er ontbreekt nog iets. Kijk bij de naam van de leerling.")
        elif names := changed_meanwhile(page, forms):
            forms = [
                mark_form(page, line, known, None, keep=form) for line, form in zip(page.lines, forms, strict=True)
            ]
            messages.warning(
                request,
                f"Nog niet opgeslagen. Iemand anders wijzigde intussen {' en '.join(names)}: je ziet nu wat er staat. "
                "Kijk dat na en sla opnieuw op.",
            )
        elif save(request, page, forms, today):
            if request.headers.get("X-Requested-With") == "fetch":  # the script then asks for the page
                return HttpResponse(status=204)
            return redirect("attendance:lesson_take", code=group.code, day=day, lesson=lesson)
    shown = page if page.with_reasons else without_reasons(page)
    for line, form in zip(shown.lines, forms, strict=True):
        form.line = line
    context = {
        "page": shown,
        "rows": list(zip(shown.lines, forms, strict=True)),
        "marks": MARKS,
        "not_noted": NOT_NOTED,
        "reasons": short_choices(known),
        "today": today,
    }
    return render(request, "attendance/lesson_take.html", context)


@for_roles(*TAKES_LESSONS)
@require_POST
def lesson_cancel(request: StaffRequest, code: UUID, day: date, lesson: int) -> HttpResponse:
    """The lesson does not take place."""
    group = visible_group(request, code, day)
    today = clock_today()
    try:
        outcome = cancel_lesson(group=group, day=day, lesson=lesson, by=request.user, today=today)
    except AbsenceError as error:
        messages.error(request, str(error))
        return redirect("attendance:lessons_of_day", code=group.code, day=day)
    messages.success(request, f"Les {lesson} van {group} valt uit op {long_date(day, today)}.")
    tell(request, group, outcome)
    return redirect("attendance:lesson_take", code=group.code, day=day, lesson=lesson)


@for_roles(*KEEPS_REGISTERS)
def day_close(request: StaffRequest, code: UUID, day: date) -> HttpResponse:
    """The rest of the day is as it should be. Of who was in no lesson so far it is asked whether they came."""
    group = visible_group(request, code, day)
    today = clock_today()
    pupils = list(in_group(group, day).in_name_order())
    state = state_of_day(group, day, [pupil.pk for pupil in pupils])
    asked = set(pupils_in_doubt(state))
    data = request.POST if request.method == "POST" else None
    forms = [(pupil, DoubtForm(data, prefix=pupil.code.hex)) for pupil in pupils if pupil.pk in asked]
    if request.method == "POST" and all(form.is_valid() for _, form in forms):
        away = [pupil.pk for pupil, form in forms if form.cleaned_data["was"] == DoubtForm.AWAY]
        try:
            outcome = close_day(group=group, day=day, away=away, by=request.user, today=today)
        except AbsenceError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{group} van {long_date(day, today)} is afgerond.")
            tell(request, group, outcome)
            return redirect("attendance:lesson_week", code=group.code, day=day)
    context = {"group": group, "day": day, "state": state, "forms": forms, "open_lessons": state.lessons.open_lessons}
    return render(request, "attendance/lesson_day_close.html", context)


def visible_group(request: StaffRequest, code: UUID, day: date) -> Group:
    """A class of this user at a school with lessons, on a day that can be filled in."""
    group = get_object_or_404(Group.objects.visible_to(request.user).select_related("school"), code=code)
    today = clock_today()
    oldest = OLDEST if sees_reasons(request, group) else OLDEST_OF_DOCENT
    if not has_lessons(group.school) or day > today or day < today - oldest:
        raise Http404
    return group


def sees_reasons(request: StaffRequest, group: Group) -> bool:
    """Whether this user may see more of the class than a lesson."""
    return Group.objects.visible_to(request.user).with_whole_register(request.user).filter(pk=group.pk).exists()


def group_lessons(group: Group, day: date) -> list[int]:
    """The lessons of a day that were taken or cancelled."""
    state = state_of_day(group, day, ())
    return [row.lesson for row in state.rows]


def mark_form(
    page: LessonPage,
    line: LessonLine,
    known: dict[str, Reason],
    data: QueryDict | None,
    keep: LessonMarkForm | None = None,
) -> LessonMarkForm:
    """The form of one pupil. `keep` is a form that was not saved: it is shown again, unless the marks changed."""
    shown = line.shown
    if keep is not None and is_touched(page, keep) and keep.cleaned_data["was"] == line.state:
        shown = keep.chosen()
    initial = initial_of(shown) | {"was": line.state}
    if not page.with_reasons:
        del initial["reason"]
    return LessonMarkForm(
        data,
        prefix=line.pupil.code.hex,
        initial=initial,
        line=line,
        reasons=known,
        with_reasons=page.with_reasons,
        longest=page.longest_late,
    )


def chosen_state(page: LessonPage, form: LessonMarkForm) -> str:
    return state_of(form.chosen(), with_reasons=page.with_reasons)


def is_touched(page: LessonPage, form: LessonMarkForm) -> bool:
    """Whether somebody marked this pupil otherwise than the screen did."""
    return bool(chosen_state(page, form) != form.cleaned_data["was"])


def changed_meanwhile(page: LessonPage, forms: list[LessonMarkForm]) -> list[str]:
    """Names of pupils who are marked here, while others marked them since the page was opened."""
    return [
        line.pupil.first_name
        for line, form in zip(page.lines, forms, strict=True)
        if is_touched(page, form) and line.state not in {form.cleaned_data["was"], chosen_state(page, form)}
    ]


def marks_to_store(page: LessonPage, forms: list[LessonMarkForm]) -> dict[int, Mark | None]:
    """What was marked here, by pupil; also who is absent by a record and was left so: the teacher saw that too."""
    marks: dict[int, Mark | None] = {}
    for line, form in zip(page.lines, forms, strict=True):
        chosen = form.chosen()
        is_new = is_touched(page, form) and chosen_state(page, form) != line.state
        if not is_new and not (line.is_prefilled and chosen is not None and chosen.seen is Seen.ABSENT):
            continue
        is_there = chosen is not None and chosen.seen is Seen.PRESENT
        marks[line.pupil.pk] = None if is_there and line.silence else chosen
    return marks


def save(request: StaffRequest, page: LessonPage, forms: list[LessonMarkForm], today: date) -> bool:
    """Take the lesson and say what it caused; False with a message when a mark cannot be."""
    marks = marks_to_store(page, forms)
    try:
        outcome = take_lesson(
            group=page.group,
            day=page.day,
            lesson=page.lesson,
            marks=marks,
            by=request.user,
            today=today,
            known={line.pupil.pk: line.stored for line in page.lines},
        )
    except AbsenceError as error:
        messages.error(request, str(error))
        return False
    found = [chosen.seen for form in forms if (chosen := form.chosen()) is not None]
    counts = [
        f"{number} {word}"
        for number, word in ((found.count(Seen.ABSENT), "afwezig"), (found.count(Seen.LATE), "te laat"))
        if number
    ]
    tally = " en ".join(counts) or "iedereen was er"
    messages.success(request, f"Les {page.lesson} van {page.group} is opgeslagen: {tally}.")
    tell(request, page.group, outcome)
    return True


def tell(request: StaffRequest, group: Group, outcome: Outcome) -> None:
    """Say which signals it caused, to who may know of them."""
    if sees_reasons(request, group):
        for sentence in outcome_sentences(outcome):
            messages.warning(request, sentence)
