"""Running reports: one that is written down here and now, and one that is saved; and what they can be made of."""

from rest_framework.request import Request
from rest_framework.response import Response

from config.api import documentation, paging
from reports.api import access, shapes, writing
from reports.api.schema import json_schema
from reports.custom import reading, saved
from reports.custom.description import description


class RunView(access.ReportView):
    """Running a report that is not saved."""

    @documentation.operation(
        "run_report",
        "Run a report",
        text="The definition is as `/api/v1/reports/schema` describes it. Needs a key of the account with the scope "
        "“reports”, as all these addresses.",
        request="ReportToRun",
        answers={200: "ReportResult"},
        problems=(400, 413, 415, 503),
        tag=access.TAG,
    )
    def post(self, request: Request) -> Response:
        """Answer with its table."""
        paging.only(request, ())
        asked = writing.definition(request)
        return Response(shapes.result(asked, writing.answered(asked)))


class ResultView(access.ReportView):
    """Running a saved report."""

    @documentation.operation(
        "get_report_result",
        "Run a saved report",
        parameters=(access.REPORT_ID, access.ROWS),
        answers={200: "ReportResult"},
        problems=(400, 404, 503),
        tag=access.TAG,
    )
    def get(self, request: Request, report_id: int) -> Response:
        """Answer with its table."""
        paging.only(request, ("rows",))
        report = access.one(report_id)
        asked = writing.kept(lambda: saved.definition_of(report))
        return Response(shapes.result(asked, writing.answered(asked, most=_rows(request))))


def _rows(request: Request) -> int | None:
    text = request.query_params.get("rows")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= reading.MOST_ROWS):
        raise paging.refused("rows", f"must be a whole number from 1 to {reading.MOST_ROWS}")
    return int(text)


class DescriptionView(access.ReportView):
    """What reports can be made of."""

    @documentation.operation(
        "get_report_description",
        "Read what reports can be made of",
        text="What a report can be about, with its dimensions and measures, and the words for them.",
        answers={200: "ReportDescription"},
        problems=(400,),
        tag=access.TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with the tree."""
        paging.only(request, ())
        return Response(description())


class LanguageView(access.ReportView):
    """The language of reports."""

    @documentation.operation(
        "get_report_schema",
        "Read the language of reports as JSON Schema",
        answers={200: "ReportSchema"},
        problems=(400,),
        tag=access.TAG,
    )
    def get(self, request: Request) -> Response:
        """Answer with the schema."""
        paging.only(request, ())
        return Response(json_schema())
