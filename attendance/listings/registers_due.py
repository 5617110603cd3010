"""Who has classes to fill in of earlier days, and how many: for the mail in the morning."""

from __future__ import annotations

from collections import Counter
from datetime import date

from attendance.facts import calendar_of
from attendance.listings.missing_registers import GroupToTake, groups_to_take, schools_with_registers
from attendance.models import Group, GroupMentor
from attendance.models.pupils import holds_on
from thuiszitters.accounts.models import Membership, School
from thuiszitters.accounts.roles import Role


def registers_due(today: date) -> Counter[int]:
    """By user id, of how many school days before today a class of theirs was not filled in: of the mentors of the
    class, or of the administratie of the school where a class has none. Only for schools that are open today."""
    counts: Counter[int] = Counter()
    for school in School.objects.order_by("pk").iterator(chunk_size=100):
        counts += due_at(school, today)
    return counts


def due_at(school: School, today: date) -> Counter[int]:
    """The same for one school."""
    if not calendar_of(school).is_school_day(today) or not schools_with_registers([school], today):
        return Counter()
    rows = [row for row in groups_to_take(Group.objects.filter(school=school), today) if row.earlier]
    counts: Counter[int] = Counter()
    for row, people in zip(rows, people_of(rows, school, today), strict=True):
        counts.update(dict.fromkeys(people, len(row.earlier)))
    return counts


def people_of(rows: list[GroupToTake], school: School, today: date) -> list[set[int]]:
    """Who is to fill in each class: its mentors, else the administratie."""
    if not rows:
        return []
    here = Membership.objects.current(today).filter(school=school, user__is_active=True)
    mentors = set(here.filter(role=Role.MENTOR).values_list("user", flat=True))
    office = set(here.filter(role=Role.ADMINISTRATIE).values_list("user", flat=True))
    of_group: dict[int, set[int]] = {row.group.pk: set() for row in rows}
    found = GroupMentor.objects.filter(holds_on(today), group__in=of_group, user__in=mentors)
    for group_id, user_id in found.values_list("group", "user"):
        of_group[group_id].add(user_id)
    return [of_group[row.group.pk] or office for row in rows]
