"""Whether a page of a pupil leads to their number."""

from __future__ import annotations

from django import template

from attendance.models import Pupil
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import User
from thuiszitters.privacy.models.numbers import KEEPS_NUMBERS, where_numbers_are_kept

register = template.Library()


@register.simple_tag
def keeps_number(pupil: Pupil, user: User) -> bool:
    """Whether `user` enters numbers at a school that keeps them, of this pupil."""
    return grants_of(user).has(*KEEPS_NUMBERS) and where_numbers_are_kept(pupil, user) is not None
