"""A second look is at one text, by somebody else than who judged it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def bring_over(apps, _schema_editor):
    """What counted for the request counts for the texts that the reader had not judged."""
    judgement = apps.get_model("privacy", "Judgement")
    looked = apps.get_model("privacy", "PrivacyRequest").objects.filter(second_look_by__isnull=False)
    for pk, by, at in looked.order_by("pk").values_list("pk", "second_look_by", "second_look_at"):
        judgement.objects.filter(request=pk).exclude(judged_by=by).update(second_look_by=by, second_look_at=at)


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0003_requests_and_numbers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='judgement',
            name='second_look_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='judgement',
            name='second_look_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        # Before rows are written: PostgreSQL changes no table that has constraints to check at the end.
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('second_look_at__isnull', True), ('second_look_by__isnull', True)), models.Q(('second_look_at__isnull', False), ('second_look_by__isnull', False), models.Q(('second_look_by', models.F('judged_by')), _negated=True)), _connector='OR'), name='a_second_look_is_by_somebody_else'),
        ),
        migrations.RunPython(bring_over, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='privacyrequest',
            name='second_look_at',
        ),
        migrations.RemoveField(
            model_name='privacyrequest',
            name='second_look_by',
        ),
    ]
