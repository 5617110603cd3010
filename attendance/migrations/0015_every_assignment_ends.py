import uuid
from datetime import timedelta

from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def give_ends(apps, schema_editor):
    """What had no end gets the usual one, from today: the COO is told before it comes."""
    Assignment = apps.get_model("attendance", "Assignment")
    last = timezone.localdate() + timedelta(weeks=settings.OUTSIDER_WEEKS)
    for row in Assignment.objects.filter(models.Q(code__isnull=True) | models.Q(last__isnull=True)):
        row.code = uuid.uuid4()
        row.last = row.last or max(last, row.first)
        row.save(update_fields=["code", "last"])


class Migration(migrations.Migration):

    dependencies = [
        ("attendance", "0014_access_for_a_time"),
    ]

    operations = [
        migrations.RunPython(give_ends, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="assignment",
            name="code",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="last",
            field=models.DateField(verbose_name="tot en met"),
        ),
    ]
