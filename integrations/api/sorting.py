"""By which fields lists of recurring payments can be sorted."""

from rest_framework.request import Request

from config.api.paging import Sort, refused
from subscriptions.catalogue import STORED, Field
from subscriptions.kinds import TEXT_LIST

# A list of texts has no order.
SORTABLE: dict[str, Field] = {name: field for name, field in STORED.items() if field.kind is not TEXT_LIST}


def sort_of(request: Request) -> Sort:
    """Read `sort`: a stored field's name, with a minus in front for descending."""
    text = request.query_params.get("sort", "")
    if not text:
        return Sort()
    name = text.removeprefix("-")
    if name not in SORTABLE:
        raise refused("sort", "is not a field that can be sorted by")
    return Sort(field=SORTABLE[name], is_descending=text != name)
