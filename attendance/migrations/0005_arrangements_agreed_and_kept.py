"""Who agreed to an own timetable, what an exemption rests on, an address for both, and the history of changes."""

import uuid
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def give_codes(apps: Any, _schema_editor: Any) -> None:
    """Each row that was there before gets a code of its own: the default would give all of them one."""
    for name in ("OwnTimetable", "Exemption"):
        model = apps.get_model("attendance", name)
        rows = list(model.objects.all())
        for row in rows:
            row.code = uuid.uuid4()
        model.objects.bulk_update(rows, ["code"], batch_size=500)


def code_field(**fields: Any) -> models.UUIDField:
    return models.UUIDField(default=uuid.uuid4, editable=False, **fields)


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0004_group_absences_and_why"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("exemption", "code", code_field(null=True)),
        migrations.AddField("owntimetable", "code", code_field(null=True)),
        migrations.RunPython(give_codes, migrations.RunPython.noop),
        migrations.AlterField("exemption", "code", code_field(unique=True)),
        migrations.AlterField("owntimetable", "code", code_field(unique=True)),
        migrations.AddField(
            "exemption", "decided_by", models.CharField(blank=True, max_length=120, verbose_name="volgt uit")
        ),
        migrations.AddField(
            "exemption", "decided_on", models.DateField(blank=True, null=True, verbose_name="datum van dat bericht")
        ),
        migrations.AddField(
            "owntimetable", "agreed_by", models.CharField(blank=True, max_length=120, verbose_name="afgesproken met")
        ),
        migrations.AddField(
            "owntimetable", "agreed_on", models.DateField(blank=True, null=True, verbose_name="afgesproken op")
        ),
        migrations.AddField(
            "owntimetable", "reason", models.CharField(blank=True, max_length=300, verbose_name="waarom")
        ),
        migrations.CreateModel(
            name="ArrangementChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("inschrijving", "inschrijving"),
                            ("rooster", "eigen rooster"),
                            ("vrijstelling", "vrijstelling"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("gemaakt", "ingevoerd"),
                            ("gewijzigd", "gewijzigd"),
                            ("beeindigd", "beëindigd"),
                            ("verwijderd", "weggehaald"),
                        ],
                        max_length=10,
                    ),
                ),
                ("subject", models.UUIDField(db_index=True)),
                ("first", models.DateField()),
                ("last", models.DateField(null=True)),
                ("was", models.JSONField(default=dict)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="arrangement_changes",
                        to="attendance.pupil",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="attendance.registerimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "wijziging van rooster of inschrijving",
                "verbose_name_plural": "wijzigingen van roosters en inschrijvingen",
                "ordering": ("-at", "-pk"),
            },
        ),
    ]
