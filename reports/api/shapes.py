"""What the API tells of reports, as plain data."""

from datetime import date
from decimal import Decimal
from typing import Any

from reports.custom import reading, sentences
from reports.custom.results import Cell, Head, Plain, Result, Row
from reports.custom.shape import Definition
from reports.models import Report
from subscriptions.kinds import DATE


def report(one: Report) -> dict[str, Any]:
    """Tell a saved report; one that speaks of what is gone since has an empty sentence."""
    return {
        "id": one.pk,
        "name": one.name,
        "description": one.description,
        "definition": one.definition,
        "sentence": _sentence(one),
        "revision": one.revision,
        "is_archived": one.archived_at is not None,
        "created_at": DATE.dump(one.created_at),
        "updated_at": DATE.dump(one.updated_at),
    }


def _sentence(one: Report) -> str:
    try:
        return sentences.sentence(reading.read(one.definition))
    except reading.ReportError:
        return ""


def result(definition: Definition, answer: Result) -> dict[str, Any]:
    """Tell what a report answered."""
    return {
        "definition": definition.write(),
        "sentence": sentences.sentence(definition),
        "heads": [_head(one) for one in answer.heads],
        "rows": [_row(one) for one in answer.rows],
        "totals": [_row(one) for one in answer.totals],
        "count": answer.count,
        "notes": list(answer.notes),
    }


def _head(one: Head) -> dict[str, Any]:
    names = ("key", "label", "kind", "is_measure", "is_added", "measure", "column")
    return {name: getattr(one, name) for name in names}


def _row(one: Row) -> dict[str, Any]:
    return {"cells": [_cell(cell) for cell in one.cells], "place": one.place}


def _cell(one: Cell) -> dict[str, Any]:
    return {"value": plain(one.value), "words": one.words, "currency": one.currency}


def plain(value: Plain) -> Any:
    """Write a value as JSON: amounts and shares as exact texts, days as 2026-03-01."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value
