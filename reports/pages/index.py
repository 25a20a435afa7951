"""The list of all reports."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reports.pages import access

# title of a group -> icon, address, title and sentence of each report, and the permission to see it
GROUPS: dict[Any, tuple[tuple[str, str, Any, Any, str], ...]] = {
    _("Recurring payments"): tuple(
        (icon, page, title, words, "subscriptions.view_recurringpayment")
        for icon, page, title, words in (
            (
                "payments",
                "report_revenue",
                _("Revenue"),
                _("What comes in a month, and why it moved: opening, movements, closing."),
            ),
            (
                "groups",
                "report_customers",
                _("Customers"),
                _("How many pay, how many came and left, and the rates of churn."),
            ),
            (
                "donut_small",
                "report_states",
                _("States and trials"),
                _("Active, in trial, paused and failed, and how trials ended."),
            ),
            (
                "grid_on",
                "report_retention",
                _("Retention"),
                _("Of those who began in a month, how many are left later on."),
            ),
            (
                "crisis_alert",
                "report_at_risk",
                _("At risk and recovered"),
                _("What may be lost now, and what of failed payments was paid after all."),
            ),
            (
                "event_upcoming",
                "report_ahead",
                _("Coming up"),
                _("Renewals, trials and cards of the next 30, 60 and 90 days."),
            ),
        )
    ),
    _("Automations and campaigns"): (
        (
            "account_tree",
            "report_automations",
            _("Automations side by side"),
            _("Who entered and finished, what their e-mails did, and which payments were recovered."),
            "reports.view_report",
        ),
        (
            "mark_email_read",
            "report_campaigns",
            _("Campaigns side by side"),
            _("What was sent, opened, clicked and answered, and what came back."),
            "reports.view_report",
        ),
    ),
    _("Your own"): (
        (
            "table_chart",
            "custom_reports",
            _("Custom reports"),
            _("Whatever you choose, by whatever you choose: built here, saved, sent by e-mail, taken home as a file."),
            "reports.view_report",
        ),
    ),
}


@access.payments.may("view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the reports that somebody may see."""
    may = access.person(request).has_perm
    groups = {
        title: [
            {"icon": icon, "page": page, "title": name, "words": words}
            for icon, page, name, words, need in rows
            if may(need)
        ]
        for title, rows in GROUPS.items()
    }
    shown = {title: rows for title, rows in groups.items() if rows}
    return render(request, "reports/index.html", access.payments.context(request, gettext("Reports"), groups=shown))
