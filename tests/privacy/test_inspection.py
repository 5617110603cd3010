"""The file that somebody gets who asks for inspection: complete, judged text by text, and nothing of others in it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from pypdf import PdfReader

from attendance.models import Pupil
from cases.models import LogEntry, Report
from cases.services.log import write_note
from tests import factories
from tests.access_world import TODAY, World
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.models import Entry
from thuiszitters.privacy.models import PrivacyRequest
from thuiszitters.privacy.pieces import SECTIONS, SOURCES, Scope
from thuiszitters.privacy.redaction import BLACK, blacked, merged, spans_of
from thuiszitters.privacy.services.file_export import make_file, recipients_of
from thuiszitters.privacy.services.gathering import gather
from thuiszitters.privacy.services.naming import names_in, suggestions_in
from thuiszitters.privacy.services.requests import (
    RequestRefusedError,
    answer_request,
    extend_request,
    receive_request,
    weigh_request,
)
from thuiszitters.privacy.services.reviewing import judge, review_of

pytestmark = pytest.mark.django_db
SECRET = "Fatima Verhoeven sloeg hem"


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


# ------------------------------------------------------------------------------------------- a request


def a_request(world: World, by: User, **values: Any) -> PrivacyRequest:
    given = {
        "kind": "inzage",
        "asked_by": "ouder_gezag",
        "asker_name": "A. Jansen",
        "received_on": TODAY,
        "question": "Alles.",
    } | values
    return receive_request(pupil=world.pupil, school=world.school, values=given, by=by)


def judged(request: PrivacyRequest, by: User, black: str = "") -> None:
    for piece in review_of(request).waiting:
        spans, _ = spans_of(piece.text.text, [black])
        judge(request=request, text=piece.text, spans=spans, left_out=False, reason="", by=by)


def ready(world: World, coo: User, black: str = "", **values: Any) -> PrivacyRequest:
    request = a_request(world, coo, **values)
    weigh_request(request=request, identity="gezien", consent="", weighed="Moeder met gezag.", today=TODAY, by=coo)
    judged(request, coo, black)
    return request


def test_nothing_goes_out_before_each_text_was_judged() -> None:
    world = World()
    coo = factories.member(Role.COO, world.school)
    request = ready(world, coo)
    note = write_note(case=world.case, text="Later geschreven.", by=coo)

    with pytest.raises(RequestRefusedError, match="beoordeeld"):
        make_file(request=request, form="json", today=TODAY, by=coo)
    judged(request, coo)
    assert b"Later geschreven." in make_file(request=request, form="json", today=TODAY, by=coo)

    LogEntry.objects.filter(pk=note.pk).update(text="Veranderd.")
    with pytest.raises(RequestRefusedError, match="beoordeeld"):
        make_file(request=request, form="pdf", today=TODAY, by=coo)


def test_what_was_blacked_out_is_not_in_the_bytes() -> None:
    world = World()
    coo = factories.member(Role.COO, world.school)
    write_note(case=world.case, text=f"Ruzie: {SECRET} op het plein.", by=coo)
    request = ready(world, coo, black=SECRET)

    as_json = make_file(request=request, form="json", today=TODAY, by=coo)
    as_pdf = make_file(request=request, form="pdf", today=TODAY, by=coo)
    reader = PdfReader(io.BytesIO(as_pdf))
    pages = "\n".join(page.extract_text() for page in reader.pages)

    for word in SECRET.split()[:3]:
        assert word.encode() not in as_json
        assert word not in pages
        assert word.encode() not in as_pdf
        assert all(word.encode() not in stream for stream in streams(reader))
    assert f"Ruzie: {BLACK} op het plein." in as_json.decode()
    assert BLACK in pages
    assert "op het plein" in pages
    assert LogEntry.objects.latest("pk").text == f"Ruzie: {SECRET} op het plein."


def streams(reader: PdfReader) -> list[bytes]:
    """What every stream of the file holds once unpacked."""
    objects: list[Any] = [reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1)]
    found = [one.get_data() for one in objects if hasattr(one, "get_data")]
    assert len(found) > 3
    return found


def test_the_letter_is_a_tagged_pdf_in_dutch_for_everybody() -> None:
    world = World()
    coo = factories.member(Role.COO, world.school)
    world.absence  # noqa: B018 - made by looking at it
    request = ready(world, coo)
    content = make_file(request=request, form="pdf", today=TODAY, by=coo)
    reader = PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]

    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert world.pupil.surname not in (reader.metadata.title or "")
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "14 januari 2026" in text
    assert "12 januari 2026" in text
    assert "Autoriteit Persoonsgegevens" in text


def test_a_name_cannot_become_part_of_the_letter() -> None:
    world = World()
    coo = factories.member(Role.COO, world.school)
    Pupil.objects.filter(pk=world.pupil.pk).update(first_name='#panic("x")', surname='*_"$ ]')
    world.pupil.refresh_from_db()
    request = ready(world, coo)
    content = make_file(request=request, form="pdf", today=TODAY, by=coo)

    assert '#panic("x")' in PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_a_text_left_out_says_so_and_no_more() -> None:
    world = World()
    coo = factories.member(Role.COO, world.school)
    write_note(case=world.case, text=SECRET, by=coo)
    request = ready(world, coo)
    piece = next(piece for piece in review_of(request).pieces if piece.text.text == SECRET)
    judge(request=request, text=piece.text, spans=[[0, 3]], left_out=True, reason="Gaat over een ander.", by=coo)

    shown = make_file(request=request, form="json", today=TODAY, by=coo).decode()

    assert SECRET not in shown
    assert f"{BLACK} Gaat over een ander." in shown


def test_the_json_has_the_documented_shape() -> None:
    world = World()
    coo = factories.member(Role.COO, world.school)
    world.absence  # noqa: B018 - made by looking at it
    data = json.loads(make_file(request=ready(world, coo), form="json", today=TODAY, by=coo))

    assert list(data) == [
        "schema", "made_at", "made_on_in_words", "pupil", "school", "received_on", "received_on_in_words", "about",
        "sections", "words",
    ]  # fmt: skip
    assert data["schema"] == "thuiszitters/inzage/1"
    assert [section["key"] for section in data["sections"]] == [
        key for key in SECTIONS if key in {section["key"] for section in data["sections"]}
    ]
    absence = next(row for section in data["sections"] for row in section["rows"] if row["source"].endswith(".Absence"))
    assert absence["fields"][0] == {"name": "first", "label": "van", "value": "2026-01-12", "shown": "12 januari 2026"}


def test_making_it_stands_in_the_log_without_a_name() -> None:
    world = World()
    coo = factories.member(Role.COO, world.school)
    make_file(request=ready(world, coo), form="pdf", today=TODAY, by=coo)
    entry = Entry.objects.get(kind="export")

    assert (entry.subject, entry.detail["vorm"]) == (world.pupil.code, "pdf")
    assert world.pupil.surname not in json.dumps(entry.detail)


def test_each_school_gives_its_own_file() -> None:
    """What another school wrote is that school's to give."""
    world = World()
    before = factories.school()
    factories.enrolment(world.pupil, before, first=date(2024, 8, 1), last=date(2025, 7, 31))
    factories.absence(world.pupil, date(2025, 3, 3), date(2025, 3, 4))
    factories.absence(world.pupil, date(2026, 1, 12), date(2026, 1, 12))

    def absences(school: Any) -> list[Any]:
        rows = [row for section in gather(world.pupil, school) for row in section.rows]
        return [row.values[0].value for row in rows if row.source.model == "attendance.Absence"]

    assert absences(world.school) == ["2026-01-12"]
    assert absences(before) == ["2025-03-03"]


