"""Every table of the application has a place in the map of personal data."""

from __future__ import annotations

from collections import Counter

from django.apps import apps
from django.db import models

from attendance.models import Pupil
from thuiszitters.privacy import data_map
from thuiszitters.privacy.data_map import GOES_WITH, HELD, LAST_OUT, known_models


def all_models() -> dict[str, type[models.Model]]:
    return {model._meta.label: model for model in apps.get_models(include_auto_created=True)}


def test_every_table_is_classified_once() -> None:
    """A new table is added to thuiszitters/privacy/data_map.py, by somebody who asks what becomes of its rows."""
    known = known_models()

    assert set(all_models()) - set(known) == set(), "not classified"
    assert set(known) - set(all_models()) == set(), "not there any more"
    assert {name for name, times in Counter(known).items() if times > 1} == set()


def test_a_table_that_points_at_a_pupil_goes_with_the_pupil() -> None:
    """Nobody classifies a table about a child as being about nobody."""
    about_a_pupil = {
        label
        for label, model in all_models().items()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is Pupil
    }

    assert about_a_pupil - {entry.model for entry in HELD} - set(GOES_WITH) - {"privacy.RunItem"} == set()


def test_what_goes_with_another_row_is_taken_along_by_it() -> None:
    for label, parent in GOES_WITH.items():
        ways = [
            field.remote_field.on_delete
            for field in all_models()[label]._meta.get_fields()
            if isinstance(field, models.ForeignKey) and field.related_model is all_models()[parent]
        ]
        assert ways == [models.CASCADE], label


def test_every_way_in_the_map_exists() -> None:
    """A renamed field would be found here and not at the first destruction."""
    for entry in HELD:
        rows = all_models()[entry.model]._base_manager.filter(**entry.only)
        ways = [way for way in (entry.pupil, entry.case, entry.school, entry.alliance, *entry.dates) if way]
        assert str(rows.values(*ways).query), entry.model


def test_nothing_about_a_pupil_lies_outside_the_database() -> None:
    """There is no file on disk and no index for searching to be destroyed with the rows. Whoever adds a file to a row
    adds its destruction: after the commit, retried, with a sweep for what was left behind."""
    files = {
        f"{label}.{field.name}"
        for label, model in all_models().items()
        for field in model._meta.get_fields()
        if isinstance(field, models.FileField)
    }

    assert files == set()


def test_every_line_says_why() -> None:
    for lines in (LAST_OUT, data_map.OWN_TERM, data_map.OF_STAFF, data_map.NOBODY):
        assert all(why.strip() for why in lines.values())
