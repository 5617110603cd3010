"""The stories say what they promise, on any date on which somebody makes the demo."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pytest

from attendance.engine.evaluate import evaluate
from attendance.engine.facts import Rule
from tests.demo.engine_facts import facts_of
from thuiszitters.demo.expected import Expected
from thuiszitters.demo.generate import Demo, generate
from thuiszitters.demo.report_stories import DESKS, Desk
from thuiszitters.demo.schools import COLLEGE, HAVEN, SCHOOLS

TODAYS = {
    "a Wednesday just before the summer holiday": date(2026, 7, 15),
    "in the summer holiday": date(2026, 8, 5),
    "the first school day of the year": date(2026, 8, 31),
    "a Saturday in November": date(2026, 11, 21),
    "a Sunday in November": date(2026, 11, 22),
    "a Monday in November": date(2026, 11, 23),
    "in the Christmas holiday": date(2026, 12, 29),
    "the second school day after Christmas": date(2027, 1, 5),
    "the day after carnival": date(2027, 3, 1),
    "between Easter and May": date(2027, 4, 15),
    "a leap day": date(2028, 2, 29),
}
KEYS = [
    "dag-9", "dag-10", "vakantie", "correctie", "deeltijd", "wissel", "16-jaar", "vrijstelling", "3-maanden", "14-uur",
    "4e-ziekmelding", "ongeoorloofd", "een-uur", "7e-ziektedag", "luxe", "opbouw", "structureel",
    *(desk.key for desk in DESKS),
]  # fmt: skip


@lru_cache
def demo_on(today: date) -> Demo:
    return generate(today=today, share=0.05)


def found(demo: Demo, key: str, *, corrected: bool = True) -> list[Expected]:
    child = demo.story(key).child
    evaluation = evaluate(facts_of(demo, child, corrected=corrected), demo.today)
    return sorted(Expected(c.crossed_on, c.rule.value, c.start) for c in evaluation.crossings)


@pytest.fixture(params=TODAYS.values(), ids=list(TODAYS))
def demo(request: pytest.FixtureRequest) -> Demo:
    return demo_on(request.param)


def test_every_story_is_there_once() -> None:
    assert [story.key for story in demo_on(date(2026, 11, 21)).stories] == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_engine_says_what_the_story_expects(demo: Demo, key: str) -> None:
    story = demo.story(key)
    assert found(demo, key) == story.expected


def test_correction_takes_a_crossing_back(demo: Demo) -> None:
    story = demo.story("correctie")
    assert [crossing.rule for crossing in story.withdrawn] == ["thuis-2w"]
    assert found(demo, "correctie", corrected=False) == story.withdrawn


def test_what_each_story_shows(demo: Demo) -> None:
    rules = {key: sorted({crossing.rule for crossing in demo.story(key).expected}) for key in KEYS}
    assert {key: rules[key] for key in ("dag-10", "wissel", "vrijstelling", "een-uur")} == {
        "dag-10": ["thuis-2w"],
        "wissel": ["thuis-2w"],
        "vrijstelling": ["thuis-2w"],
        "een-uur": ["thuis-2w"],
    }
    assert rules["dag-9"] == rules["7e-ziektedag"] == ["ziek-7d"]
    assert rules["4e-ziekmelding"] == ["ziek-4x"]
    assert rules["luxe"] == ["uren-16"]
    assert rules["3-maanden"] == ["thuis-2w", "thuis-3m", "thuis-4w", "ziek-7d"]
    assert rules["ongeoorloofd"] == ["lrv", "thuis-2w", "thuis-4w", "uren-16"]
    assert rules["correctie"] == rules["14-uur"] == rules["structureel"] == []


def test_day_10_is_the_open_day(demo: Demo) -> None:
    (crossing,) = demo.story("dag-10").expected
    assert crossing.crossed_on == demo.days[COLLEGE.brin].open_day


def test_day_9_becomes_day_10_when_the_open_day_is_marked(demo: Demo) -> None:
    child = demo.story("dag-9").child
    days = demo.days[COLLEGE.brin]
    evaluation = evaluate(facts_of(demo, child), demo.today)
    assert evaluation.home is not None
    assert evaluation.home.school_days == 9
    assert child.absences[-1].last == days.complete_through == days.back(1)
    assert child.now.group == "2A"


def test_fourteen_of_sixteen_hours_are_used(demo: Demo) -> None:
    evaluation = evaluate(facts_of(demo, demo.story("14-uur").child), demo.today)
    assert (evaluation.unauthorised_minutes, evaluation.hours_minutes) == (14 * 50, 16 * 50)


def test_structural_absence_is_suggested(demo: Demo) -> None:
    evaluation = evaluate(facts_of(demo, demo.story("structureel").child), demo.today)
    assert evaluation.structural is not None
    assert evaluation.structural.rule is Rule.STRUCTURAL


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.key)
def test_sixteen_hours_are_full_long_enough_ago_for_the_desk(demo: Demo, desk: Desk) -> None:
    assert [(row.rule, row.crossed_on) for row in demo.story(desk.key).expected] == [
        ("uren-16", demo.days[COLLEGE.brin].back(desk.back))
    ]


def test_back_for_an_hour_starts_a_new_run(demo: Demo) -> None:
    evaluation = evaluate(facts_of(demo, demo.story("een-uur").child), demo.today)
    assert evaluation.home is not None
    assert evaluation.home.school_days == 5


def test_transfer_happens_inside_the_run(demo: Demo) -> None:
    story = demo.story("wissel")
    before, after = story.child.enrolments
    (crossing,) = story.expected
    assert (before.school, before.place, after.school, after.place) == (COLLEGE, COLLEGE, COLLEGE, HAVEN)
    assert crossing.crossed_on < after.first <= demo.today
    evaluation = evaluate(facts_of(demo, story.child), demo.today)
    assert evaluation.home is not None
    assert (evaluation.home.start, evaluation.home.school_days) == (crossing.start, 19)


def test_who_turns_16_did_so_inside_the_run(demo: Demo) -> None:
    child = demo.story("16-jaar").child
    birthday = child.birth_date.replace(year=child.birth_date.year + 16)
    assert child.absences[-1].first < birthday <= demo.today


def test_one_school_is_late_with_its_files(demo: Demo) -> None:
    for school in SCHOOLS:
        days = demo.days[school.brin]
        late = len(days.between(days.complete_through, days.open_day)) - 2
        assert late == (3 if school is HAVEN else 0)
