"""Generated entries of the log: what 300 people did in a year with 3,000 pupils, at any hour.

Each person opens mostly the same hundred pupils. Rows are written in bulk by the database itself (PostgreSQL): for
measuring, not for showing.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection

from attendance.models import Enrolment, Pupil
from tests import factories
from thuiszitters.accounts.models import Membership, User
from thuiszitters.accounts.roles import Role

SCHOOLS, PEOPLE, PUPILS = 10, 300, 3_000
FIRST = date(2024, 8, 1)

ENTRIES = """
INSERT INTO audit_entry (at, kind, what, "row", actor, subject, why, request_id, detail)
SELECT
    %(now)s::timestamptz - interval '2 minutes' - random() * interval '364 days',
    kind,
    CASE kind
        WHEN 'inzage' THEN (ARRAY['dossier', 'aanwezigheid', 'leerling', 'plan', 'afspraak'])[1 + part]
        WHEN 'wijziging' THEN (ARRAY['afwezigheid', 'stap', 'contact', 'melding', 'afspraak'])[1 + part]
        WHEN 'export' THEN 'logboek'
        WHEN 'mail' THEN 'steps_due'
        ELSE kind
    END,
    '',
    (%(people)s::uuid[])[1 + person],
    CASE WHEN kind IN ('inzage', 'wijziging') THEN
        (%(pupils)s::uuid[])[1 + (CASE WHEN far THEN pupil ELSE (person * 10 + pupil %% 100) %% %(number)s END)]
    END,
    CASE WHEN kind = 'inzage' THEN 'COO van de school' ELSE '' END,
    gen_random_uuid()::text,
    CASE WHEN kind = 'wijziging' THEN '{"daad": "gewijzigd", "velden": {"last": ["2026-01-05", "2026-01-09"]}}'::jsonb
        ELSE '{}'::jsonb END
FROM (
    SELECT
        (ARRAY['inzage', 'inzage', 'inzage', 'inzage', 'inzage', 'inzage', 'wijziging', 'wijziging', 'wijziging',
               'inloggen', 'zoeken', 'mail', 'uitloggen', 'export', 'rechten'])[1 + floor(random() * 15)::int] AS kind,
        floor(random() * 5)::int AS part,
        floor(random() * %(persons)s)::int AS person,
        floor(random() * %(number)s)::int AS pupil,
        random() < 0.1 AS far
    FROM generate_series(1, %(rows)s) AS n
) AS made
ORDER BY 1
"""


def fill_log(rows: int, now: str) -> User:
    """Fill an empty database; the FG of the alliance of all ten schools. `now`: the moment after the last entry."""
    alliance = factories.alliance()
    schools = [factories.school(alliance=alliance) for _ in range(SCHOOLS)]
    people = [User(email=f"mens{n}@bench.example", name=f"Mens {n}") for n in range(PEOPLE)]
    User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(user=person, role=Role.COO, school=schools[n % SCHOOLS], first=FIRST)
        for n, person in enumerate(people)
    )
    pupils = [
        Pupil(number=f"B{n}", first_name="Sam", surname="Vos", surname_key="vos", birth_date=date(2012, 1, 1))
        for n in range(PUPILS)
    ]
    Pupil.objects.bulk_create(pupils)
    # The pupils of a person's own hundred are mostly at their school.
    Enrolment.objects.bulk_create(
        Enrolment(pupil=pupil, school=school, place=school, first=FIRST)
        for n, pupil in enumerate(pupils)
        for school in (schools[n // (PUPILS // SCHOOLS)],)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            ENTRIES,
            {
                "now": now,
                "rows": rows,
                "people": codes(people),
                "pupils": codes(pupils),
                "persons": PEOPLE,
                "number": PUPILS,
            },
        )
        cursor.execute("ANALYZE")
    return factories.member(Role.FG, alliance)


def codes(rows: list[User] | list[Pupil]) -> list[UUID]:
    return [row.code for row in rows]
