"""The reason codes and the norms that every installation starts with. May be run again: what is there stays as it is."""

from django.db import migrations

# code, label, counts, authorised, sick, luxury, minutes_required
REASONS = (
    ("ziek", "Ziek", True, True, True, False, False),
    ("ongeoorloofd", "Ongeoorloofd afwezig", True, False, False, False, False),
    ("onbekend", "Reden nog niet bekend", True, None, False, False, False),
    ("geoorloofd", "Geoorloofd afwezig", True, True, False, False, False),
    ("schorsing", "Geschorst", True, True, False, False, False),
    ("luxe", "Op vakantie zonder toestemming", True, False, False, True, False),
    ("digitaal", "Thuis, volgt de les digitaal", True, True, False, False, False),
    ("telaat", "Te laat", True, None, False, False, True),
    ("elders", "Onderwijs op een andere plek", False, True, False, False, False),
)

# rule, amount, the other numbers, source
NORMS = (
    ("thuis-2w", 10, {"calendar_days": 14}, "Thuiszitters aan Boord: na 2 weken niet op school is er een plan."),
    (
        "thuis-4w",
        20,
        {"calendar_days": 28},
        "Werkwijzer thuiszitters: een leerling die 4 weken achter elkaar niet op school is, is een thuiszitter.",
    ),
    ("thuis-3m", 3, {}, "Thuiszitterspact (2016): geen kind zit langer dan 3 maanden thuis zonder passend aanbod."),
    (
        "lrv",
        20,
        {},
        "Langdurig relatief verzuim: meer dan 4 weken zonder geldige reden niet op school. De vierde week is vol op de 20e schooldag.",
    ),
    (
        "uren-16",
        16,
        {"weeks": 4, "gap_days": 7},
        "Leerplichtwet 1969, artikel 21a: 16 uur zonder geldige reden in 4 opeenvolgende lesweken. DUO: bij doorlopend verzuim hoogstens één melding per 7 dagen.",
    ),
    (
        "ziek-4x",
        4,
        {"weeks": 12},
        "MAZL (Medische Advisering van de Ziekgemelde Leerling): vierde ziekmelding in 12 schoolweken.",
    ),
    ("ziek-7d", 7, {}, "MAZL (Medische Advisering van de Ziekgemelde Leerling): zevende schooldag achter elkaar ziek."),
    (
        "structureel",
        20,
        {"weeks": 6, "min_weeks": 3},
        "Keuze van deze toepassing: 20 procent of meer gemist in 6 lesweken. De Werkwijzer geeft geen getal voor een leerling die structureel niet het volledige rooster volgt.",
    ),
)


def add_defaults(apps, _schema_editor=None):
    """Add each reason and norm that is missing."""
    Reason = apps.get_model("attendance", "Reason")
    NormRow = apps.get_model("attendance", "NormRow")
    for code, label, counts, authorised, sick, luxury, minutes_required in REASONS:
        Reason.objects.get_or_create(
            school=None,
            code=code,
            defaults={
                "label": label,
                "counts": counts,
                "authorised": authorised,
                "sick": sick,
                "luxury": luxury,
                "minutes_required": minutes_required,
            },
        )
    for rule, amount, numbers, source in NORMS:
        if not NormRow.objects.filter(alliance=None, rule=rule).exists():
            NormRow.objects.create(rule=rule, amount=amount, source=source, **numbers)


def remove_defaults(apps, _schema_editor=None):
    """Remove them again; a reason that an absence record has stops this."""
    Reason = apps.get_model("attendance", "Reason")
    NormRow = apps.get_model("attendance", "NormRow")
    Reason.objects.filter(school=None, code__in=[row[0] for row in REASONS]).delete()
    NormRow.objects.filter(alliance=None, rule__in=[row[0] for row in NORMS], valid_from=None).delete()


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial")]
    operations = [migrations.RunPython(add_defaults, remove_defaults)]