def test_a_school_names_only_who_got_something_of_its_own_part() -> None:
    """The school before: its report, its table and its people; not those of the school of now, and the other way."""
    world = World()
    before = factories.school(alliance=factories.alliance())
    factories.enrolment(world.pupil, before, first=date(2024, 8, 1), last=date(2025, 7, 31))
    there, here = factories.user(name="Toen Er"), factories.user(name="Nu Hier")
    factories.assignment(world.pupil, there, first=date(2024, 9, 1), last=date(2025, 6, 1))
    factories.assignment(world.pupil, here, first=date(2025, 9, 1), last=date(2026, 6, 1))
    world.report_sent  # noqa: B018 - made by looking at it
    world.entry  # noqa: B018 - the same
    place_before = Report.objects.filter(pk=world.report_sent.pk)

    def told(school: Any) -> str:
        return " ".join(recipients_of(PrivacyRequest(pupil=world.pupil, school=school)))

    assert [word in told(world.school) for word in ("Nu Hier", "meldingen", "Thuiszitterstafel")] == [True] * 3
    assert "Toen Er" not in told(world.school)
    assert "Toen Er" in told(before)
    assert [word in told(before) for word in ("Nu Hier", "meldingen", "Thuiszitterstafel")] == [False] * 3
    place_before.update(school=factories.school())
    assert "meldingen" in told(world.school)


def test_another_pupil_is_in_no_row() -> None:
    world = World()
    other = factories.pupil(in_group=world.group, surname="Zeldzaam")
    factories.absence(other, TODAY)
    coo = factories.member(Role.COO, world.school)

    assert b"Zeldzaam" not in make_file(request=ready(world, coo), form="json", today=TODAY, by=coo)


# ------------------------------------------------------------------------------------------- names


