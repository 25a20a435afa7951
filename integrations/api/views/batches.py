"""A batch: how far it is, and what became of its rows."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from config.api import paging
from config.api.documentation import operation, paging_parameters
from config.api.refusals import Refused
from integrations.api import access, batches, documentation, shapes
from integrations.api.views.base import StoreView

LARGEST = 1000


class BatchView(StoreView):
    """A batch that the key's connection has sent."""

    @operation(
        "get_batch",
        "Follow a batch",
        text="Outcomes are there in order, as far as the batch has been worked off. `next` is the cursor of the next "
        "page as long as there may be one: also while the batch is not finished.",
        parameters=(documentation.BATCH_ID, *paging_parameters(largest=LARGEST)),
        answers={200: "BatchPage"},
        problems=(400, 404),
    )
    def get(self, request: Request, batch_id: UUID) -> Response:
        """Answer with the state, the counts, and a page of outcomes."""
        paging.only(request, ("limit", "cursor"))
        limit, start = paging.limit_of(request, default=LARGEST, largest=LARGEST), _start(request)
        batch = access.batches(access.key_of(request)).filter(pk=batch_id).first()
        if batch is None:
            raise Refused(404, "There is no such batch, or it was finished long ago.")
        told = batches.outcomes(batch, start=start, limit=limit)
        end = start + len(told)
        return Response(shapes.batch(batch) | {"outcomes": told, "next": str(end) if end < batch.size else None})


def _start(request: Request) -> int:
    text = request.query_params.get("cursor") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused(400, "The cursor is not one of this list.", {"cursor": "is not a cursor of this list"})
    return int(text)
