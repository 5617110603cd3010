"""The children who each show one thing. Everything is counted back in school days from the open day, so that a story is
as telling in the summer holiday as in November."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from dateutil.relativedelta import relativedelta

from thuiszitters.demo.expected import Expected, at_home, sixteen_hours
from thuiszitters.demo.names import Name
from thuiszitters.demo.records import AbsenceRow, Child, EnrolmentRow, ExemptionRow, TimetableRow
from thuiszitters.demo.schools import COLLEGE, HAVEN, LINDEWOUDE, PRIMARY, ZILVERDAM, School, SchoolDays, school_year_of


@dataclass
class Story:
    """`tells` says in a Dutch sentence what to look at. `expected` are the crossings that must stand as of today,
    `withdrawn` those that must have been found and withdrawn again."""

    key: str
    tells: str
    child: Child
    expected: list[Expected] = field(default_factory=list)
    withdrawn: list[Expected] = field(default_factory=list)


class Stage:
    """Hands out children and school days to the stories."""

    def __init__(self, children: list[Child], days: dict[str, SchoolDays], today: date) -> None:
        self.children, self.today = children, today
        self.college, self.haven, self.primary = (days[school.brin] for school in (COLLEGE, HAVEN, PRIMARY))

    def cast(self, key: str, tells: str, seat: tuple[School, str], name: Name, living: str) -> Story:
        """Give the next child of a class its part: a name, a home, and two short illnesses long ago."""
        school, group = seat
        child = next(c for c in self.children if c.now.place is school and c.now.group == group and not c.story)
        child.name, child.municipality, child.story = name, living, key
        days = {COLLEGE: self.college, HAVEN: self.haven, PRIMARY: self.primary}[school]
        for back, length in ((140, 2), (110, 1)):
            child.absences.append(AbsenceRow(days.back(back), days.back(back - length + 1), "ziek"))
        return Story(key, tells, child)


def whole(first: date, last: date | None, reason: str) -> AbsenceRow:
    return AbsenceRow(first, last, reason)


def day_9(stage: Stage) -> Story:
    days = stage.college
    story = stage.cast(
        "dag-9", "is 9 schooldagen thuis: nog een dag afwezig in het register, en 2 weken zijn voorbij",
        (COLLEGE, "2A"), Name("Sam", "van den", "Berg"), ZILVERDAM,
    )  # fmt: skip
    start = days.back(9)
    story.child.absences.append(whole(start, days.complete_through, "ziek"))
    story.expected = [Expected(days.on_or_after(start, 6), "ziek-7d", start)]
    return story


def day_10(stage: Stage) -> Story:
    days = stage.college
    story = stage.cast(
        "dag-10", "passeert vandaag (of op de laatste schooldag) 2 weken",
        (COLLEGE, "3B"), Name("Yara", "", "Amrani"), ZILVERDAM,
    )  # fmt: skip
    start = days.back(9)
    story.child.absences.append(whole(start, None, "geoorloofd"))
    story.expected = at_home(days, start)
    return story


def holiday_in_run(stage: Stage) -> Story:
    days = stage.college
    story = stage.cast(
        "vakantie", "was al thuis vóór de laatste vakantie: die telt niet mee en breekt niets af",
        (COLLEGE, "2D"), Name("Milan", "", "Postma"), LINDEWOUDE,
    )  # fmt: skip
    back_at_school = days.after_holidays[0]
    since = len(days.between(back_at_school, days.open_day))
    first_index = days.days.index(back_at_school) - max(10 - since, 4)
    start = days.days[first_index]
    ended = since > 30
    story.child.absences.append(whole(start, days.on_or_after(start, 13) if ended else None, "geoorloofd"))
    story.expected = at_home(days, start, days.on_or_after(start, 14) if ended else None)
    return story


def corrected(stage: Stage) -> Story:
    days = stage.college
    story = stage.cast(
        "correctie", "leek 2 weken thuis; toen bleek dat hij er een dag was, en het signaal verviel",
        (COLLEGE, "4C"), Name("Ruben", "de", "Graaf"), ZILVERDAM,
    )  # fmt: skip
    start = days.back(12)
    story.child.absences.append(whole(start, None, "geoorloofd"))
    story.child.corrections += [whole(start, days.back(8), "geoorloofd"), whole(days.back(6), None, "geoorloofd")]
    story.withdrawn = at_home(days, start)
    return story


def part_time(stage: Stage) -> Story:
    days = stage.college
    story = stage.cast(
        "deeltijd", "heeft een rooster van drie dagen; de roostervrije dagen tellen mee in de week",
        (COLLEGE, "3E"), Name("Jasmijn", "van der", "Velde"), ZILVERDAM,
    )  # fmt: skip
    own = (350, 0, 300, 0, 300)
    story.child.timetables.append(TimetableRow(days.back(45), None, own))
    start = next(
        days.back(n + 9) for n in range(30) if not own[days.back(n).weekday()] and own[days.back(n + 9).weekday()]
    )
    story.child.absences.append(whole(start, None, "geoorloofd"))
    story.expected = at_home(days, start)
    return story


def transfer(stage: Stage) -> Story:
    days = stage.haven
    story = stage.cast(
        "wissel", "ging na 2 weken thuis naar De Tussenhaven: de telling loopt door, het dossier wacht op overdracht",
        (HAVEN, "Haven 1"), Name("Kerem", "", "Yıldız"), ZILVERDAM,
    )  # fmt: skip
    start, moved = days.back(18), days.back(6)
    before = EnrolmentRow(COLLEGE, COLLEGE, "3D", story.child.now.first, moved - relativedelta(days=1))
    story.child.enrolments = [before, EnrolmentRow(COLLEGE, HAVEN, "Haven 1", moved)]
    story.child.absences.append(whole(start, None, "onbekend"))
    story.expected = at_home(days, start)
    return story


def turning_16(stage: Stage) -> Story:
    days = stage.college
    story = stage.cast(
        "16-jaar", "volgt de lessen thuis en werd vier dagen geleden 16: zij wordt nu zelf ook geïnformeerd",
        (COLLEGE, "4B"), Name("Noor", "", "Haddad"), ZILVERDAM,
    )  # fmt: skip
    story.child.birth_date = stage.today - relativedelta(years=16, days=4)
    start = days.back(21)
    story.child.absences.append(whole(start, None, "digitaal"))
    story.expected = at_home(days, start)
    return story


def exemption(stage: Stage) -> Story:
    days = stage.primary
    story = stage.cast(
        "vrijstelling", "zat 14 schooldagen thuis; sindsdien geldt een vrijstelling en telt geen klok meer",
        (PRIMARY, "groep 5"), Name("Fenna", "", "Bruinsma"), LINDEWOUDE,
    )  # fmt: skip
    start, exempt = days.back(30), days.back(16)
    story.child.absences.append(whole(start, days.back(17), "geoorloofd"))
    until = school_year_of(stage.today) + relativedelta(years=1, days=-1)
    story.child.exemptions.append(ExemptionRow(exempt, until, "5 onder a"))
    story.expected = at_home(days, start, exempt)
    return story


def three_months(stage: Stage) -> Story:
    days = stage.haven
    story = stage.cast(
        "3-maanden", "is langer dan 3 maanden ziek thuis: geoorloofd, en toch thuis",
        (HAVEN, "Haven 1"), Name("Lieke", "", "Verbeek"), LINDEWOUDE,
    )  # fmt: skip
    start = days.on_or_before(stage.today - relativedelta(months=3, days=8))
    story.child.absences.append(whole(start, None, "ziek"))
    story.expected = [Expected(days.on_or_after(start, 6), "ziek-7d", start), *at_home(days, start)]
    return story


def hours_14(stage: Stage) -> Story:
    days = stage.college
    story = stage.cast(
        "14-uur", "miste 14 lessen zonder geldige reden in 4 lesweken: nog 2 en de school moet melden",
        (COLLEGE, "3C"), Name("Dylan", "", "Pinas"), ZILVERDAM,
    )  # fmt: skip
    window = days.between(days.calendar.lesson_weeks_start(days.open_day, 4), days.complete_through)
    for n in range(7):
        day = window[n * len(window) // 7]
        story.child.absences += [AbsenceRow(day, day, "ongeoorloofd", lesson=lesson) for lesson in (5, 6)]
    return story


def fourth_sick_report(stage: Stage) -> Story:
    days = stage.college
    story = stage.cast(
        "4e-ziekmelding", "is voor de vierde keer in 12 lesweken ziek gemeld: tijd voor een gesprek",
        (COLLEGE, "2A"), Name("Elif", "", "Koç"), ZILVERDAM,
    )  # fmt: skip
    reports = [days.back(n) for n in (38, 26, 13, 2)]
    story.child.absences += [whole(day, day, "ziek") for day in reports]
    story.expected = [Expected(reports[-1], "ziek-4x", reports[0])]
    return story


def unauthorised_4_weeks(stage: Stage) -> Story:
    days = stage.college
    story = stage.cast(
        "ongeoorloofd", "is 4 weken zonder geldige reden weg: langdurig relatief verzuim",
        (COLLEGE, "4A"), Name("Giovanni", "", "Martina"), ZILVERDAM,
    )  # fmt: skip
    start = days.back(20)
    story.child.absences.append(whole(start, None, "ongeoorloofd"))
    minutes = {day: COLLEGE.week[day.weekday()] for day in days.between(start, days.open_day)}
    story.expected = [
        *sixteen_hours(days, minutes),
        *at_home(days, start),
        Expected(days.on_or_after(start, 19), "lrv", start),
    ]
    return story


def back_for_an_hour(stage: Stage) -> Story:
    days = stage.college
    story = stage.cast(
        "een-uur", "kwam na drie weken één lesuur: die reeks is voorbij, maar zijn dossier telt vanaf de eerste dag",
        (COLLEGE, "2C"), Name("Thijs", "in 't", "Veld"), LINDEWOUDE,
    )  # fmt: skip
    start, hour = days.back(20), days.back(5)
    rest_of_the_day = COLLEGE.week[hour.weekday()] - 50
    story.child.absences += [
        whole(start, days.back(6), "geoorloofd"),
        AbsenceRow(hour, hour, "geoorloofd", minutes=rest_of_the_day),
        whole(days.back(4), None, "geoorloofd"),
    ]
    story.expected = at_home(days, start, hour)
    return story


def sick_7_days(stage: Stage) -> Story:
    days = stage.primary
    story = stage.cast(
        "7e-ziektedag", "is voor de zevende schooldag achter elkaar ziek",
        (PRIMARY, "groep 7"), Name("Szymon", "", "Wójcik"), LINDEWOUDE,
    )  # fmt: skip
    start = days.back(6)
    story.child.absences.append(whole(start, None, "ziek"))
    story.expected = [Expected(days.open_day, "ziek-7d", start), *at_home(days, start)]
    return story


def luxury(stage: Stage) -> Story:
    days = stage.primary
    story = stage.cast(
        "luxe", "bleef rond een vakantie een week langer weg zonder toestemming",
        (PRIMARY, "groep 4"), Name("Olivier", "", "Kuijpers"), LINDEWOUDE,
    )  # fmt: skip
    weeks = [week for after in days.after_holidays for week in (after, days.before(after, 5))]
    first = next(week for week in weeks if days.on_or_after(week, 4) <= days.back(6))
    away = [days.on_or_after(first, n) for n in range(5)]
    story.child.absences.append(whole(away[0], away[-1], "luxe"))
    story.expected = sixteen_hours(days, {day: PRIMARY.week[day.weekday()] for day in away})
    return story


def building_up(stage: Stage) -> Story:
    days = stage.haven
    story = stage.cast(
        "opbouw", "was zes weken thuis en bouwt nu op met een eigen rooster van twee ochtenden",
        (HAVEN, "Haven 2"), Name("Tess", "van", "Zanten"), ZILVERDAM,
    )  # fmt: skip
    start, resumed = days.back(52), days.back(21)
    story.child.absences.append(whole(start, days.back(22), "geoorloofd"))
    story.child.timetables.append(TimetableRow(resumed, None, (120, 0, 120, 0, 0)))
    first_morning = next(day for day in days.between(resumed, days.open_day) if day.weekday() in {0, 2})
    story.expected = at_home(days, start, first_morning)
    return story


def structural(stage: Stage) -> Story:
    days = stage.college
    story = stage.cast(
        "structureel", "mist al zeven weken de maandag en de vrijdag: dreigend, zonder dat een reeks het laat zien",
        (COLLEGE, "3A"), Name("Bente", "", "Noordhoek"), LINDEWOUDE,
    )  # fmt: skip
    first = days.calendar.lesson_weeks_start(days.open_day, 7)
    missed = [day for day in days.between(first, days.complete_through) if day.weekday() in {0, 4}]
    story.child.absences += [whole(day, day, "geoorloofd") for day in missed]
    return story


STORIES: tuple[Callable[[Stage], Story], ...] = (
    day_9, day_10, holiday_in_run, corrected, part_time, transfer, turning_16, exemption, three_months, hours_14,
    fourth_sick_report, unauthorised_4_weeks, back_for_an_hour, sick_7_days, luxury, building_up, structural,
)  # fmt: skip


def tell_stories(stage: Stage) -> list[Story]:
    """Give each story its child. Children who are taken are left alone by what comes after."""
    found = [tell(stage) for tell in STORIES]
    for story in found:
        story.expected.sort()
        story.child.absences.sort(key=lambda row: (row.first, row.lesson or 0))
    return found
