"""Addresses of signals, steps and files; part of the cases namespace."""

from __future__ import annotations

from django.urls import path

from cases.views import cases, signals, steps

case_patterns = [
    path("", cases.case_list, name="case_list"),
    path("nieuw/", signals.signal_list, name="signal_list"),
    path("nieuw/<uuid:code>/", signals.signal_answer, name="signal_answer"),
    path("overdrachten/<uuid:code>/", signals.hand_over_accept, name="hand_over_accept"),
    path("stappen/", steps.step_list, name="step_list"),
    path("stappen/<uuid:code>/klaar/", steps.step_complete, name="step_complete"),
    path("stappen/<uuid:code>/niet-nodig/", steps.step_drop, name="step_drop"),
    path("leerling/<uuid:code>/", cases.case_of_pupil, name="case_of_pupil"),
    path("leerling/<uuid:code>/openen/", cases.case_open, name="case_open"),
    path("<uuid:code>/", cases.case_detail, name="case_detail"),
    path("<uuid:code>/logboek/", cases.case_log, name="case_log"),
    path("<uuid:code>/logboek/nieuw/", cases.case_write, name="case_write"),
    path("<uuid:code>/afspraken/", cases.case_meetings, name="case_meetings"),
    path("<uuid:code>/meldingen/", cases.case_reports, name="case_reports"),
    path("<uuid:code>/stap/", cases.case_plan_step, name="case_plan_step"),
    path("<uuid:code>/overnemen/", cases.case_take_over, name="case_take_over"),
    path("<uuid:code>/eigenaar/", cases.case_assign, name="case_assign"),
    path("<uuid:code>/sluiten/", cases.case_close, name="case_close"),
]