def test_names_numbers_and_addresses_of_others_are_pointed_out() -> None:
    world = World()
    factories.pupil(in_group=world.group, first_name="Yusuf", surname="El Amrani")
    factories.user(name="Noor Bakker")
    text = f"Sam {world.pupil.surname} en Yusuf (El Amrani), met Noor Bakker, 06 12345678, x@y.example, 1234 AB."
    found = suggestions_in(text, names_in([text], world.pupil, world.school))

    assert [row.words for row in found] == [
        "Yusuf",
        "El Amrani",
        "Noor Bakker",
        "06 12345678",
        "x@y.example",
        "1234 AB",
    ]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], "Tim sloeg Tom."),
        ([(0, 3)], f"{BLACK} sloeg Tom."),
        ([(10, 13), (0, 3), (2, 5)], f"{BLACK}loeg {BLACK}."),
        ([(0, 14)], BLACK),
        ([(3, 3)], "Tim sloeg Tom."),
        ([(0, 3), (4, 9)], f"{BLACK} Tom."),
        ([(0, 3), (5, 9)], f"{BLACK} s{BLACK} Tom."),
    ],
)
def test_black_takes_the_letters_away(spans: list[tuple[int, int]], expected: str) -> None:
    assert blacked("Tim sloeg Tom.", spans) == expected
    assert merged(merged(spans)) == merged(spans)


def test_words_to_black_out_are_found_whatever_their_capitals_and_line_ends() -> None:
    assert spans_of("Tim\nde Boer. tim de boer", ["Tim de Boer", "Jan", ""]) == ([(0, 11), (13, 24)], ["Jan"])


# ------------------------------------------------------------------------------------------- from receipt to answer


def test_a_parent_of_a_pupil_of_18_needs_the_pupils_yes() -> None:
    world = World()
    Pupil.objects.filter(pk=world.pupil.pk).update(birth_date=date(2008, 1, 14))
    world.pupil.refresh_from_db()
    coo = factories.member(Role.COO, world.school)
    request = a_request(world, coo)
    weigh: dict[str, Any] = {"request": request, "identity": "gezien", "weighed": "x", "today": TODAY, "by": coo}

    with pytest.raises(RequestRefusedError, match="wat de leerling"):
        weigh_request(consent="", **weigh)
    judged(request, coo)
    for consent in ("nee", "niet_gevraagd"):
        weigh_request(consent=consent, **weigh)
        with pytest.raises(RequestRefusedError, match="toestemming"):
            make_file(request=request, form="json", today=TODAY, by=coo)
    weigh_request(consent="ja", **weigh)
    judged(request, coo)
    assert make_file(request=request, form="json", today=TODAY, by=coo)


def test_the_file_expires_two_weeks_after_the_answer() -> None:
    world = World()
    coo = factories.member(Role.COO, world.school)
    request = ready(world, coo)
    answer_request(request=request, decision="gedaan", reason="", told="moeder", statement="", by=coo)
    judge_late: dict[str, Any] = {"request": request, "spans": [], "left_out": False, "reason": "", "by": coo}

    with pytest.raises(RequestRefusedError, match="al beantwoord"):
        judge(text=review_of(request).pieces[0].text, **judge_late)
    with pytest.raises(RequestRefusedError, match="te lang geleden"):
        make_file(request=request, form="json", today=TODAY + timedelta(days=15), by=coo)


def test_refusing_needs_a_reason_and_extending_the_first_month() -> None:
    world = World()
    coo = factories.member(Role.COO, world.school)
    request = a_request(world, coo, kind="correctie")
    with pytest.raises(RequestRefusedError, match="waarom"):
        answer_request(request=request, decision="afgewezen", reason="", told="", statement="", by=coo)
    with pytest.raises(RequestRefusedError, match="eerste maand"):
        extend_request(request=request, reason="veel", today=date(2026, 2, 15), by=coo)
    extend_request(request=request, reason="veel", today=TODAY, by=coo)
    with pytest.raises(RequestRefusedError, match="al verlengd"):
        extend_request(request=request, reason="veel", today=TODAY, by=coo)

    request.refresh_from_db()
    assert request.due_on == date(2026, 4, 14)
    assert [entry.what for entry in Entry.objects.filter(what__startswith="privacyverzoek ").order_by("pk")] == [
        "privacyverzoek ontvangen",
        "privacyverzoek verlengd",
    ]


def test_gathering_costs_the_same_for_few_and_many_rows(django_assert_num_queries: Any) -> None:
    world = World()
    coo = factories.member(Role.COO, world.school)
    Report.objects.filter(pk=world.draft.pk).update(supposed_reason="x")
    gather(world.pupil, world.school)
    with django_assert_num_queries(len(SOURCES) + 2):
        gather(world.pupil, world.school)
    for number in range(5):
        write_note(case=world.case, text=f"Regel {number}", by=coo)
    with django_assert_num_queries(len(SOURCES) + 2):
        gather(world.pupil, world.school)
    assert Scope.of(world.pupil, world.school).spans == ((factories.SCHOOL_YEAR, None),)
