"""Encrypts what was written before these fields were encrypted. May be run again; the way back decrypts."""

from django.db import migrations

from thuiszitters.accounts.stored_tokens import decrypt_stored, encrypt_stored, rewrite

FIELDS = {
    "PhaseChange": ["reason"],
    "TableEntry": ["declined_reason", "left_reason"],
}


def encrypt_texts(apps, schema_editor):
    for model, names in FIELDS.items():
        rewrite(apps.get_model("tables", model), names, encrypt_stored)


def decrypt_texts(apps, schema_editor):
    for model, names in FIELDS.items():
        rewrite(apps.get_model("tables", model), names, decrypt_stored)


class Migration(migrations.Migration):

    dependencies = [
        ('tables', '0002_encrypted_texts'),
    ]

    operations = [
        migrations.RunPython(encrypt_texts, decrypt_texts),
    ]
