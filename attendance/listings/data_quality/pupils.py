"""What is not known of a pupil, or cannot be so at their age."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.db.models.query import QuerySet

from attendance.engine.compulsory_age import Duty, EndEducation, birthday, compulsory_age
from attendance.listings.data_quality.findings import (
    MOST_SHOWN,
    Finding,
    Kind,
    Link,
    Reader,
    Solved,
    by_change,
    by_import,
    of_pupil,
)
from attendance.listings.school_year import school_year_of
from attendance.models import Absence, Enrolment, Exemption, Pupil
from attendance.models.pupils import holds_on
from thuiszitters.accounts.dutch_dates import full_date, period
from thuiszitters.accounts.models import Sector

AGES = {Sector.PO: (3, 15), Sector.VO: (10, 23), Sector.SO: (3, 21)}
"""Younger than the first, or as old as the second, is nearly always a date of birth that was mistyped."""


def without_class(reader: Reader) -> Kind:
    """Enrolled and taught here today, in no class."""
    rows = reader.enrolments.on(reader.today).filter(group=None)
    first = rows.select_related("pupil").order_by("pupil__surname_key", "pupil__first_name", "pk")[:MOST_SHOWN]
    return Kind(
        key="zonder-klas",
        title="Zonder klas",
        why="Voor deze leerlingen kan niemand een klas invullen: alleen een bestand vertelt of zij er waren.",
        good="Elke leerling zit in een klas.",
        findings=tuple(of_pupil(row.pupil, "Zit in geen klas.", by_placing(reader, row)) for row in first),
        number=rows.count(),
    )


def by_placing(reader: Reader, row: Enrolment) -> Solved:
    """By choosing a class."""
    if reader.arranges:
        return Solved(Link("Kies een klas", "attendance:enrolment_class", (row.code,)))
    return Solved(note="De administratie kiest een klas.")


def without_municipality(reader: Reader) -> Kind:
    """Enrolled today; where they live is not known."""
    pupils, number = some(reader.enrolled_today.filter(pupil__municipality=None))
    return Kind(
        key="zonder-gemeente",
        title="Zonder woongemeente",
        why="Een melding over deze leerlingen kan niet weg: de woonplaats zegt naar welke leerplichtambtenaar.",
        good="Van elke leerling is de woongemeente bekend.",
        findings=tuple(of_pupil(pupil, "De woongemeente is niet bekend.", by_import(reader)) for pupil in pupils),
        number=number,
    )


def some(enrolments: QuerySet[Enrolment]) -> tuple[list[Pupil], int]:
    """The pupils that are told by name, and how many there are."""
    pupils = Pupil.objects.filter(pk__in=enrolments.order_by().values("pupil"))
    return list(pupils.in_name_order()[:MOST_SHOWN]), pupils.count()


def at_odds_with_age(reader: Reader) -> Kind:
    """Three things that cannot be: an age that does not fit the school, unauthorised absence of who need not be at
    school yet or any more, and an exemption of somebody without a duty.

    Somebody of 18 or older without startkwalificatie is left alone: their unauthorised absence goes to the RMC.
    """
    findings = [*strange_ages(reader), *without_duty(reader), *needless_exemptions(reader)]
    return Kind(
        key="leeftijd",
        title="Leeftijd en leerplicht",
        why="Deze gegevens passen niet bij elkaar. De leeftijd bepaalt wat er met een signaal moet gebeuren.",
        good="Leeftijd, leerplicht en vrijstelling passen bij elkaar.",
        findings=tuple(findings[:MOST_SHOWN]),
        number=len(findings),
    )


def strange_ages(reader: Reader) -> list[Finding]:
    youngest, oldest = AGES[Sector(reader.school.sector)]
    born_after, born_until = birthday(reader.today, -youngest), birthday(reader.today, -oldest)
    wrong = Q(birth_date__gt=born_after) | Q(birth_date__lte=born_until)
    here = reader.enrolments.on(reader.today).order_by().values("pupil")
    return [
        of_pupil(
            pupil,
            f"Geboren op {full_date(pupil.birth_date)}: dat past niet bij deze school. Klopt de geboortedatum?",
            by_import(reader),
        )
        for pupil in Pupil.objects.filter(wrong, pk__in=here).in_name_order()
    ]


def without_duty(reader: Reader) -> list[Finding]:
    """Records of this school year, one by one for the few pupils to whom it can happen."""
    first = school_year_of(reader.today)[0]
    unauthorised = Q(reason__maps_to=None, reason__authorised=False, reason__counts=True) | Q(
        reason__maps_to__authorised=False, reason__maps_to__counts=True
    )
    young = Q(pupil__birth_date__gt=birthday(first, -6))
    ended = ~Q(pupil__end_education="") | Q(pupil__startkwalificatie_on__isnull=False)
    rows = (
        Absence.objects.visible_to(reader.user)
        .standing()
        .filter(unauthorised, young | ended, first__gte=first)
        .filter(pupil__in=reader.enrolments.on(reader.today).order_by().values("pupil"))
        .select_related("pupil", "reason")
        .order_by("pupil__surname_key", "first", "pk")
    )
    found = []
    for row in rows:
        duty = duty_of(row.pupil, row.first, reader)
        if duty is Duty.NOT_YET or (duty is Duty.NONE and row.first < birthday(row.pupil.birth_date, 18)):
            yet = "nog niet" if duty is Duty.NOT_YET else "niet meer"
            text = f"{row.reason} ({period(row.first, row.last, reader.today)}), maar {yet} leerplichtig op die dag."
            found.append(of_pupil(row.pupil, text, by_change(reader, row)))
    return found


def needless_exemptions(reader: Reader) -> list[Finding]:
    """Exempt today: no clock runs, also not one for who is not of compulsory age and at home."""
    rows = (
        Exemption.objects.visible_to(reader.user)
        .filter(holds_on(reader.today))
        .filter(pupil__in=reader.enrolments.on(reader.today).order_by().values("pupil"))
        .select_related("pupil")
        .order_by("pupil__surname_key", "first")
    )
    found = []
    for row in rows:
        duty = duty_of(row.pupil, reader.today, reader)
        if duty in {Duty.NOT_YET, Duty.NONE}:
            yet = "nog niet" if duty is Duty.NOT_YET else "niet meer"
            text = (
                f"Vrijstelling ({period(row.first, row.last, reader.today)}), maar de leerling is {yet} leerplichtig. "
                "Zolang die loopt, telt er niets."
            )
            found.append(of_pupil(row.pupil, text, by_arranging(reader, row.pupil)))
    return found


def by_arranging(reader: Reader, pupil: Pupil) -> Solved:
    """On the page with the exemptions of a pupil."""
    if reader.arranges:
        return Solved(Link("Bekijk de vrijstelling", "attendance:arrangements", (pupil.code,)))
    return Solved(note="De administratie past de vrijstelling aan.")


def duty_of(pupil: Pupil, day: date, reader: Reader) -> Duty:
    """Without the years at school before: those only end the duty earlier, and mostly are not known."""
    return compulsory_age(
        pupil.birth_date,
        reader.calendar,
        day,
        startkwalificatie_on=pupil.startkwalificatie_on,
        end_education=EndEducation(pupil.end_education) if pupil.end_education else None,
    ).duty
