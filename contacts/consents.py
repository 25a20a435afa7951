"""The history of standings: whoever changes standings has each change written down here, in the same transaction."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import CharField, QuerySet, Value

from contacts.models import AUTOMATION, IMPORT, MAIL_SERVER, MARKETER, PERSON, Consent, Contact, Standing, Way

# who said so -> by which way it came, where that is not said
_USUAL = {
    MARKETER: Way.PAGE,
    IMPORT: Way.FILE,
    PERSON: Way.PREFERENCES,
    MAIL_SERVER: Way.REFUSAL,
    AUTOMATION: Way.STEP,
}
_COLUMNS = ("contact_id", "contact_list_id", "state", "source", "way", "by", "reason", "at")


def note(contacts: Iterable[int], contact_list: int | None, *, at: datetime, source: str, way: str, by: str) -> None:
    """Write down the standings of people, by their ids, that were changed at this moment: one statement for all.

    Without a list it is about all lists. `way` may be empty, and is then the usual one of the source.
    """
    ids = list(contacts)
    if not ids:
        return
    rows = Standing.objects.filter(contact__in=ids, changed_at=at)
    if contact_list is not None:
        rows = rows.filter(contact_list=contact_list)
    _copy(rows, way=way or _USUAL.get(source, Way.STORE), by=by[:150])


def note_merged(standing: Standing, *, at: datetime) -> None:
    """Write down that a standing became somebody else's when two contacts became one."""
    kept = {name: getattr(standing, name) for name in ("contact_id", "contact_list_id", "state", "source", "reason")}
    Consent.objects.create(way=Way.MERGE, at=at, **kept)


def of(contact: Contact) -> "QuerySet[Consent]":
    """Return the changes of a person's standings, the newest first."""
    return Consent.objects.filter(contact=contact).order_by("-at", "-pk")


def _copy(rows: "QuerySet[Standing]", *, way: str, by: str) -> None:
    told = {"told_way": Value(way, output_field=CharField()), "told_by": Value(by, output_field=CharField())}
    chosen = ("contact_id", "contact_list_id", "state", "source", "told_way", "told_by", "reason", "changed_at")
    query, parameters = rows.annotate(**told).order_by("contact_id").values_list(*chosen).query.sql_with_params()
    columns = ", ".join(connection.ops.quote_name(name) for name in _COLUMNS)
    table = connection.ops.quote_name(Consent._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) {query}", parameters)
