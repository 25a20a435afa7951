"""Files as people upload them, and what became of them."""

import io
import json
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from contacts.importing import work
from contacts.models import ContactImport


def accepted(text: str | bytes, **told: Any) -> ContactImport:
    """Keep a file as a draft, with options."""
    content = text if isinstance(text, bytes) else text.encode()
    made = work.accept(io.BytesIO(content), name="people.csv", user=User.objects.first())
    for name, value in told.items():
        setattr(made, name, value)
    made.save()
    return made


def imported(text: str | bytes, **told: Any) -> ContactImport:
    """Import a file to its end."""
    made = accepted(text, **told)
    assert work.start(made)
    work.run(made.pk)
    made.refresh_from_db()
    return made


def counts(made: ContactImport) -> dict[str, int]:
    """Say how many rows there are of each outcome."""
    return {name: count for name in ContactImport.COUNTS if (count := getattr(made, name))}


def errors(made: ContactImport) -> list[tuple[int, str]]:
    """List the rows with errors, each with its reason."""
    told = [json.loads(text) for text in made.slices.exclude(errors="").values_list("errors", flat=True)]
    return [(number, reason) for part in told for number, _cells, reason, _value in part]


def uploaded(text: str | bytes, name: str = "people.csv") -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode(), content_type="text/csv")
