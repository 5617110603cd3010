"""Encrypts what was written before these fields were encrypted. May be run again; the way back decrypts."""

from django.db import migrations

from thuiszitters.accounts.stored_tokens import decrypt_stored, encrypt_stored, rewrite

FIELDS = {
    "Case": ["closed_reason"],
    "LogEntry": ["text"],
    "ParentsInformed": ["why_not", "pupil_why_not"],
    "Report": [
        "answer",
        "contact_phone",
        "no_action_reason",
        "other_address",
        "question",
        "school_actions",
        "sent_facts",
        "supposed_reason",
    ],
    "ReportEvent": ["text"],
    "Signal": ["answer_text"],
    "Step": ["outcome"],
}


def encrypt_texts(apps, schema_editor):
    for model, names in FIELDS.items():
        rewrite(apps.get_model("cases", model), names, encrypt_stored)


def decrypt_texts(apps, schema_editor):
    for model, names in FIELDS.items():
        rewrite(apps.get_model("cases", model), names, decrypt_stored)


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_encrypted_texts'),
    ]

    operations = [
        migrations.RunPython(encrypt_texts, decrypt_texts),
    ]
