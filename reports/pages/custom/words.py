"""What the pages say of a saved report, in the reader's language."""

from typing import Any

from django.utils.translation import gettext

from reports.custom import reading, sentences
from reports.custom.reading import ReportError


def said(definition: Any) -> str:
    """Say a report in words; of one that cannot be read any more, what is wrong with it."""
    try:
        return sentences.sentence(reading.read(definition))
    except ReportError as error:
        return gettext("Cannot be asked any more: %(reason)s") % {"reason": "; ".join(error.errors.values())}
