"""The terms of a new installation, each with where it comes from."""

from __future__ import annotations

from datetime import date

from django.db import migrations

ALWAYS = date(2000, 1, 1)
LEFT = "uitschrijving"
TERMS = (
    ("dossier", 2, LEFT, "Leerlingdossier: twee jaar nadat de leerling de school verliet (richtlijn van de sectorraden)."),
    ("tafel", 3, "van_de_tafel", "Gegevens bij het samenwerkingsverband: drie jaar na afloop van de beoordeling of het advies (WPO artikel 18a, lid 13)."),
    ("verwijzing", 3, LEFT, "Verwijzing naar speciaal onderwijs: drie jaar (Besluit bekostiging WPO)."),
    ("melding", 5, LEFT, "Als onderdeel van de verzuimadministratie: vijf jaar na uitschrijving. Eigen keuze: voor het afschrift van de melding zelf is geen aparte norm gevonden."),
    ("verzuim", 5, LEFT, "Verzuimgegevens: vijf jaar na uitschrijving (Besluit bekostiging WPO)."),
    ("inschrijving", 5, LEFT, "In- en uitschrijving: vijf jaar na uitschrijving (Besluit bekostiging WPO)."),
    ("logboek", 5, "vastgelegd", "Wie wat zag of wijzigde: vijf jaar na de regel. Eigen keuze: voor scholen is geen vaste termijn gevonden."),
)


def add_defaults(apps, schema_editor=None):
    """Those that are not there yet."""
    rows = apps.get_model("privacy", "RetentionTerm").objects
    for data_class, years, start_event, source in TERMS:
        rows.get_or_create(
            alliance=None,
            data_class=data_class,
            valid_from=ALWAYS,
            defaults={"years": years, "start_event": start_event, "source": source},
        )


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_retention")]
    operations = [migrations.RunPython(add_defaults, migrations.RunPython.noop)]
