"""Looking at the attendance of a pupil, a class and a school."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.engine.episodes import episodes
from attendance.engine.explain import days
from attendance.engine.missed import Cause
from attendance.listings.absence_charts import charts_of
from attendance.listings.absence_picture import AbsencePicture, absence_picture, spread_of
from attendance.listings.attendance_page import attendance_page
from attendance.models import Enrolment
from attendance.models.bands import DEFAULT_BANDS
from tests import factories
from tests.attendance.engine.pupils import away, d, exempt
from tests.attendance.engine.pupils import pupil as facts_of_pupil
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2025, 9, 26)
"""A Friday: four weeks of 300 minutes a day since these schools began on 1 September."""


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return school_since_september()


def school_since_september() -> School:
    """Known up to today. The region began two weeks earlier."""
    found = factories.school(complete_through=TODAY)
    factories.closed(found, date(2025, 8, 18), date(2025, 8, 29))
    return found


def picture_of(school: School) -> AbsencePicture:
    return absence_picture(Enrolment.objects.filter(place=school), school, DEFAULT_BANDS, TODAY)


def found_episodes(*records: Any) -> list[tuple[date, date, int, bool]]:
    facts = facts_of_pupil(*records)
    rows = episodes(days(facts, d("01-09-2025"), d("30-09-2025")))
    return [(row.first, row.last, row.school_days, row.is_open) for row in rows]


class TestEpisodes:
    def test_a_weekend_does_not_end_one_and_a_day_at_school_does(self) -> None:
        assert found_episodes(away("ziek", "05-09-2025", "08-09-2025"), away("ziek", "10-09-2025")) == [
            (d("05-09-2025"), d("08-09-2025"), 2, False),
            (d("10-09-2025"), d("10-09-2025"), 1, False),
        ]

    def test_a_part_of_a_day_is_none(self) -> None:
        assert found_episodes(away("ziek", "05-09-2025", minutes=120)) == []

    def test_an_exemption_ends_one(self) -> None:
        records = (away("ziek", "05-09-2025", "12-09-2025"), exempt("10-09-2025", "11-09-2025"))

        assert [row[:2] for row in found_episodes(*records)] == [
            (d("05-09-2025"), d("09-09-2025")),
            (d("12-09-2025"), d("12-09-2025")),
        ]

    def test_one_that_nobody_ended_is_open(self) -> None:
        assert found_episodes(away("ziek", "25-09-2025", None)) == [(d("25-09-2025"), d("30-09-2025"), 4, True)]


class TestPupil:
    def test_shares_of_four_and_twelve_weeks_and_the_year(self, school: School) -> None:
        pupil = factories.pupil(at=school)
        coo = factories.member(Role.COO, school)
        factories.absence(pupil, date(2025, 9, 1), date(2025, 9, 5), "ziek")
        found = attendance_page(pupil, coo, TODAY)

        assert [(row.label, row.first, row.share.days, row.share.of_own) for row in found.shares] == [
            ("Laatste 4 lesweken", date(2025, 9, 1), 20, 25),
            ("Laatste 12 lesweken", date(2025, 5, 12), 20, 25),
            ("Dit schooljaar", date(2025, 8, 1), 20, 25),
        ]
        assert [(row.first, row.last, row.school_days, row.words) for row in found.episodes] == [
            (date(2025, 9, 1), date(2025, 9, 5), 5, "ziek")
        ]
        assert (found.sick_reports, found.sick_norm, found.hours_used, found.hours_norm) == (1, 4, 0, 16)

    def test_dates_at_another_school_are_not_counted_for_this_reader(self, school: School) -> None:
        before = school_since_september()
        pupil = factories.pupil()
        factories.enrolment(pupil, before, last=date(2025, 9, 12))
        factories.enrolment(pupil, school, first=date(2025, 9, 15))
        factories.absence(pupil, date(2025, 9, 8), date(2025, 9, 16))

        def year_of(reader: Any) -> tuple[int, int, list[date]]:
            page = attendance_page(pupil, reader, TODAY)
            return page.shares[-1].share.days, page.shares[-1].share.missed, [row.first for row in page.episodes]

        assert year_of(factories.member(Role.COO, school)) == (10, 600, [date(2025, 9, 15)])
        assert year_of(factories.member(Role.COO, before)) == (10, 1500, [date(2025, 9, 8)])

    def test_a_year_that_there_is_nothing_of_is_no_page(self, client: Client, school: School) -> None:
        pupil = factories.pupil(at=school)
        client.force_login(factories.member(Role.COO, school))

        def status(year: date) -> int:
            address = reverse("attendance:pupil_attendance_of_year", args=(pupil.code, year))
            return client.get(address).status_code

        assert (status(date(2025, 8, 1)), status(date(2024, 8, 1)), status(date(2026, 8, 1))) == (200, 404, 404)


class TestPicture:
    def test_weeks_and_weekdays_by_cause(self, school: School) -> None:
        first, second = factories.pupil(at=school), factories.pupil(at=school)
        factories.absence(first, date(2025, 9, 1), date(2025, 9, 2), "ziek")
        factories.part_of_day(second, date(2025, 9, 8), 60)
        found = picture_of(school)

        assert [(week.label, week.first, week.expected, week.tenths()) for week in found.weeks] == [
            ("wk 36", date(2025, 9, 1), 3000, 20.0),
            ("wk 37", date(2025, 9, 8), 3000, 2.0),
            ("wk 38", date(2025, 9, 15), 3000, 0.0),
            ("wk 39", date(2025, 9, 22), 3000, 0.0),
        ]
        assert found.weeks[0].tenths(Cause.SICK) == 20.0
        assert found.weeks[1].tenths(Cause.UNAUTHORISED) == 2.0
        assert [day.tenths() for day in found.weekdays] == [15.0, 12.5, 0.0, 0.0, 0.0]

    def test_who_reached_a_band_is_named_on_the_minute(self, school: School) -> None:
        """Twenty known days are 6000 minutes: 5 per cent is 300."""
        under, at = factories.pupil(at=school), factories.pupil(at=school)
        much = factories.pupil(at=school)
        factories.part_of_day(under, date(2025, 9, 8), 299)
        factories.absence(at, date(2025, 9, 8), date(2025, 9, 8))
        factories.absence(much, date(2025, 9, 1), date(2025, 9, 4))
        found = picture_of(school)

        assert [(row.pupil, row.per_cent, row.band) for row in found.above] == [(much, 20, 20), (at, 5, 5)]
        assert [(band.words, [row.pupil for row in band.rows]) for band in found.by_band()] == [
            ("20% en meer", [much]),
            ("10 tot 20%", []),
            ("5 tot 10%", [at]),
        ]

    def test_a_pupil_of_whom_nothing_is_known_is_told_and_not_counted(self) -> None:
        school = factories.school()
        factories.absence(factories.pupil(at=school), date(2025, 9, 1))
        found = picture_of(school)

        assert (found.pupils, found.unknown, found.weeks, found.above) == (1, 1, (), ())
        assert charts_of(found) == ()

    @pytest.mark.parametrize(
        ("missed", "words"),
        [(0, "niets"), (1, "tot 5%"), (499, "tot 5%"), (500, "5 tot 10%"), (1999, "15 tot 20%"), (5000, "50% en meer")],
    )
    def test_each_pupil_stands_in_one_group_of_the_distribution(self, missed: int, words: str) -> None:
        assert [name for name, number in spread_of([(missed, 10_000)]) if number] == [words]

    def test_the_sentence_of_each_chart_says_what_it_shows(self, school: School) -> None:
        factories.absence(factories.pupil(at=school), date(2025, 9, 1), date(2025, 9, 1), "ziek")
        trend, weekdays, spread = charts_of(picture_of(school))

        assert trend.summary == "Gemiddeld 5% van de lestijd gemist; het meest in de week van ma 1 sep: 20%."
        assert weekdays.summary == "Het meest op maandag (25%), het minst op dinsdag (0%)."
        assert spread.summary == "0 van de 1 leerlingen misten niets; 0 misten 20% of meer."
        assert trend.columns == ("lesweek", "ziek", "geoorloofd", "reden onbekend", "ongeoorloofd", "samen")
        assert trend.rows[0] == ("wk 36", "20%", "0%", "0%", "0%", "20%")


class TestPages:
    def test_a_chart_is_drawn_by_the_server_without_style_or_script(self, client: Client, school: School) -> None:
        factories.absence(factories.pupil(at=school, surname="Bijzonder"), date(2025, 9, 1))
        client.force_login(factories.member(Role.COO, school))
        answer = client.get(reverse("attendance:chart_of_school", args=(school.code, "trend")))

        svg = answer.content.decode()
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
        assert answer["Content-Disposition"] == 'attachment; filename="trend.svg"'
        assert "wk 36" in svg
        assert [word for word in ("<style", "style=", "<script", "Bijzonder") if word in svg] == []
        assert client.get(reverse("attendance:chart_of_school", args=(school.code, "iets"))).status_code == 404

    def test_every_chart_has_its_table(self, client: Client, school: School) -> None:
        factories.absence(factories.pupil(at=school), date(2025, 9, 1))
        client.force_login(factories.member(Role.COO, school))
        page = client.get(reverse("attendance:picture_of_school", args=(school.code,))).content.decode()

        assert (page.count('class="marks"'), page.count("Toon als tabel")) == (3, 3)
        assert "currentColor" in page

    def test_a_mentor_looks_at_the_own_class_only(self, client: Client, school: School) -> None:
        mine, other = factories.group(school), factories.group(school)
        factories.pupil(in_group=mine)
        factories.pupil(in_group=other)
        client.force_login(factories.mentor(mine))

        found = client.get(reverse("attendance:picture_list")).context
        assert (list(found["schools"]), found["groups"]) == ([], [mine])
        assert client.get(reverse("attendance:picture_of_group", args=(other.code,))).status_code == 404

    @pytest.mark.parametrize("name", ["picture_of_school", "picture_of_group"])
    def test_queries_do_not_follow_the_number_of_pupils(self, client: Client, school: School, name: str) -> None:
        group = factories.group(school)
        code = school.code if name == "picture_of_school" else group.code
        client.force_login(factories.member(Role.COO, school))

        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                assert client.get(reverse(f"attendance:{name}", args=(code,))).status_code == 200
            return len(found)

        counts = []
        for more in (1, 2, 40):
            for _ in range(more):
                factories.absence(factories.pupil(in_group=group), date(2025, 9, 1), date(2025, 9, 3))
            counts.append(queries())
        assert counts[0] == counts[1] == counts[2] <= 20
