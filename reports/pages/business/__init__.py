"""The pages on how the recurring payments are doing."""

from collections.abc import Callable

from django.http.response import HttpResponseBase

from reports.pages.business import ahead, lists, retention, revenue, states

PAGES: dict[str, tuple[Callable[..., HttpResponseBase], str]] = {
    "revenue/": (revenue.revenue, "report_revenue"),
    "customers/": (revenue.customers, "report_customers"),
    "states/": (states.states, "report_states"),
    "retention/": (retention.retention, "report_retention"),
    "at-risk/": (ahead.at_risk, "report_at_risk"),
    "coming-up/": (ahead.ahead, "report_ahead"),
    "behind/payments/<slug:name>/": (lists.payments, "report_payments"),
    "behind/times/": (lists.times, "report_times"),
    "behind/movements/": (lists.movements, "report_movements"),
}
