"""The whole demo as values and as files, from a seed and a date: the same two give the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from thuiszitters.demo.absence import add_absence
from thuiszitters.demo.former import make_former
from thuiszitters.demo.pupils import make_children
from thuiszitters.demo.records import Child
from thuiszitters.demo.report_stories import tell_report_stories
from thuiszitters.demo.schools import SCHOOLS, SchoolDays
from thuiszitters.demo.stories import Stage, Story, tell_stories

SEED = 2026
YEAR = timedelta(days=365)


@dataclass
class Demo:
    """Children with their absence, the stories among them, and the school days by BRIN. `former`: who left long ago."""

    seed: int
    today: date
    days: dict[str, SchoolDays]
    children: list[Child]
    stories: list[Story]
    former: list[Child]

    def story(self, key: str) -> Story:
        """The story with this key."""
        return next(story for story in self.stories if story.key == key)


def generate(*, today: date, seed: int = SEED, share: float = 1) -> Demo:
    """Invent everything. `share` thins the classes out (1: some 900 pupils)."""
    days = {school.brin: SchoolDays(school, today) for school in SCHOOLS}
    children = make_children(seed=seed, today=today, share=share)
    stage = Stage(children, days, today)
    stories = [*tell_stories(stage), *tell_report_stories(stage)]
    add_absence(children, days, seed=seed, first=today - YEAR)
    return Demo(seed, today, days, children, stories, make_former(today))
