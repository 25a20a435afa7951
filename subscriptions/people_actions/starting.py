"""Starting an action on people: what it needs is checked before anything is written."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.audit.log import record
from config.bells import ring
from contacts.models import ContactList
from subscriptions import field_order, tasks
from subscriptions.catalogue import WIDGET_SIZE
from subscriptions.people_actions.models import PeopleAction
from subscriptions.segments import reading
from subscriptions.segments.flattening import flat

Kind = PeopleAction.Kind
_LONGEST_TAG = 100
_WITH_TAG = (Kind.TAG, Kind.UNTAG)
_WITH_LIST = (Kind.SUBSCRIBE, Kind.UNSUBSCRIBE)


class NotPossible(ValueError):
    """An action that cannot be started; `errors` maps what was asked for to what is wrong with it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


@transaction.atomic
def start(
    tree: Any,
    *,
    kind: str,
    tag: str = "",
    contact_list: ContactList | None = None,
    by: Any = None,
    request: HttpRequest | None = None,
) -> PeopleAction:
    """Write an action down and wake a worker; raise NotPossible, or SegmentError for a tree that cannot be read."""
    written = reading.write(flat(reading.read(tree)))
    check(kind, tag=tag, contact_list=contact_list)
    action = PeopleAction.objects.create(
        kind=kind,
        tree=written,
        tag=tag.strip() if kind in _WITH_TAG else "",
        contact_list=contact_list if kind in _WITH_LIST else None,
        columns=list(field_order.current().names[:WIDGET_SIZE]) if kind == Kind.EXPORT else [],
        language=get_language() or settings.LANGUAGE_CODE,
        started_by=by,
    )
    record("people.action_started", about=action, request=request)
    transaction.on_commit(lambda: ring(tasks.run_people_action, action.pk))
    return action


def check(kind: str, *, tag: str = "", contact_list: ContactList | None = None) -> None:
    """Raise NotPossible where something is missing."""
    errors = {}
    if kind not in Kind.values:
        errors["kind"] = _("Choose what is to be done.")
    if kind in _WITH_TAG and not 0 < len(tag.strip()) <= _LONGEST_TAG:
        errors["tag"] = _("Name a tag of 1 to %(most)d characters.") % {"most": _LONGEST_TAG}
    if kind in _WITH_LIST and contact_list is None:
        errors["contact_list"] = _("Choose a list.")
    if errors:
        raise NotPossible(errors)
