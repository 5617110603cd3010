"""Who acts in the demo, where, and what they say."""

from __future__ import annotations

from random import Random

from attendance.models import GroupMentor, Pupil
from cases.models import Case, Phase
from thuiszitters.accounts.models import School, User
from thuiszitters.demo.people import DOMAIN
from thuiszitters.demo.schools import COLLEGE, HAVEN, LINDEWOUDE, PRIMARY, ZILVERDAM

COO = {COLLEGE.brin: "coo", HAVEN.brin: "coo.haven", PRIMARY.brin: "coo.po"}
COACH = {COLLEGE.brin: "zorgcoach", HAVEN.brin: "zorgcoach", PRIMARY.brin: "zorgcoach.po"}
OFFICE = {COLLEGE.brin: "administratie", PRIMARY.brin: "administratie.po"}
OFFICER = {ZILVERDAM: "leerplicht", LINDEWOUDE: "leerplicht.lindewoude"}

TALKED = (
    "De ouders gebeld. Het gaat langzaam beter; we spreken elkaar volgende week weer.",
    "Kort gesproken met de leerling. Vooral de drukte in de pauze valt zwaar.",
    "De ouders waren op school. Afgesproken om met één vast uur per dag te beginnen.",
    "Met de ouders gebeld over de week. Zij houden ons op de hoogte.",
    "Thuis langs geweest met de mentor. Een goed gesprek; de klas doet de groeten.",
)
NEXT_STEPS: dict[str, tuple[str, ...]] = {
    Phase.NONE: ("Vraag de mentor hoe het deze week ging", "Bel de ouders hoe het gaat"),
    Phase.DREIGEND: ("Bel de ouders over de week", "Spreek met de leerling en de mentor een eerste les af"),
    Phase.THUISZITTER: (
        "Ga met de mentor op huisbezoek",
        "Maak met de leerling en de ouders een plan om terug te komen",
        "Vraag de gedragsdeskundige om mee te denken",
    ),
    Phase.LONG: (
        "Zoek met het samenwerkingsverband een passende plek",
        "Bespreek met de jeugdarts wat de leerling aankan",
        "Bel de ouders over de week",
    ),
    Phase.OPBOUW: ("Bekijk met de leerling het rooster van de volgende week", "Bel de ouders over de eerste ochtenden"),
    Phase.NAZORG: ("Spreek de week na met de mentor", "Bel de ouders hoe het op school gaat"),
}
"""What is planned when nothing else is, by the phase of the case."""
MENTOR_TALKED = (
    "Gesproken met de leerling en de ouders. Geen zorgen, wel een drukke tijd.",
    "De ouders gebeld: een griepje na het andere. We houden het in de gaten.",
    "Gesprek gehad. De leerling slaapt slecht; we kijken het twee weken aan.",
)
NOT_NOW = (
    "een paar keer kort ziek geweest; is weer op school",
    "griep, en daarvoor een bruiloft in de familie; de mentor volgt het",
    "bezoekt het ziekenhuis op vaste dagen; dat is met de ouders afgesproken",
)
SUPPOSED = (
    "Ziet op tegen de lessen na de pauze.",
    "Blijft thuis weg zonder dat de ouders het weten.",
    "Zorgen thuis; de school kent de oorzaak nog niet.",
)


class Staff:
    """The accounts, read anew for each day that is played."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.users = {user.email.removesuffix(f"@{DOMAIN}"): user for user in User.objects.order_by("pk")}

    def coo(self, school: School) -> User:
        return self.users[COO[school.brin]]

    def coach(self, school: School) -> User:
        return self.users[COACH[school.brin]]

    def office(self, school: School) -> User:
        return self.users[OFFICE[school.brin]]

    def officer(self, pupil: Pupil) -> User:
        assert pupil.municipality is not None
        return self.users[OFFICER[pupil.municipality.name]]

    def owner(self, case: Case) -> User:
        """Who works on the case: its owner, else the COO."""
        return self.users[case.owner.email.removesuffix(f"@{DOMAIN}")] if case.owner else self.coo(case.school)

    def mentor(self, pupil: Pupil) -> User:
        """The mentor of the class in which the pupil sits."""
        enrolment = pupil.enrolments.order_by("-first")[0]
        return GroupMentor.objects.select_related("user").get(group=enrolment.group_id).user

    def dice(self, pupil: Pupil, *about: object) -> Random:
        """Chance that falls the same each time this demo is made."""
        return Random(f"{self.seed} {pupil.number} {about}")
