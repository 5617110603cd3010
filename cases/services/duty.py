"""What a pupil owes the law on a date, as far as it is known."""

from __future__ import annotations

from datetime import date

from attendance.engine import compulsory_age as law
from attendance.facts import schools_of
from attendance.models import Enrolment, Exemption, Pupil
from attendance.models.pupils import holds_on
from cases.report_kinds import ADULT, Duty


def is_exempt(pupil: Pupil, day: date) -> bool:
    """Whether the pupil is under exemption on `day`."""
    return Exemption.objects.filter(holds_on(day), pupil=pupil).exists()


def duty_on(pupil: Pupil, enrolment: Enrolment, day: date) -> Duty:
    """Age on `day`, and why nothing is owed that day. The calendar of the school of `enrolment` tells when it began."""
    age = law.age_on(pupil.birth_date, day)
    got = pupil.startkwalificatie_on
    calendar = schools_of({enrolment.place_id})[enrolment.place_id].calendar
    found = law.compulsory_age(
        pupil.birth_date,
        calendar,
        day,
        startkwalificatie_on=got,
        school_years=pupil.years_before,
        enrolled_from=pupil.enrolments.order_by("first").values_list("first", flat=True).first(),
        end_education=law.EndEducation(pupil.end_education) if pupil.end_education else None,
    )
    if found.duty is law.Duty.NOT_YET:
        return Duty(age, "de leerling is nog niet leerplichtig")
    if found.duty is law.Duty.NONE and got is not None and got <= day:
        return Duty(age, "de leerling heeft een startkwalificatie")
    if found.duty is law.Duty.NONE and age < ADULT:
        return Duty(age, "de leerling is niet meer leerplichtig of kwalificatieplichtig")
    return Duty(age)
