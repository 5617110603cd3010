"""Requests of parents, a hold, and two destructions, each left where somebody can go on with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from attendance.models import Pupil
from cases.models import Case
from cases.services.cases import open_case
from cases.services.closing import close_case
from cases.services.log import record_contact, write_note
from thuiszitters.accounts.models import School
from thuiszitters.demo.former import FORMER, STORY_OF_HOLD, Former, left_on
from thuiszitters.demo.happenings import Happening, Scene
from thuiszitters.demo.schools import COLLEGE, PRIMARY
from thuiszitters.demo.staff import COO
from thuiszitters.privacy.models import DestructionRun, PrivacyRequest, Tombstone
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.services.destroying import destroy_run
from thuiszitters.privacy.services.holds import set_hold
from thuiszitters.privacy.services.naming import names_in, suggestions_in
from thuiszitters.privacy.services.requests import answer_request, receive_request, weigh_request
from thuiszitters.privacy.services.reviewing import judge, review_of
from thuiszitters.privacy.services.runs import approve, propose

INSPECTED = "ongeoorloofd"
"""The story of which a parent wants to see everything: half of its texts were judged."""
TEXTS_WITH_NAMES = (
    "Zijn vriend Luuk Terpstra uit 2B zegt dat hij overdag bij hem thuis zit. De moeder van Luuk: 000-0000000.",
    "Stijn Wolthuis uit 3D heeft hem vrijdag in de stad gezien. Stijn wil niet dat hij weet dat dit van hem komt.",
)
"""Written in that file about others. Of the first the names were made black; the second waits."""


@dataclass(frozen=True)
class Asked:
    """A request that was answered. `ago`: how many days ago it came and was answered."""

    key: str
    kind: PrivacyRequest.Kind
    asker: str
    question: str
    ago: tuple[int, int]
    decision: PrivacyRequest.Decision
    reason: str
    statement: str = ""


ANSWERED = (
    Asked(
        "correctie", PrivacyRequest.Kind.CORRECTION, "M. de Graaf",
        "Er staat dat Ruben twee weken thuis was. Dat klopt niet: hij is er een dag geweest. En hij was niet lui, hij "
        "was moe van een slechte week.",
        (11, 4), PrivacyRequest.Decision.PARTLY,
        "De dag op school komt erin, met het volgende bestand. Wat de mentor opschreef blijft staan: zo is het gezegd.",
        "Ruben was die dagen thuis omdat hij slecht sliep. Hij wilde wel naar school. Wij vinden dat dat erbij hoort.",
    ),
    Asked(
        "luxe", PrivacyRequest.Kind.OBJECTION, "P. Kuijpers",
        "Wij willen niet dat onze vakantie aan leerplicht is gemeld.",
        (16, 9), PrivacyRequest.Decision.REFUSED,
        "De school moet dit melden (Leerplichtwet artikel 21a). Bezwaar stopt dat niet. Uitgelegd aan de telefoon.",
    ),
)  # fmt: skip

HELD_FOR = timedelta(days=42)
PROPOSED_AGO, APPROVED_AGO = 26, 24
"""Days: the destruction at the Zilverdam College."""
WAITS_SINCE = 2
"""Days: the one at De Wolkenfabriek, which waits for the FG."""


def old_cases(scene: Scene) -> Iterator[Happening]:
    """The files of who left long ago, in their last year at school."""
    for former in FORMER:
        if former.had_file:
            last = left_on(former, scene.demo.today)
            opened, closed = last - timedelta(days=150), last - timedelta(days=60)
            yield Happening(opened, 10, partial(_open_case, scene, former))
            yield Happening(closed, 10, partial(_close_case, scene, former))


def privacy_stories(scene: Scene) -> Iterator[Happening]:
    """Everything of the last weeks, in no order."""
    yield from _inspection(scene)
    for row in ANSWERED:
        yield Happening(scene.ago(row.ago[0]), 9, partial(_receive, scene, row))
        yield Happening(scene.ago(row.ago[1]), 14, partial(_answer, scene, row))
    yield Happening(scene.demo.today - HELD_FOR, 13, partial(_hold, scene))
    yield Happening(scene.ago(PROPOSED_AGO), 11, partial(_propose, scene, COLLEGE.brin))
    yield Happening(scene.ago(APPROVED_AGO), 9, partial(_destroy, scene))
    yield Happening(scene.ago(WAITS_SINCE), 11, partial(_propose, scene, PRIMARY.brin))


def _former(former: Former) -> Pupil:
    return Pupil.objects.get(number=former.number)


def _open_case(scene: Scene, former: Former, day: date) -> None:
    with scene.by(COO[former.school.brin]) as coo:
        case, _ = open_case(pupil=_former(former), today=day, by=coo, why="Komt steeds later en blijft soms weg.")
        record_contact(case=case, text="Met de ouders gebeld. Wij spreken elkaar elke week.", day=day, by=coo)


def _close_case(scene: Scene, former: Former, _day: date) -> None:
    with scene.by(COO[former.school.brin]) as coo:
        close_case(case=Case.objects.get(pupil=_former(former)), reason="volgt al weken weer alle lessen", by=coo)


def _school(scene: Scene, key: str) -> School:
    return School.objects.get(brin=scene.demo.story(key).child.now.place.brin)


def _inspection(scene: Scene) -> Iterator[Happening]:
    days = scene.demo.days[COLLEGE.brin]
    for n, text in enumerate(TEXTS_WITH_NAMES):
        yield Happening(days.back(5 - n), 12, partial(_note, scene, text))
    asked = Asked(
        INSPECTED, PrivacyRequest.Kind.INSPECTION, "D. Martina", "Ik wil alles zien wat over Giovanni is opgeschreven.",
        (10, 0), PrivacyRequest.Decision.DONE, "",
    )  # fmt: skip
    yield Happening(scene.ago(10), 9, partial(_receive, scene, asked))
    yield Happening(scene.ago(8), 15, partial(_weigh, scene, INSPECTED))
    # When all that people wrote is there: they do nothing on the open day and after it.
    yield Happening(scene.ago(1), 16, partial(_judge_half, scene))


def _note(scene: Scene, text: str, day: date) -> None:
    case = Case.objects.open().get(pupil=scene.pupil(INSPECTED))
    with scene.by(COO[COLLEGE.brin]) as coo:
        write_note(case=case, text=text, by=coo, day=day)


def _receive(scene: Scene, asked: Asked, day: date) -> None:
    school = _school(scene, asked.key)
    values = {
        "kind": asked.kind,
        "asked_by": PrivacyRequest.AskedBy.PARENT,
        "asker_name": asked.asker,
        "received_on": day,
        "question": asked.question,
    }
    with scene.by(COO[school.brin]) as coo:
        receive_request(pupil=scene.pupil(asked.key), school=school, values=values, by=coo)


def _weigh(scene: Scene, key: str, day: date) -> PrivacyRequest:
    request = PrivacyRequest.objects.open().get(pupil=scene.pupil(key))
    with scene.by(COO[request.school.brin]) as coo:
        weigh_request(
            request=request,
            identity=PrivacyRequest.Identity.KNOWN,
            consent=PrivacyRequest.Consent.YES,
            weighed="Ouder met gezag; zo staat het in de administratie.",
            today=day,
            by=coo,
        )
    return request


def _answer(scene: Scene, row: Asked, day: date) -> None:
    request = _weigh(scene, row.key, day)
    with scene.by(COO[request.school.brin]) as coo:
        answer_request(
            request=request,
            decision=row.decision,
            reason=row.reason,
            told=f"{row.asker}, aan de telefoon en met een brief",
            statement=row.statement,
            by=coo,
        )


def _judge_half(scene: Scene, _day: date) -> None:
    """Every second text, and the first of those with names: these are made black as the page proposes."""
    request = PrivacyRequest.objects.open().get(pupil=scene.pupil(INSPECTED))
    judged, waits = TEXTS_WITH_NAMES
    with scene.by(COO[COLLEGE.brin]) as coo:
        for n, piece in enumerate(review_of(request).pieces):
            text = piece.text.text
            if text == judged or (n % 2 == 0 and text != waits):
                found = suggestions_in(text, names_in([text], request.pupil, request.school))
                spans = [span for one in found if one.is_likely for span in one.spans]
                judge(request=request, text=piece.text, spans=spans, left_out=False, reason="", by=coo)


def _hold(scene: Scene, day: date) -> None:
    former = next(former for former in FORMER if former.story == STORY_OF_HOLD)
    with scene.by("schoolleider") as leader:
        set_hold(
            pupil=_former(former),
            school=School.objects.get(brin=former.school.brin),
            reason="Klacht bij de landelijke klachtencommissie; de uitspraak komt nog.",
            until=None,
            by=leader,
            today=day,
        )


def _propose(scene: Scene, brin: str, day: date) -> None:
    with scene.by("beheerder") as keeper:
        propose(holder=Holder(School.objects.get(brin=brin).pk, None), by=keeper, today=day)


def _destroy(scene: Scene, day: date) -> None:
    """The second person says yes, and the job does it. What never happened is not to be destroyed again after a
    restore: the file outside the database does not hear of it."""
    run = DestructionRun.objects.get(school__brin=COLLEGE.brin, status=DestructionRun.Status.PROPOSED)
    with scene.by("schoolleider") as leader:
        approve(run=run, by=leader)
    destroy_run(run.pk, today=day)
    Tombstone.objects.filter(run=run).update(in_ledger=True)
