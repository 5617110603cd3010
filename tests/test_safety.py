"""What holds for every page, whoever asks and whatever is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Max
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.access_table import PAGES, TODAY, Page, World
from tests.test_access import ask
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
READ_BY_GET = [line for line in PAGES if line.method == "get"]
LOGGED_BY_GET = {Kind.READ, Kind.SEARCH, Kind.EXPORT}
"""Of all that can be written, looking adds only lines of the log, and only of these kinds."""
WRITES = re.compile(r"^(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) \"?(\w+)")
TAKES_POST = [
    *(line for line in PAGES if line.method == "post"),
    *(line for line in PAGES if line.name.startswith(("attendance:absence", "attendance:register_take"))),
    *(line for line in PAGES if line.name in {"tables:place_pupil", "attendance:assignments"}),
    *(line for line in PAGES if line.name in {"attendance:import_upload", "attendance:import_columns"}),
]
WHOLE = {
    "kind": "contact",
    "day": "2026-01-14",
    "text": "Gebeld.",
    "title": "Bel",
    "role": "coo",
    "due_on": "2026-01-20",
    "answer": "nu_niet",
    "status": "in_behandeling",
    "phase": "opbouw",
    "reason": "Gaat beter.",
    "question": "Wat?",
    "why": "Ziek.",
    "sequence": "0",
    "time": "09:00",
    "minutes": "60",
    "place": "kamer 1",
    "parents_invited": "gebeld",
    "first_day": "2026-01-05",
    "last_day": "2026-01-09",
    "supposed_reason": "onbekend",
    "school_actions": "gebeld",
    "action_wanted": "on",
    "reporter_name": "Noor",
    "reporter_role": "COO",
    "reporter_phone": "0612345678",
    "reporter_email": "noor@school.example",
    "step": "klaarzetten",
    "informed-informed_on": "2026-01-13",
    "informed-informed_by": "Noor",
    "informed-how": "gebeld",
    "duo_number": "1",
    "first": "2026-01-12",
    "last": "2026-01-13",
    "back_on": "2026-01-14",
    "confirmed": "1",
    "next_title": "Bel weer",
    "next_due": "2026-01-20",
}
"""Something that fits for every field of every form."""
FREE_TEXT = (
    *("text", "title", "reason", "why", "place", "parents_invited", "supposed_reason", "school_actions", "duo_number"),
    *("reporter_name", "reporter_role", "reporter_phone", "informed-informed_by", "informed-how", "next_title"),
)


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def url_of(line: Page, world: World) -> str:
    return reverse(line.name, kwargs=line.row(world) if line.row else None)


@pytest.mark.parametrize("line", [pytest.param(line, id=line.name) for line in READ_BY_GET])
def test_a_get_writes_nothing_but_who_looked(line: Page, client: Client) -> None:
    world = World()
    written = set()
    logged = set()
    for role in line.roles:
        person, url = world.somebody(role), url_of(line, world)
        client.force_login(person)
        newest = Entry.objects.aggregate(newest=Max("pk", default=0))["newest"]
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        written |= {found.groups() for row in queries.captured_queries if (found := WRITES.match(row["sql"]))}
        logged |= set(Entry.objects.filter(pk__gt=newest).values_list("kind", flat=True))

    assert written - {("INSERT INTO", Entry._meta.db_table)} == set()
    assert logged - LOGGED_BY_GET == set()


@pytest.mark.parametrize("line", [pytest.param(line, id=line.name) for line in PAGES])
def test_a_post_without_a_token_is_refused(line: Page) -> None:
    world = World()
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.somebody(min(line.roles)))

    assert client.post(url_of(line, world), WHOLE).status_code == 403


@pytest.mark.parametrize("line", [pytest.param(line, id=line.name) for line in PAGES])
def test_every_page_is_locked_up(line: Page, client: Client) -> None:
    """No foreign or inline script, no frame, no guess at a type, no address told on, nothing kept."""
    world = World()

    answer = ask(client, line, world, world.somebody(min(line.roles)))

    policy = answer["Content-Security-Policy"]
    assert [word for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*") if word in policy] == []
    assert "default-src 'none'" in policy
    headers = ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")
    assert [answer[name] for name in headers] == ["DENY", "nosniff", "same-origin", "same-origin"]
    kept = answer["Cache-Control"]
    assert ("no-store" in kept, "private" in kept) == (True, True)


@pytest.mark.parametrize("path", ["/account/login/", "/bestaat/niet/", "/"])
def test_pages_of_strangers_are_locked_up_too(path: str, client: Client) -> None:
    answer = client.get(path)

    assert ("unsafe" in answer["Content-Security-Policy"], answer["X-Frame-Options"]) == (False, "DENY")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param("a\x00b", id="nul"),
        pytest.param("x" * 10_000, id="long"),
        pytest.param("<script>alert(1)</script>'\"{{ 7|add:7 }}", id="html"),
        pytest.param("Zoë 🦊 \u202eمرحبا", id="unicode"),
    ],
)
@pytest.mark.parametrize("line", [pytest.param(line, id=line.name) for line in TAKES_POST])
def test_whatever_is_typed_is_no_error_of_ours(line: Page, bad: str, client: Client) -> None:
    world = World()
    person = world.somebody(min(line.roles))
    url = url_of(line, world)
    client.force_login(person)
    for values in (WHOLE | dict.fromkeys(FREE_TEXT, bad), dict.fromkeys([*WHOLE, "owner", "expert"], bad)):
        with transaction.atomic():
            answer = client.post(url, values, follow=True)
            transaction.set_rollback(True)

        assert answer.status_code in {200, 400, 403, 404}
        assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("bad", ["a\x00b", "-1", "9" * 30, "' OR 1=1", "\udcff"])
@pytest.mark.parametrize("line", [pytest.param(line, id=line.name) for line in READ_BY_GET if not line.row])
def test_whatever_stands_in_an_address_is_no_error_of_ours(line: Page, bad: str, client: Client) -> None:
    world = World()
    names = ("fase", "eigenaar", "gesloten", "school", "pagina", "bladzijde", "wie", "leerling", "van", "tot", "q")
    query = urlencode(dict.fromkeys(names, bad), errors="surrogateescape")
    client.force_login(world.somebody(min(line.roles)))

    answer = client.get(f"{url_of(line, world)}?{query}")

    if line.name == "accounts:log_file":  # there is no file of such a question, but a page that says what is wrong
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("accounts:read_log"))
    else:
        assert answer.status_code == line.own_of(min(line.roles))


def test_a_name_that_cannot_be_logs_nobody_in(client: Client) -> None:
    assert client.post("/account/login/", {"login": "a\x00b@school.example", "password": "x\x00"}).status_code == 200


@pytest.mark.parametrize("minutes", ["-5", "0", "601", "1e3", "９"])
def test_minutes_that_cannot_be_are_refused(minutes: str, client: Client) -> None:
    world = World()
    client.force_login(world.somebody(Role.COO))
    values = {"reason": "ziek", "first": "2026-01-13", "last": "2026-01-13", "minutes": minutes, "confirmed": "1"}

    client.post(reverse("attendance:absence_add", args=[world.pupil.code]), values)

    stored = list(world.pupil.absences.values_list("minutes", flat=True))
    assert stored == ([9] if minutes == "９" else [])


@pytest.mark.parametrize(
    ("day", "status"),
    [("2024-01-01", 404), ("0001-01-01", 404), ("9999-12-31", 200), ("2026-02-30", 404), ("2026-13-01", 404)],
)
def test_a_register_of_a_day_that_cannot_be(day: str, status: int, client: Client) -> None:
    world = World()
    client.force_login(world.somebody(Role.COO))
    url = reverse("attendance:register_take", args=[world.group.code, TODAY]).replace(TODAY.isoformat(), day)

    assert [client.get(url).status_code, client.post(url, {}).status_code] == [status, status]


def test_a_child_with_html_for_a_name_is_shown_as_text(client: Client) -> None:
    world = World()
    world.pupil.first_name, world.pupil.surname = "<b>Sam</b>", "O'\"><img src=x onerror=alert(1)>"
    world.pupil.save()
    found = [world.case, world.signal, world.step, world.entry, world.draft, world.meeting, world.absence]
    assert all(found)
    seen = 0
    for line in READ_BY_GET:
        person = world.somebody(min(line.roles))
        answer = ask(client, line, world, person)
        if not isinstance(answer, HttpResponse) or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue  # A file shows no markup.
        text = answer.content.decode()
        assert ("<b>Sam" in text, "<img src=x" in text) == (False, False), line.name
        title = text.partition("<title>")[2].partition("</title>")[0]
        assert "Sam" not in title, line.name
        seen += "&lt;b&gt;Sam" in text
    assert seen >= 8


@pytest.mark.parametrize("to", ["https://kwaad.example/", "//kwaad.example", "javascript:alert(1)", "/\\kwaad.example"])
def test_logging_in_leads_nowhere_else(to: str, client: Client) -> None:
    person = factories.member(Role.COO, factories.school())
    person.set_password("een lang wachtwoord")
    person.save()

    answer = client.post(
        f"/account/login/?next={to}", {"login": person.email, "password": "een lang wachtwoord", "next": to}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_session_ends_with_the_account(client: Client) -> None:
    world = World()
    person = world.somebody(Role.COO)
    url = reverse("cases:case_detail", args=[world.case.code])
    client.force_login(person)
    assert client.get(url).status_code == 200

    User.objects.filter(pk=person.pk).update(is_active=False)

    answer = client.get(url)
    assert (answer.status_code, answer["Location"].startswith("/account/login/")) == (302, True)


def test_a_mentor_loses_who_left_the_class(client: Client) -> None:
    world = World()
    mentor = world.somebody(Role.MENTOR)
    urls = [
        reverse("attendance:pupil_detail", args=[world.pupil.code]),
        reverse("cases:case_detail", args=[world.case.code]),
        reverse("attendance:absence_change", args=[world.absence.code]),
    ]
    client.force_login(mentor)
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]

    world.pupil.enrolments.update(group=factories.group(world.school))

    assert [client.get(url).status_code for url in urls] == [404, 404, 404]


def test_what_is_not_asked_for_is_not_taken(client: Client) -> None:
    """Extra fields in a POST change nothing, and an owner must be somebody of this school."""
    own, other = World(), World()
    coo = own.somebody(Role.COO)
    stranger = other.somebody(Role.COO)
    client.force_login(coo)
    extra = {"school": other.school.pk, "pupil": other.pupil.pk, "status": "geregistreerd", "sent_at": "2026-01-01"}

    client.post(reverse("cases:report_prepare", args=[own.draft.code]), WHOLE | extra | {"kind": "overig", "step": ""})
    refused = client.post(reverse("cases:case_assign", args=[own.case.code]), {"owner": f"coo:{stranger.code}"})
    client.post(reverse("cases:case_plan_step", args=[own.case.code]), WHOLE | extra | {"owner": stranger.pk})

    own.draft.refresh_from_db()
    own.case.refresh_from_db()
    assert (own.draft.school, own.draft.pupil, own.draft.status, own.draft.sent_at) == (
        own.school,
        own.pupil,
        "concept",
        None,
    )
    assert own.draft.supposed_reason == "onbekend"
    assert (refused.status_code, own.case.owner) == (400, coo)
    assert [step.owner for step in own.case.steps.filter(kind="eigen-1")] == [None]
