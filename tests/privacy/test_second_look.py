"""A colleague reads along with what was judged of the texts of an inspection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.models import LogEntry
from cases.services.log import write_note
from tests import factories
from tests.access_world import TODAY, World
from tests.privacy.test_inspection import SECRET, judged, ready
from thuiszitters.accounts.roles import Role
from thuiszitters.privacy.models import Judgement
from thuiszitters.privacy.services.requests import RequestRefusedError
from thuiszitters.privacy.services.reviewing import give_second_look, judge, review_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def test_a_second_look_is_by_somebody_else_and_void_after_a_change() -> None:
    world = World()
    coo, leader = factories.member(Role.COO, world.school), factories.member(Role.SCHOOLLEIDER, world.school)
    request = ready(world, coo)
    with pytest.raises(RequestRefusedError, match="collega"):
        give_second_look(request=request, seen=review_of(request).seen, by=coo)
    give_second_look(request=request, seen=review_of(request).seen, by=leader)
    assert set(request.judgements.values_list("second_look_by", flat=True)) == {leader.pk}
    with pytest.raises(RequestRefusedError, match="al meegelezen"):
        give_second_look(request=request, seen=review_of(request).seen, by=leader)

    first = review_of(request).pieces[0].text
    judge(request=request, text=first, spans=[], left_out=False, reason="", by=coo)

    assert [piece.text for piece in review_of(request).unread] == [first]
    assert Judgement.objects.filter(request=request).count() == len(review_of(request).pieces)


def test_a_second_look_is_at_the_judgements_that_were_read(client: Client) -> None:
    """Judged anew, or a text changed and judged, while the colleague had the page open: refused, and nothing kept."""
    world = World()
    coo, leader = factories.member(Role.COO, world.school), factories.member(Role.SCHOOLLEIDER, world.school)
    note = write_note(case=world.case, text=f"Sam lag op bed. {SECRET}.", by=coo)
    request = ready(world, coo, SECRET)
    listed, address = (reverse(f"privacy:{name}", args=[request.code]) for name in ("review_list", "second_look"))
    client.force_login(leader)

    def shown() -> str:
        page = client.get(listed)
        assert f'name="seen" value="{page.context["review"].seen}"' in page.content.decode()
        return str(page.context["review"].seen)

    def looked_at() -> int:
        return request.judgements.filter(second_look_by=leader).count()

    before = shown()
    own = next(piece.text for piece in review_of(request).pieces if piece.text.text == note.text)
    with time_machine.travel(datetime(2026, 1, 14, 12, tzinfo=UTC), tick=False):
        judge(request=request, text=own, spans=[], left_out=False, reason="", by=coo)
    assert "veranderd" in client.post(address, {"seen": before}, follow=True).content.decode()
    assert looked_at() == 0

    before = shown()
    LogEntry.objects.filter(pk=note.pk).update(text="Sam lag op bed.")
    judged(request, coo)
    assert "veranderd" in client.post(address, {"seen": before}, follow=True).content.decode()
    assert looked_at() == 0

    assert "meegelezen" in client.post(address, {"seen": shown()}, follow=True).content.decode()
    assert looked_at() == len(review_of(request).pieces)


def test_who_judged_some_of_the_texts_reads_along_with_the_others_only() -> None:
    """Two people who each judge a half read each other's half."""
    world = World()
    coo, leader = factories.member(Role.COO, world.school), factories.member(Role.SCHOOLLEIDER, world.school)
    for text in ("Een.", "Twee.", "Drie."):
        write_note(case=world.case, text=text, by=coo)
    request = ready(world, coo)
    own = review_of(request).pieces[0].text
    judge(request=request, text=own, spans=[], left_out=False, reason="", by=leader)

    assert give_second_look(request=request, seen=review_of(request).seen, by=leader) == 1
    assert [piece.text for piece in review_of(request).unread] == [own]
    with pytest.raises(RequestRefusedError, match="collega"):
        give_second_look(request=request, seen=review_of(request).seen, by=leader)
    assert give_second_look(request=request, seen=review_of(request).seen, by=coo) == 0
    assert request.judgements.get(text_digest=own.digest).second_look_by == coo
