"""The database's own note of what is to be counted again: it stands in the transaction that writes the fact.

Every way to write a message, what was done with it, or somebody's way goes by here, SQL of our own, erasing and a
restored backup too, so that nothing can be forgotten; and a note is one more row, so that no writer waits for another.
What is counted is a campaign or an automation on a day, of which a note says some moment.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from reports.models import CellUpkeep
from reports.triggers import Triggers


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is noted of a row: a number `of` a campaign or automation, and a moment of its day; both as SQL over {row},
    and joined with other tables as `joined` says. Nothing is noted where either is null, nor where an update leaves all
    columns of the row that it `depends` on as they are.
    """

    of: str
    number: str
    moment: str
    depends: tuple[str, ...] = ()
    joined: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A table, what is noted of its rows, and the columns without a change of which an update changes no count.

    Rows that come and go `in_batches` are noted by one statement for all of them, where the database can.
    """

    table: str
    notes: tuple[Note, ...]
    counted: tuple[str, ...]
    in_batches: bool = False


WATCHED = (
    Watched(
        table="automations_message",
        notes=(Note(of="campaign", number="{row}.campaign_id", moment="{row}.sent_at"),),
        counted=("campaign_id", "sent_at", "enrolment_id"),
    ),
    Watched(
        table="automations_engagement",
        notes=(
            Note(
                of="campaign",
                number="m.campaign_id",
                moment="m.sent_at",
                joined="JOIN automations_message m ON m.id = {row}.message_id",
            ),
        ),
        counted=("message_id", "kind", "is_machine"),
        in_batches=True,
    ),
    Watched(
        table="automations_enrolment",
        notes=(
            Note(
                of="automation",
                number="{row}.automation_id",
                moment="{row}.entered_at",
                depends=("automation_id", "entered_at"),
            ),
            Note(
                of="automation",
                number="{row}.automation_id",
                moment="{row}.ended_at",
                depends=("automation_id", "ended_at", "state"),
            ),
        ),
        counted=("automation_id", "entered_at", "ended_at", "state"),
    ),
    Watched(
        table="automations_passage",
        notes=(
            Note(
                of="automation",
                number="v.automation_id",
                moment="{row}.left_at",
                joined="JOIN automations_automationversion v ON v.id = {row}.version_id",
            ),
        ),
        counted=("version_id", "left_at", "step", "outcome"),
        in_batches=True,
    ),
)
# what happens -> the rows that tell of it
_EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
_NOW = {"postgresql": "now()", "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')"}
_DIFFERS = {"postgresql": "OLD.{0} IS DISTINCT FROM NEW.{0}", "sqlite": "OLD.{0} IS NOT NEW.{0}"}
# Zones differ from each other by whole quarters of an hour, so that all of one quarter is of one day.
_QUARTER = "date_bin('15 minutes', {}, 'epoch')"


def _noted(note: Note, row: str, source: str, vendor: str, moment: str = "{}") -> str:
    """Write the statement that notes a row, or all of a table of rows."""
    number, when = note.number.format(row=row), note.moment.format(row=row)
    joined = f"{source} {note.joined.format(row=row)}".strip()
    where = f"WHERE {number} IS NOT NULL AND {when} IS NOT NULL"
    chosen = f"{number}, {moment.format(when)}, {_NOW[vendor]}"
    into = f"INSERT INTO reports_duecell ({note.of}, moment, noted_at) SELECT DISTINCT {chosen}"  # ours
    return f"{into} {f'FROM {joined}' if joined else ''} {where};"


def _of_row(watched: Watched, rows: tuple[str, ...], vendor: str) -> str:
    """Write what notes one row, which a trigger has without a FROM; what is joined stands alone there."""
    is_update = len(rows) > 1
    return " ".join(_alone(note, row, vendor, is_update=is_update) for row in rows for note in watched.notes)


def _alone(note: Note, row: str, vendor: str, *, is_update: bool) -> str:
    joined = note.joined.format(row=row).removeprefix("JOIN ")
    table, _on, condition = joined.partition(" ON ")
    said = _noted(replace(note, joined=""), row, table, vendor)
    also = [condition] if condition else []
    also += [f"({_changed(note.depends, vendor)})"] if is_update and note.depends else []
    return said.replace("WHERE ", f"WHERE {' AND '.join(also)} AND ", 1) if also else said


def _changed(columns: tuple[str, ...], vendor: str) -> str:
    return " OR ".join(_DIFFERS[vendor].format(column) for column in columns)


def _head(watched: Watched, event: str) -> str:
    of = f" OF {', '.join(watched.counted)}" if event == "UPDATE" else ""
    return f"AFTER {event}{of} ON {watched.table}"


def _sqlite(watched: Watched, event: str, rows: tuple[str, ...]) -> str:
    when = f" WHEN {_changed(watched.counted, 'sqlite')}" if event == "UPDATE" else ""
    body = _of_row(watched, rows, "sqlite")
    return f"CREATE TRIGGER {_name(watched, event)} {_head(watched, event)}{when} BEGIN {body} END"


def _postgresql(watched: Watched, event: str, rows: tuple[str, ...]) -> str:
    name = _name(watched, event)
    if watched.in_batches and event != "UPDATE":  # of which a statement's trigger could not ask what has changed
        body = " ".join(
            _noted(note, "t", f"touched_{row.lower()} t", "postgresql", _QUARTER)
            for row in rows
            for note in watched.notes
        )
        tables = " ".join(f"{row} TABLE AS touched_{row.lower()}" for row in rows)
        head = f"AFTER {event} ON {watched.table} REFERENCING {tables} FOR EACH STATEMENT"
    else:
        body = _of_row(watched, rows, "postgresql")
        when = f" WHEN ({_changed(watched.counted, 'postgresql')})" if event == "UPDATE" else ""
        head = f"{_head(watched, event)} FOR EACH ROW{when}"
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$; "
        f"CREATE TRIGGER {name} {head} EXECUTE FUNCTION {name}();"
    )


def _name(watched: Watched, event: str) -> str:
    return f"reports_{watched.table.removeprefix('automations_')}_{event.lower()}"


def _gone(vendor: str) -> Iterator[tuple[str, str]]:
    """Write the trigger of automations that are deleted: all of their days are due, whatever went before them."""
    name = "reports_automation_delete"
    into = f"INSERT INTO reports_duecell (automation, noted_at) VALUES (OLD.id, {_NOW[vendor]});"  # noqa: S608 # ours
    head = f"{name} AFTER DELETE ON automations_automation"
    yield (
        name,
        {
            "sqlite": f"CREATE TRIGGER {head} BEGIN {into} END",
            "postgresql": f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {into} "
            f"RETURN NULL; END $$; CREATE TRIGGER {head} FOR EACH ROW EXECUTE FUNCTION {name}();",
        }[vendor],
    )


_WRITTEN: dict[str, Callable[[Watched, str, tuple[str, ...]], str]] = {"sqlite": _sqlite, "postgresql": _postgresql}


def _statements(vendor: str) -> Mapping[str, str]:
    """Return the statements that create the triggers, by their names."""
    made = {
        _name(watched, event): _WRITTEN[vendor](watched, event, rows)
        for watched in WATCHED
        for event, rows in _EVENTS.items()
    }
    return made | dict(_gone(vendor))


def _begin_anew(using: str) -> None:
    CellUpkeep.objects.using(using).update(zone="")


TRIGGERS = Triggers(
    statements={vendor: _statements(vendor) for vendor in _WRITTEN},
    apps=("automations", "reports"),
    notes="reports_duecell",
    begin_anew=_begin_anew,
)
