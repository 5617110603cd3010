"""All that is known to be wrong with the data of one school, for one reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from attendance.facts import calendar_of
from attendance.listings.data_quality.contacts import KNOWS_CONTACTS, without_contact
from attendance.listings.data_quality.files import refused, unknown_codes
from attendance.listings.data_quality.findings import Kind, Reader
from attendance.listings.data_quality.jumps import jumps
from attendance.listings.data_quality.pupils import at_odds_with_age, without_class, without_municipality
from attendance.listings.data_quality.records import on_free_days, outside_enrolment
from attendance.listings.data_quality.registers import missing_registers
from thuiszitters.accounts.models import School, User


@dataclass(frozen=True)
class DataQuality:
    """`wrong` has the kinds with findings, in the order in which they endanger a child most; `right` the others."""

    wrong: tuple[Kind, ...]
    right: tuple[Kind, ...]

    @property
    def number(self) -> int:
        return sum(kind.number for kind in self.wrong)


def data_quality(school: School, user: User, today: date) -> DataQuality:
    """What `user` may know of it. The number of queries does not follow the number of pupils or findings."""
    reader = Reader(user, school, today, calendar_of(school))
    kinds = [missing_registers(reader)]
    if reader.roles & KNOWS_CONTACTS:
        kinds.append(without_contact(reader))
    if reader.sees_school:
        kinds.append(unknown_codes(reader))
    kinds += [
        refused(reader),
        jumps(reader),
        outside_enrolment(reader),
        on_free_days(reader),
        without_class(reader),
        without_municipality(reader),
        at_odds_with_age(reader),
    ]
    return DataQuality(tuple(kind for kind in kinds if kind.number), tuple(kind for kind in kinds if not kind.number))
