"""Who was let in to one pupil, who opened one in an emergency, who looked when, and who leaves.

All through the services behind the pages. What waits today is for who tries the demo as COO or as FG.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone

from attendance.access_rules import usual_last
from attendance.models import AccessRequest, EmergencyAccess, Enrolment, Pupil
from attendance.services.access_requests import Typed, ask_access, grant_access
from attendance.services.assignments import assign_pupil
from attendance.services.emergencies import Sought, open_emergency, review_emergency
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.accounts.models import Membership, School
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.services.leaving import leave
from thuiszitters.demo.happenings import Happening, Scene
from thuiszitters.demo.schools import COLLEGE, HAVEN
from thuiszitters.privacy.listings.alerts import alerts_visible_to
from thuiszitters.privacy.services.alert_mail import mail_about_patterns
from thuiszitters.privacy.services.alerts import find_alerts

WATCHED_BY_EXPERT = ("3-maanden", "wissel", "opbouw", "16-jaar")
"""Stories that the orthopedagoog is assigned to."""
INVITED_TO = "3-maanden"
"""The story that the jeugdarts was invited to, for the usual time."""
ASKED_FOR = "16-jaar"
"""The story that the jeugdarts asked for, and may see for some days yet."""
WAITS_FOR_COO = "vakantie"
"""The pupil whom the mentor of another class asked to see."""
OPENED_LONG_AGO, OPENED_YESTERDAY = "ongeoorloofd", "opbouw"
"""Pupils whom somebody opened in an emergency."""

SINCE_THEN = 8
"""School days before the open day on which the orthopedagoog and the jeugdarts came in."""
ENDS_IN, LEAVES_IN = timedelta(days=6), timedelta(days=24)
LEAVER = "mentor.1c.vo"
MANY, MANY_BACK = 44, 2
"""So many pupils the administratie opened, one a minute or so, that many school days before the open day."""

PLAN, NOTES, TABLE = ("dossier", DataClass.PLAN), ("logboek", DataClass.CARE_NOTES), ("tafel", DataClass.TABLE)
PRESENCE, REPORT = ("aanwezigheid", DataClass.FACTS), ("ontvangen melding", DataClass.REPORTS)
Pages = tuple[tuple[str, DataClass], ...]
READS: tuple[tuple[str, tuple[str, ...], Pages, tuple[int, ...]], ...] = (
    ("mentor", ("dag-9", "4e-ziekmelding"), (PRESENCE,), (20, 16, 13, 9, 6, 3, 1)),
    ("coo", ("ongeoorloofd", "dag-10", "correctie", "16-jaar"), (PLAN, NOTES), (19, 14, 11, 7, 4, 1)),
    ("zorgcoach", ("een-uur", "3-maanden", "deeltijd"), (PLAN, NOTES), (12, 8, 5, 2)),
    ("coo.haven", ("3-maanden", "opbouw", "wissel"), (PLAN,), (15, 10, 6, 2)),
    ("coo.po", ("7e-ziektedag", "luxe"), (PRESENCE,), (5, 3)),
    ("schoolleider", ("ongeoorloofd",), (PLAN,), (8,)),
    ("orthopedagoog", WATCHED_BY_EXPERT, (PLAN,), (5, 1)),
    ("jeugdarts", (INVITED_TO,), (PLAN,), (6, 2)),
    ("leerplicht", ("ongeoorloofd",), (REPORT,), (4, 2)),
    ("swv", ("3-maanden",), (TABLE,), (3,)),
)
"""Who opens the pages of which stories, on which school days before the open day."""


def access_stories(scene: Scene) -> Iterator[Happening]:
    """Everything of the last weeks, in no order."""
    yield from _let_in(scene)
    yield from _emergencies(scene)
    yield from _reads(scene)
    yield from _many_at_once(scene)
    yield Happening(scene.ago(1), 12, partial(_colleague_leaves, scene))


def _let_in(scene: Scene) -> Iterator[Happening]:
    invited = scene.demo.days[HAVEN.brin].back(SINCE_THEN)
    for account, role, keys in (
        ("orthopedagoog", Role.GEDRAGSDESKUNDIGE, WATCHED_BY_EXPERT),
        ("jeugdarts", Role.JEUGDARTS, (INVITED_TO,)),
    ):
        for key in keys:
            yield Happening(invited, 9, partial(_assign, scene, account, role, key))
    asked_why = "Ik zie haar op het spreekuur en wil weten wat school al heeft gedaan."
    answer = "Goed. Over twee weken kijken we of dit nog nodig is."
    asked = scene.ago(9)
    yield Happening(asked, 11, partial(_ask, scene, ("jeugdarts", Role.JEUGDARTS), ASKED_FOR, asked_why))
    yield Happening(asked, 16, partial(_grant, scene, answer))
    why = "Hij zat vorig jaar bij mij in de klas en belt mij nu. Ik wil weten wat er is afgesproken."
    yield Happening(scene.ago(3), 15, partial(_ask, scene, ("mentor", Role.MENTOR), WAITS_FOR_COO, why))


def _assign(scene: Scene, account: str, role: Role, key: str, day: date) -> None:
    with scene.by("coo.haven") as coo:
        last = usual_last(day, weeks=settings.OUTSIDER_WEEKS)
        user = scene.staff.users[account]
        assign_pupil(pupil=scene.pupil(key), user=user, role=role, last=last, by=coo, today=day)


def _ask(scene: Scene, asker: tuple[str, Role], key: str, reason: str, day: date) -> None:
    account, role = asker
    pupil = scene.pupil(key)
    typed = Typed(School.objects.get(brin=COLLEGE.brin), pupil.number, pupil.birth_date)
    with scene.by(account) as user:
        ask_access(typed=typed, role=role, reason=reason, by=user, today=day, now=timezone.now())


def _grant(scene: Scene, answer: str, day: date) -> None:
    request = AccessRequest.objects.get(pupil=scene.pupil(ASKED_FOR), status=AccessRequest.Status.WAITING)
    with scene.by("coo") as coo:
        grant_access(
            request=request,
            last=scene.demo.today + ENDS_IN,
            for_table=False,
            answer=answer,
            by=coo,
            now=timezone.now(),
            today=day,
        )


def _emergencies(scene: Scene) -> Iterator[Happening]:
    why = "Zijn moeder belde dat hij weg was. Zijn mentor en de COO waren niet te bereiken."
    yield Happening(scene.ago(19), 15, partial(_open, scene, "mentor", OPENED_LONG_AGO, why))
    yield Happening(scene.ago(17), 10, partial(_judge, scene))
    yesterday = "De crisisdienst belde en wilde weten wie haar het laatst gesproken had. Er was niemand anders."
    yield Happening(scene.ago(1), 17, partial(_open, scene, "mentor.haven", OPENED_YESTERDAY, yesterday))


def _open(scene: Scene, account: str, key: str, reason: str, day: date) -> None:
    pupil = scene.pupil(key)
    with scene.by(account) as person:
        sought = Sought(pupil.number, pupil.birth_date)
        opened = open_emergency(sought=sought, reason=reason, by=person, today=day, now=timezone.now())
        assert opened is not None
        scene.read(account, pupil, *PLAN)


def _judge(scene: Scene, _day: date) -> None:
    text = "Nagevraagd bij de COO. De moeder was dezelfde middag gebeld. Er is niet meer gelezen dan nodig was."
    with scene.by("fg") as officer:
        access = EmergencyAccess.objects.get(pupil=scene.pupil(OPENED_LONG_AGO))
        review_emergency(access=access, judgement=EmergencyAccess.Judgement.RIGHT, text=text, by=officer)


def _reads(scene: Scene) -> Iterator[Happening]:
    days = scene.demo.days[COLLEGE.brin]
    for account, keys, pages, back in READS:
        for n in back:
            dice = scene.staff.dice(scene.pupil(keys[0]), account, n)
            hour, minute = dice.randint(8, 16), dice.randrange(60)
            for key in dice.sample(keys, min(len(keys), 2)):
                yield Happening(days.back(n), hour, partial(_look, scene, account, key, pages), minute)


def _look(scene: Scene, account: str, key: str, pages: Pages, _day: date) -> None:
    for page in pages:
        scene.read(account, scene.pupil(key), *page)


def _many_at_once(scene: Scene) -> Iterator[Happening]:
    """The administratie goes through a pile of absence at the end of an afternoon; the FG is told to ask about it."""
    day = scene.demo.days[COLLEGE.brin].back(MANY_BACK)
    here = Enrolment.objects.on(day).filter(place__brin=COLLEGE.brin).order_by("pupil__number").values("pupil")
    pupils = list(Pupil.objects.filter(pk__in=here).order_by("number")[:MANY])
    for minute, pupil in enumerate(pupils):
        yield Happening(day, 16, partial(_read_presence, scene, pupil), minute)
    yield Happening(day, 17, _find_alerts)


def _read_presence(scene: Scene, pupil: Pupil, _day: date) -> None:
    scene.read("administratie", pupil, *PRESENCE)


def _find_alerts(_day: date) -> None:
    now = timezone.now()
    find_alerts(now=now)
    mail_about_patterns(now=now, shown_to=alerts_visible_to)


def _colleague_leaves(scene: Scene, day: date) -> None:
    person = scene.staff.users[LEAVER]
    with scene.by("beheerder") as keeper:
        leave(
            user=person,
            ending=Membership.objects.filter(user=person),
            from_day=scene.demo.today + LEAVES_IN,
            by=keeper,
            today=day,
            now=timezone.now(),
        )
