"""What parents and pupils ask gets a term of its own: a request can come long after the pupil left."""

from __future__ import annotations

from datetime import date

from django.db import migrations, models


def add_default(apps, _schema_editor):
    """If it is not there yet."""
    apps.get_model("privacy", "RetentionTerm").objects.get_or_create(
        alliance=None,
        data_class="verzoek",
        valid_from=date(2000, 1, 1),
        defaults={
            "years": 2,
            "start_event": "beantwoord",
            "source": "Verzoeken om inzage, correctie of bezwaar: twee jaar na het antwoord, en nooit korter dan het dossier en de meldingen van die school. Eigen keuze: zo lang kan de school laten zien dat zij het verzoek goed behandelde (AVG artikel 5, lid 2).",
        },
    )


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0005_alerts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='retentionterm',
            name='data_class',
            field=models.CharField(choices=[('dossier', 'leerlingdossier (begeleiding)'), ('tafel', 'Thuiszitterstafel'), ('verwijzing', 'verwijzing naar speciaal onderwijs'), ('melding', 'meldingen bij leerplicht'), ('verzoek', 'verzoeken om inzage, correctie of bezwaar'), ('verzuim', 'verzuim'), ('inschrijving', 'in- en uitschrijving'), ('logboek', 'logboek van handelingen')], max_length=12, verbose_name='gegevens'),
        ),
        migrations.AlterField(
            model_name='retentionterm',
            name='start_event',
            field=models.CharField(choices=[('uitschrijving', 'de leerling is uitgeschreven'), ('beantwoord', 'het verzoek is beantwoord en de leerling weg'), ('van_de_tafel', 'de leerling is van de Thuiszitterstafel af'), ('vastgelegd', 'de regel is geschreven')], max_length=14, verbose_name='begint als'),
        ),
        migrations.AlterField(
            model_name='runitem',
            name='data_class',
            field=models.CharField(choices=[('dossier', 'leerlingdossier (begeleiding)'), ('tafel', 'Thuiszitterstafel'), ('verwijzing', 'verwijzing naar speciaal onderwijs'), ('melding', 'meldingen bij leerplicht'), ('verzoek', 'verzoeken om inzage, correctie of bezwaar'), ('verzuim', 'verzuim'), ('inschrijving', 'in- en uitschrijving'), ('logboek', 'logboek van handelingen')], max_length=12, verbose_name='gegevens'),
        ),
        migrations.AlterField(
            model_name='tombstone',
            name='data_class',
            field=models.CharField(choices=[('dossier', 'leerlingdossier (begeleiding)'), ('tafel', 'Thuiszitterstafel'), ('verwijzing', 'verwijzing naar speciaal onderwijs'), ('melding', 'meldingen bij leerplicht'), ('verzoek', 'verzoeken om inzage, correctie of bezwaar'), ('verzuim', 'verzuim'), ('inschrijving', 'in- en uitschrijving'), ('logboek', 'logboek van handelingen')], max_length=12),
        ),
        migrations.RunPython(add_default, migrations.RunPython.noop),
    ]
