"""The pages of who keeps enrolments and timetables, as somebody who is logged in gets and sends them."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse


class Pages:
    """What somebody who is logged in gets and sends."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, name: str, code: object = None) -> str:
        answer = self.client.get(self.url(name, code))
        assert answer.status_code == 200
        return answer.content.decode()

    def ask(self, name: str, code: object = None, **data: object) -> str:
        """Send the form; what is shown before saving, or what is wrong."""
        answer = self.client.post(self.url(name, code), data)
        assert answer.status_code == 200
        return answer.content.decode()

    def save(self, name: str, code: object = None, **data: object) -> None:
        answer = self.client.post(self.url(name, code), data | {"confirmed": "1"})
        assert answer.status_code == 302, answer.content.decode()

    def url(self, name: str, code: object) -> str:
        return reverse(f"attendance:{name}", kwargs={"code": code} if code else None)
