"""Addresses of enrolments, own timetables and exemptions, under /verzuim/."""

from __future__ import annotations

from django.urls import path

from attendance.views import arrangements, enrolments, new_pupils

urlpatterns = [
    path("leerling-inschrijven/", new_pupils.pupil_add, name="pupil_add"),
    path("roosters-die-aflopen/", arrangements.lapsing_list, name="lapsing_timetables"),
    path("leerling/<uuid:code>/inschrijving/", arrangements.arrangements, name="arrangements"),
    path("leerling/<uuid:code>/rooster/", arrangements.timetable_add, name="timetable_add"),
    path("rooster/<uuid:code>/wijzigen/", arrangements.timetable_change, name="timetable_change"),
    path("rooster/<uuid:code>/stoppen/", arrangements.timetable_end, name="timetable_end"),
    path("rooster/<uuid:code>/weghalen/", arrangements.timetable_remove, name="timetable_remove"),
    path("leerling/<uuid:code>/vrijstelling/", arrangements.exemption_add, name="exemption_add"),
    path("vrijstelling/<uuid:code>/wijzigen/", arrangements.exemption_change, name="exemption_change"),
    path("vrijstelling/<uuid:code>/stoppen/", arrangements.exemption_end, name="exemption_end"),
    path("vrijstelling/<uuid:code>/weghalen/", arrangements.exemption_remove, name="exemption_remove"),
    path("inschrijving/<uuid:code>/uitschrijven/", enrolments.enrolment_leave, name="enrolment_leave"),
    path("inschrijving/<uuid:code>/verbeteren/", enrolments.enrolment_correct, name="enrolment_correct"),
    path("inschrijving/<uuid:code>/plaats/", enrolments.enrolment_place, name="enrolment_place"),
    path("inschrijving/<uuid:code>/klas/", enrolments.enrolment_class, name="enrolment_class"),
]
