"""Who opened what moves into the log, which is one for everything."""

from django.db import migrations
from django.db.models import F


def move(apps, schema_editor):
    ReadLog = apps.get_model("accounts", "ReadLog")
    Entry = apps.get_model("audit", "Entry")
    rows = ReadLog.objects.order_by("pk").values("at", "page", "subject", "why", code=F("user__code"))
    batch = []
    for row in rows.iterator(chunk_size=1000):
        entry = Entry(
            at=row["at"], kind="inzage", what=row["page"], subject=row["subject"], actor=row["code"], why=row["why"]
        )
        batch.append(entry)
        if len(batch) == 1000:
            Entry.objects.bulk_create(batch)
            batch = []
    Entry.objects.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_session_round"), ("audit", "0003_append_only")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
