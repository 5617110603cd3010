"""Addresses under /verzuim/."""

from __future__ import annotations

from datetime import date

from django.urls import path, register_converter

from attendance import arrangement_urls
from attendance.views import (
    absence_history,
    absences,
    access,
    api_tokens,
    assignments,
    data_quality,
    emergencies,
    group_absences,
    import_reports,
    imports,
    lesson_week,
    lessons,
    looking,
    overviews,
    pupils,
    registers,
    unknown_reasons,
)
from attendance.views.setup import bands, norms, reasons, school_counted, school_year, unknown_codes


class DayConverter:
    """2026-11-24."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

app_name = "attendance"
urlpatterns = [
    path("klassen/", registers.registers_to_take, name="registers_to_take"),
    path("klassen/open/", registers.registers_missing, name="registers_missing"),
    path("herinneringen/", registers.reminders_switch, name="reminders_switch"),
    path("klas/<uuid:code>/<day:day>/", registers.register_take, name="register_take"),
    path("lessen/", lessons.own_lessons, name="own_lessons"),
    path("klas/<uuid:code>/<day:day>/lessen/", lessons.lessons_of_day, name="lessons_of_day"),
    path("klas/<uuid:code>/<day:day>/les/<int:lesson>/", lessons.lesson_take, name="lesson_take"),
    path("klas/<uuid:code>/<day:day>/les/<int:lesson>/valt-uit/", lessons.lesson_cancel, name="lesson_cancel"),
    path("klas/<uuid:code>/<day:day>/afronden/", lessons.day_close, name="day_close"),
    path("klas/<uuid:code>/<day:day>/week/", lesson_week.lesson_week_detail, name="lesson_week"),
    path("klas/<uuid:code>/<day:day>/week/reden/", lesson_week.lesson_reason, name="lesson_reason"),
    path("redenen/", unknown_reasons.unknown_reason_list, name="unknown_reason_list"),
    path("redenen/<uuid:code>/", unknown_reasons.unknown_reason_fill, name="unknown_reason_fill"),
    path("signalen/", pupils.own_signals, name="own_signals"),
    path("op-komst/", overviews.upcoming_list, name="upcoming"),
    path("gegevens/", data_quality.data_quality_list, name="data_quality_list"),
    path("gegevens/<uuid:code>/", data_quality.data_quality_of_school, name="data_quality_of_school"),
    path("bestanden/", imports.import_list, name="import_list"),
    path("bestanden/nieuw/", imports.import_upload, name="import_upload"),
    path("bestanden/<uuid:code>/", imports.import_detail, name="import_detail"),
    path("bestanden/<uuid:code>/kolommen/", imports.import_columns, name="import_columns"),
    path("bestanden/<uuid:code>/start/", imports.import_start, name="import_start"),
    path("bestanden/<uuid:code>/stop/", imports.import_cancel, name="import_cancel"),
    path("bestanden/<uuid:code>/geweigerd.<slug:form>", imports.import_refused, name="import_refused"),
    path("bestanden/verslag/<uuid:code>/", import_reports.import_report, name="import_report"),
    path("bestanden/verslag/<uuid:code>/ongedaan/", import_reports.import_undo, name="import_undo"),
    path("mijn-leerlingen/", overviews.assigned_list, name="assigned_pupils"),
    path("inrichten/", overviews.set_up, name="set_up"),
    path("koppelingen/", api_tokens.api_token_list, name="api_token_list"),
    path("koppelingen/<uuid:code>/intrekken/", api_tokens.api_token_revoke, name="api_token_revoke"),
    path("inrichten/normen/", norms.norms_of_everybody, name="norms_of_everybody"),
    path("inrichten/normen/<uuid:code>/", norms.norms, name="norms"),
    path("inrichten/normen/<uuid:code>/<slug:rule>/", norms.norm_next, name="norm_next"),
    path("inrichten/normen/<uuid:code>/<slug:rule>/intrekken/", norms.norm_withdraw, name="norm_withdraw"),
    path("inrichten/grenzen/<uuid:code>/", bands.absence_bands, name="absence_bands"),
    path("inrichten/redenen/<uuid:code>/", reasons.reasons, name="reasons"),
    path("inrichten/redenen/<uuid:code>/nieuw/", reasons.reason_add, name="reason_add"),
    path("inrichten/redenen/<uuid:code>/<int:pk>/", reasons.reason_change, name="reason_change"),
    path("inrichten/redenen/<uuid:code>/<int:pk>/vervalt/", reasons.reason_retire, name="reason_retire"),
    path("inrichten/redenen/<uuid:code>/<int:pk>/weer/", reasons.reason_restore, name="reason_restore"),
    path("inrichten/redenen/<uuid:code>/<int:pk>/weg/", reasons.reason_remove, name="reason_remove"),
    path("inrichten/codes/<uuid:code>/", unknown_codes.unknown_code_list, name="unknown_codes"),
    path("inrichten/codes/<uuid:code>/<int:pk>/", unknown_codes.unknown_code_solve, name="unknown_code_solve"),
    path("schooljaar/", school_year.school_years, name="school_years"),
    path("schooljaar/<uuid:code>/<int:year>/", school_year.school_year, name="school_year"),
    path("schooljaar/<uuid:code>/eigen-dag/", school_year.own_days_add, name="own_days_add"),
    path("schooljaar/<uuid:code>/eigen-dag/<day:first>/", school_year.own_days_change, name="own_days_change"),
    path("schooljaar/<uuid:code>/eigen-dag/<day:first>/weg/", school_year.own_days_remove, name="own_days_remove"),
    path("schooljaar/<uuid:code>/rooster/", school_counted.school_counted, name="school_counted"),
    path("zoeken/", pupils.pupil_search, name="pupil_search"),
    path("leerling/<uuid:code>/", pupils.pupil_detail, name="pupil_detail"),
    path("leerling/<uuid:code>/schooljaar/", looking.pupil_attendance, name="pupil_attendance"),
    path("leerling/<uuid:code>/schooljaar/<day:year>/", looking.pupil_attendance, name="pupil_attendance_of_year"),
    path("in-beeld/", looking.picture_list, name="picture_list"),
    path("in-beeld/klas/<uuid:code>/", looking.picture_of_group, name="picture_of_group"),
    path("in-beeld/klas/<uuid:code>/<slug:name>.svg", looking.chart_of_group, name="chart_of_group"),
    path("in-beeld/school/<uuid:code>/", looking.picture_of_school, name="picture_of_school"),
    path("in-beeld/school/<uuid:code>/<slug:name>.svg", looking.chart_of_school, name="chart_of_school"),
    path("leerling/<uuid:code>/meekijken/", assignments.assignment_list, name="assignments"),
    path("meekijken/<uuid:code>/verlengen/", assignments.assignment_extend, name="assignment_extend"),
    path("toegang/", access.my_access, name="my_access"),
    path("toegang/vragen/", access.access_ask, name="access_ask"),
    path("toegang/school/", access.access_overview, name="access_overview"),
    path("toegang/vraag/<uuid:code>/", access.access_answer, name="access_answer"),
    path("noodtoegang/", emergencies.emergency_list, name="emergency_list"),
    path("noodtoegang/openen/", emergencies.emergency_open, name="emergency_open"),
    path("noodtoegang/<uuid:code>/beeindigen/", emergencies.emergency_end, name="emergency_end"),
    path("noodtoegang/<uuid:code>/oordeel/", emergencies.emergency_review, name="emergency_review"),
    path("leerling/<uuid:code>/afwezig/", absences.absence_add, name="absence_add"),
    path("leerling/<uuid:code>/geschiedenis/", absence_history.absence_history, name="absence_history"),
    path("groep/", group_absences.group_absence_add, name="group_absence_add"),
    path("groep/<uuid:code>/", group_absences.group_absence, name="group_absence"),
    path("afwezigheid/<uuid:code>/wijzigen/", absences.absence_change, name="absence_change"),
    path("afwezigheid/<uuid:code>/beter/", absences.absence_close, name="absence_close"),
    path("afwezigheid/<uuid:code>/intrekken/", absences.absence_withdraw, name="absence_withdraw"),
    *arrangement_urls.urlpatterns,
]
