"""Which bands of missed time a school or an alliance uses in overviews."""

from __future__ import annotations

from typing import Any

from attendance.models import AbsenceBands
from attendance.models.bands import Bands
from thuiszitters.accounts.models import Alliance, School


def set_bands(*, place: School | Alliance, bands: Bands) -> None:
    """This school or alliance uses these bands. May be repeated."""
    AbsenceBands.objects.update_or_create(defaults=bands._asdict(), **of_place(place))


def clear_bands(*, place: School | Alliance) -> None:
    """What holds above this place holds here again. May be repeated."""
    AbsenceBands.objects.filter(**of_place(place)).delete()


def own_bands(place: School | Alliance) -> Bands | None:
    """The bands that this very place chose."""
    row = AbsenceBands.objects.filter(**of_place(place)).first()
    return None if row is None else row.bands


def of_place(place: School | Alliance) -> dict[str, Any]:
    return {"school" if isinstance(place, School) else "alliance": place}
