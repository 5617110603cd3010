"""Who mends a slip in a term on the same day adds a row: the last one counts."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0006_terms_of_requests'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='retentionterm',
            options={'ordering': ('data_class', '-valid_from', '-pk'), 'verbose_name': 'bewaartermijn', 'verbose_name_plural': 'bewaartermijnen'},
        ),
        migrations.RemoveConstraint(
            model_name='retentionterm',
            name='one_term_per_class_alliance_and_day',
        ),
    ]
