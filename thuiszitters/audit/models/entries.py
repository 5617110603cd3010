"""The entries of the log. Rows are only ever added."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from django.db import connections, models
from django.utils import timezone

from thuiszitters.audit.changes import at_end_of, audited_models, gathered, name_of, told
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.origin import origin

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


WHATS = """
WITH RECURSIVE whats (what) AS (
    SELECT min(what) FROM audit_entry
    UNION ALL
    SELECT (SELECT min(what) FROM audit_entry WHERE what > whats.what) FROM whats WHERE whats.what IS NOT NULL
)
SELECT what FROM whats WHERE what IS NOT NULL
"""


class AppendOnlyError(Exception):
    """Code tried to change or remove what stands in the log."""


class AppendOnlyQuerySet(models.QuerySet[Row_co]):
    """Rows that cannot be changed or removed. The database refuses it as well, by a trigger on each of these tables;
    this says it earlier and plainer."""

    def update(self, **changes: Any) -> NoReturn:
        raise AppendOnlyError("Het logboek verandert niet.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Uit het logboek verdwijnt niets, behalve door audit.services.expiry.")

    def bulk_update(self, *args: object, **options: object) -> NoReturn:
        raise AppendOnlyError("Het logboek verandert niet.")


class EntryQuerySet(AppendOnlyQuerySet["Entry"]):
    def put_in_batch(self, number: int) -> int:
        """Say of entries that wait for it with which seal they were sealed; how many. The one column that is filled
        in later, and only once."""
        return models.QuerySet.update(self.filter(seal=None), seal_id=number)

    def whats(self) -> list[str]:
        """Everything that the log tells of: pages, files, kinds of rows. They are few, and each is looked up in the
        index once; to compare all entries with a word took seconds."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(WHATS)
            return [what for (what,) in cursor.fetchall()]

    def log_create(
        self, instance: models.Model, *, action: int, changes: dict[str, Any] | None, force_log: bool = False
    ) -> Entry | None:
        """Called by the library for what was made, saved or deleted. It knows the names of rows; the log does not."""
        if not changes and not force_log:
            return None
        here = origin()
        model = type(instance)
        audited = audited_models()[model]
        entry = Entry(
            kind=audited.kind,
            what=name_of(model),
            row=str(at_end_of(audited.row, instance)),
            subject=at_end_of(audited.subject, instance) if audited.subject else None,
            actor=here.actor,
            request_id=here.request_id,
            detail={"daad": Entry.Action(action).label, "velden": told(model, changes or {})},
        )
        waiting = gathered.get()
        if waiting is None:
            entry.save(force_insert=True)
        else:
            waiting.append(entry)
        return entry


class Entry(models.Model):
    """Somebody did something. `actor` is the code of a user, `subject` that of a pupil: no foreign keys, so that an
    entry outlives both. None: the application itself; nobody in particular.

    `what`: the page, file or kind of row. `row`: which row of that kind. `why`: on what ground or for what reason.
    `detail`: old and new values of a change, numbers of an export; never the text of a note, never a name.
    `request_id` holds together what one click caused. `seal`: the seal of its batch; None as long as it waits.
    """

    at = models.DateTimeField("wanneer", default=timezone.now, editable=False)
    kind = models.CharField("soort", max_length=20, choices=Kind.choices)
    what = models.CharField("wat", max_length=80)
    row = models.CharField("rij", max_length=40, blank=True)
    actor = models.UUIDField("wie", null=True, blank=True)
    subject = models.UUIDField("leerling", null=True, blank=True)
    why = models.CharField("waarom", max_length=300, blank=True)
    request_id = models.CharField("verzoek", max_length=36, blank=True)
    detail = models.JSONField("details", default=dict, blank=True)
    seal = models.ForeignKey("Seal", on_delete=models.PROTECT, null=True, editable=False, related_name="batch")

    objects = EntryQuerySet.as_manager()

    class Action(models.IntegerChoices):
        """What happened to a row; the numbers are the library's."""

        CREATE = 0, "nieuw"
        UPDATE = 1, "gewijzigd"
        DELETE = 2, "verwijderd"

    class Meta:
        verbose_name = "regel in het logboek"
        verbose_name_plural = "regels in het logboek"
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("subject", "-at"), name="audit_of_a_pupil"),
            models.Index(fields=("actor", "-at"), name="audit_of_a_person"),
            models.Index(fields=("kind", "-at"), name="audit_of_a_kind"),
            models.Index(fields=("-at", "-id"), name="audit_newest_first"),
            models.Index(fields=("what", "-at"), name="audit_of_a_what"),
            models.Index(fields=("request_id",), name="audit_of_a_request"),
            models.Index(fields=("at", "id"), name="audit_waiting_for_a_seal", condition=models.Q(seal=None)),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what}"


class Opening(models.Model):
    """While there is one, the triggers let rows of the log be removed. It is made and removed within one transaction
    (audit.services.expiry), so that nobody else ever sees the log open."""

    class Meta:
        verbose_name = "opening van het logboek"
        verbose_name_plural = "openingen van het logboek"

    def __str__(self) -> str:
        return "het logboek staat open"
