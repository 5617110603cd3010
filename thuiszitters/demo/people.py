"""Who works where in the demo: the accounts one can log in with, and a mentor for every other class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from attendance.models import Group, GroupMentor, GroupTeacher, Pupil, RegisterTaken
from thuiszitters.accounts.models import Alliance, Membership, Municipality, School, User, YouthHealth
from thuiszitters.accounts.roles import Role
from thuiszitters.demo.generate import Demo
from thuiszitters.demo.names import invent_name
from thuiszitters.demo.schools import (
    COLLEGE,
    HAVEN,
    LINDEWOUDE,
    PO_ALLIANCE,
    PRIMARY,
    VO_ALLIANCE,
    YOUTH_HEALTH,
    ZILVERDAM,
)

DOMAIN = "demo.example"
PASSWORD = "samennaarschool"  # noqa: S105
"""Of people who do not exist, on a machine for trying."""
FINISHED_BY = f"beheerder@{DOMAIN}"
"""This account is made last: who finds it has a demo that was made to its end."""


@dataclass(frozen=True)
class Login:
    """Somebody to log in as. `at` names schools by BRIN and others by name; `classes` are of the first school."""

    account: str
    name: str
    role: Role
    at: tuple[str, ...]
    classes: tuple[str, ...] = ()
    shows: str = ""

    @property
    def email(self) -> str:
        return f"{self.account}@{DOMAIN}"


LOGINS = (
    Login("mentor", "Marieke de Haan", Role.MENTOR, (COLLEGE.brin,), ("2A",), "klas 2A van het Zilverdam College"),
    Login("mentor.haven", "Erik Veenstra", Role.MENTOR, (HAVEN.brin,), ("Haven 1",), "De Tussenhaven, Haven 1"),
    Login("mentor.groep7", "Sanne Brouwer", Role.MENTOR, (PRIMARY.brin,), ("groep 7",), "groep 7 van De Wolkenfabriek"),
    Login("docent", "Daan Verbeek", Role.DOCENT, (COLLEGE.brin,), ("2A", "3B"), "de lessen van klas 2A en 3B"),
    Login("coo", "Fatima Azzouzi", Role.COO, (COLLEGE.brin,), shows="het Zilverdam College"),
    Login("coo.haven", "Peter Wolters", Role.COO, (HAVEN.brin,), shows="De Tussenhaven"),
    Login("coo.po", "Anouk Scholten", Role.COO, (PRIMARY.brin,), shows="De Wolkenfabriek"),
    Login(
        "zorgcoach", "Rachel Pinas", Role.ZORGCOACH, (COLLEGE.brin, HAVEN.brin), shows="het College en De Tussenhaven"
    ),
    Login("zorgcoach.po", "Ilse Kamphuis", Role.ZORGCOACH, (PRIMARY.brin,), shows="De Wolkenfabriek"),
    Login("administratie", "Henk Timmermans", Role.ADMINISTRATIE, (COLLEGE.brin,), shows="het Zilverdam College"),
    Login("administratie.po", "Wilma Post", Role.ADMINISTRATIE, (PRIMARY.brin,), shows="De Wolkenfabriek"),
    Login("schoolleider", "Johan van Doorn", Role.SCHOOLLEIDER, (COLLEGE.brin,), shows="het Zilverdam College"),
    Login(
        "orthopedagoog", "Leyla Aydın", Role.GEDRAGSDESKUNDIGE, (VO_ALLIANCE,), shows="de leerlingen aan wie zij werkt"
    ),
    Login("leerplicht", "Karin Hofman", Role.LEERPLICHT, (ZILVERDAM,), shows="gemeente Zilverdam"),
    Login("leerplicht.lindewoude", "Rob Driessen", Role.LEERPLICHT, (LINDEWOUDE,), shows="gemeente Lindewoude"),
    Login("jeugdarts", "Nadia Rahimi", Role.JEUGDARTS, (YOUTH_HEALTH,), shows="op uitnodiging: twee leerlingen"),
    Login("swv", "Willem Maas", Role.SWV, (VO_ALLIANCE,), shows="het samenwerkingsverband VO"),
    Login("swv.po", "Ellen Bosch", Role.SWV, (PO_ALLIANCE,), shows="het samenwerkingsverband PO"),
    Login("fg", "Bas Rietveld", Role.FG, (VO_ALLIANCE, PO_ALLIANCE), shows="de logboeken"),
    Login("beheerder", "Tim Jonker", Role.BEHEERDER, (VO_ALLIANCE, PO_ALLIANCE), shows="de inrichting, geen dossiers"),
)

WORKING_FOR = 5
"""Years: also when pupils who left since were at school."""


def make_people(demo: Demo) -> None:
    """Make the accounts with their memberships, and the mentors of every class. Once, when the classes exist."""
    with transaction.atomic():
        since = _since(demo)
        password = make_password(PASSWORD)
        for login in LOGINS:
            if login.email != FINISHED_BY:
                _make_login(login, password, since)
        _make_other_mentors(demo, since)


def make_last(demo: Demo) -> None:
    """Make the last account. In one transaction with what comes after it, so that who finds it finds all."""
    login = LOGINS[-1]
    assert login.email == FINISHED_BY
    _make_login(login, make_password(PASSWORD), _since(demo))


def _since(demo: Demo) -> date:
    return demo.today.replace(year=demo.today.year - WORKING_FOR, day=1)


def _make_login(login: Login, password: str, since: date) -> None:
    user = User(email=login.email, name=login.name, password=password, is_staff=login.role is Role.BEHEERDER)
    user.save()
    for where in login.at:
        Membership.objects.create(user=user, role=login.role, first=since, **_organisation(where))
    for name in login.classes:
        group = Group.objects.get(school__brin=login.at[0], name=name)
        if login.role is Role.DOCENT:
            GroupTeacher.objects.create(group=group, user=user, first=since)
        else:
            GroupMentor.objects.create(group=group, user=user, first=since)


def _organisation(name: str) -> dict[str, School | Alliance | Municipality | YouthHealth]:
    if name in {ZILVERDAM, LINDEWOUDE}:
        return {"municipality": Municipality.objects.get(name=name)}
    if name in {VO_ALLIANCE, PO_ALLIANCE}:
        return {"alliance": Alliance.objects.get(name=name)}
    if name == YOUTH_HEALTH:
        return {"youth_health": YouthHealth.objects.get_or_create(name=name, defaults={"is_demo": True})[0]}
    return {"school": School.objects.get(brin=name)}


def _make_other_mentors(demo: Demo, since: date) -> None:
    """Every class has a mentor with a name. Only the mentors among the log-ins have a password."""
    random = Random(f"{demo.seed} mentors")
    for group in Group.objects.filter(mentors__isnull=True).select_related("school").order_by("school__brin", "name"):
        account = f"mentor.{group.name.lower().replace(' ', '')}"
        user = User.objects.create_user(f"{account}.{group.school.sector}@{DOMAIN}", name=str(invent_name(random)))
        Membership.objects.create(user=user, role=Role.MENTOR, school=group.school, first=since)
        GroupMentor.objects.create(group=group, user=user, first=since)


def take_registers(demo: Demo) -> None:
    """The file of De Tussenhaven is late, but one class there has taken its own register since."""
    days = demo.days[HAVEN.brin]
    group = Group.objects.get(school__brin=HAVEN.brin, name="Haven 1")
    mentor = User.objects.get(email=f"mentor.haven@{DOMAIN}")
    late = [day for day in days.between(days.complete_through, days.back(1)) if day > days.complete_through]
    RegisterTaken.objects.bulk_create(RegisterTaken(group=group, day=day, taken_by=mentor) for day in late)


def pupil_of(demo: Demo, key: str) -> Pupil:
    """The stored pupil of a story."""
    child = demo.story(key).child
    return Pupil.objects.get(number=child.number, birth_date=child.birth_date)


def logins_text() -> str:
    """The log-ins as a small table, "" when there are none of the demo."""
    if not User.objects.filter(email=FINISHED_BY).exists():
        return ""
    width = max(len(login.email) for login in LOGINS)
    lines = [f"  {login.email:<{width}}  {login.role.label}, {login.shows}" for login in LOGINS]
    return "\n".join([f"Inloggen kan met een van deze adressen; het wachtwoord is steeds: {PASSWORD}", *lines])
