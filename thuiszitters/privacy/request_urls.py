"""Addresses of requests under the AVG."""

from __future__ import annotations

from django.urls import URLPattern, path

from thuiszitters.privacy.views import requests, review

request_patterns: list[URLPattern] = [
    path("verzoeken/", requests.request_list, name="request_list"),
    path("leerling/<uuid:code>/", requests.requests_of_pupil, name="requests_of_pupil"),
    path("leerling/<uuid:code>/verzoek/", requests.request_add, name="request_add"),
    path("verzoeken/<uuid:code>/", requests.request_detail, name="request_detail"),
    path("verzoeken/<uuid:code>/afweging/", requests.request_weigh, name="request_weigh"),
    path("verzoeken/<uuid:code>/verlengen/", requests.request_extend, name="request_extend"),
    path("verzoeken/<uuid:code>/antwoord/", requests.request_answer, name="request_answer"),
    path("verzoeken/<uuid:code>/teksten/", review.review_list, name="review_list"),
    path("verzoeken/<uuid:code>/teksten/<slug:digest>/", review.review_text, name="review_text"),
    path("verzoeken/<uuid:code>/meelezen/", review.second_look, name="second_look"),
    path("verzoeken/<uuid:code>/bestand/<slug:form>/", review.request_file, name="request_file"),
]
