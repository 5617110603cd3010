"""The roles, and at which kind of organisation each is held. Rights are code; who holds a role is a Membership."""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    """What somebody is for a child. COO stays as schools write it."""

    MENTOR = "mentor", "mentor"
    DOCENT = "docent", "docent"
    COO = "coo", "COO"
    ZORGCOACH = "zorgcoach", "zorgcoach"
    ADMINISTRATIE = "administratie", "administratie"
    SCHOOLLEIDER = "schoolleider", "schoolleider"
    GEDRAGSDESKUNDIGE = "gedragsdeskundige", "gedragsdeskundige"
    LEERPLICHT = "leerplicht", "leerplichtambtenaar"
    JEUGDARTS = "jeugdarts", "jeugdarts"
    SWV = "swv", "samenwerkingsverband"
    FG = "fg", "functionaris gegevensbescherming"
    BEHEERDER = "beheerder", "functioneel beheerder"


SCHOOL_WIDE = frozenset({Role.COO, Role.ZORGCOACH, Role.ADMINISTRATIE, Role.SCHOOLLEIDER})
"""Roles that see every pupil of their own school, as school of enrolment or as place of teaching."""

ASSIGNED = frozenset({Role.GEDRAGSDESKUNDIGE, Role.JEUGDARTS})
"""Roles that see the pupils they were assigned or invited to, and no others."""

LOOKS_IN = frozenset({Role.MENTOR, Role.COO, Role.ZORGCOACH})
"""Roles of school staff that can be let in to read about one pupil who is not theirs, for a time."""

IN_AN_EMERGENCY = LOOKS_IN | {Role.SCHOOLLEIDER}
"""Roles that can open a pupil of the own school or alliance themselves for a day (noodtoegang), to read. Who works in
the care of the school: never who keeps the administration, sets up or checks the application."""

CASE_WORKERS = frozenset({Role.COO, Role.ZORGCOACH})
"""Roles that run cases: they react to signals, own cases, plan steps and meetings."""

SEES_PUPILS = SCHOOL_WIDE | ASSIGNED | {Role.MENTOR}

AT_SCHOOL = SCHOOL_WIDE | {Role.MENTOR, Role.DOCENT, Role.GEDRAGSDESKUNDIGE, Role.FG, Role.BEHEERDER}
AT_ALLIANCE = frozenset({Role.SWV, Role.GEDRAGSDESKUNDIGE, Role.FG, Role.BEHEERDER})
AT_MUNICIPALITY = frozenset({Role.LEERPLICHT})
AT_YOUTH_HEALTH = frozenset({Role.JEUGDARTS})
