"""The database itself refuses to change or remove what stands in the log.

A later migration that changes audit_entry, audit_seal or audit_expiry on SQLite makes the table anew, and its triggers
are gone: make them again there, with `make_triggers`. A test sees to it.
"""

from django.db import migrations

TABLES = ("audit_entry", "audit_seal", "audit_expiry")
COLUMNS = "id, at, kind, what, row, actor, subject, why, request_id, detail"

POSTGRESQL = [
    """
    CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM audit_opening) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()
    """,
    """
    CREATE OR REPLACE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry FOR EACH ROW
    WHEN (OLD.seal_id IS NOT NULL OR to_jsonb(OLD) - 'seal_id' IS DISTINCT FROM to_jsonb(NEW) - 'seal_id')
    EXECUTE FUNCTION audit_refuse()
    """,
    *(
        f"""
        CREATE OR REPLACE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION audit_refuse()
        """
        for table in TABLES[1:]
    ),
]
SQLITE = [
    *(
        f"""
        CREATE TRIGGER IF NOT EXISTS {table}_kept BEFORE DELETE ON {table}
        WHEN NOT EXISTS (SELECT 1 FROM audit_opening)
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
        """  # noqa: S608 - names of our own tables
        for table in TABLES
    ),
    f"""
    CREATE TRIGGER IF NOT EXISTS audit_entry_unchanged BEFORE UPDATE OF {COLUMNS} ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS audit_entry_sealed_once BEFORE UPDATE OF seal_id ON audit_entry
    WHEN OLD.seal_id IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
    *(
        f"""
        CREATE TRIGGER IF NOT EXISTS {table}_unchanged BEFORE UPDATE ON {table}
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
        """
        for table in TABLES[1:]
    ),
]
STATEMENTS = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
NAMES = {
    "audit_entry": ("audit_entry_kept", "audit_entry_unchanged", "audit_entry_sealed_once"),
    "audit_seal": ("audit_seal_kept", "audit_seal_unchanged"),
    "audit_expiry": ("audit_expiry_kept", "audit_expiry_unchanged"),
}


def make_triggers(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table, names in NAMES.items():
        for name in names:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' if is_postgresql else ''}", params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_seals")]
    operations = [migrations.RunPython(make_triggers, drop_triggers)]
