"""What the pages say of a saved segment and of a count, in the reader's language."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from subscriptions.segments import reading, sentences
from subscriptions.segments.counting import Count
from subscriptions.segments.known import Known
from subscriptions.segments.mistakes import SegmentError


def said(tree: Any, known: Known | None = None) -> str:
    """Say who matches; of a segment that cannot be read any more, say what is wrong with it."""
    try:
        return sentences.sentence(reading.read(tree, known=known), known.lists if known else None)
    except SegmentError as error:
        return gettext("Cannot be asked any more: %(reason)s") % {"reason": "; ".join(error.errors.values())}


def counted(count: Count) -> str:
    """Say how many people match, of an estimate that it is one, and where there was no time for one, just that."""
    if not count.is_known:
        return gettext("Counting takes too long just now.")
    exact = ngettext("%(number)s person", "%(number)s people", count.number)
    about = ngettext("about %(number)s person", "about %(number)s people", count.number)
    return (about if count.is_estimate else exact) % {"number": _grouped(count)}


def counted_payments(count: Count) -> str:
    """Say how many recurring payments match, in the same way."""
    if not count.is_known:
        return gettext("Counting takes too long just now.")
    exact = ngettext(
        "%(number)s recurring payment matches now", "%(number)s recurring payments match now", count.number
    )
    about = ngettext(
        "about %(number)s recurring payment matches now", "about %(number)s recurring payments match now", count.number
    )
    return (about if count.is_estimate else exact) % {"number": _grouped(count)}


def reached(count: Count) -> str:
    """Say how many of the people can be mailed; nothing where there was no time."""
    if not count.is_known:
        return ""
    exact = ngettext("%(number)s can be mailed", "%(number)s can be mailed", count.number)
    about = ngettext("about %(number)s can be mailed", "about %(number)s can be mailed", count.number)
    return (about if count.is_estimate else exact) % {"number": _grouped(count)}


def number(count: Count) -> str:
    """Say it in a column that is headed "People"."""
    if not count.is_known:
        return "–"
    told = _grouped(count)
    return gettext("about %(number)s") % {"number": told} if count.is_estimate else told


def _grouped(count: Count) -> str:
    return number_format(count.number, use_l10n=True, force_grouping=True)
