"""What the pages on recurring payments share: tabs, the months and the currency that are asked for, and freshness."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports import currencies, periods
from reports.business import keeping, revenue
from reports.pages import access, parts

# name of the address -> its words among the tabs
TABS: dict[str, Any] = {
    "report_revenue": _("Revenue"),
    "report_customers": _("Customers"),
    "report_states": _("States and trials"),
    "report_retention": _("Retention"),
    "report_at_risk": _("At risk and recovered"),
    "report_ahead": _("Coming up"),
}
# More months than anybody reads in one table.
MOST_MONTHS = 60
# Seconds that a page may spend on what has just changed, so that it is in it.
_FOR_NEWS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The months and the currency that were asked for; `used` are all that there are."""

    period: periods.Asked
    months: list[date]
    money: revenue.Money
    used: list[str]
    chosen: str
    may_convert: bool

    @property
    def is_cut(self) -> bool:
        """Whether there are more months in the period than are shown."""
        return len(self.period.period.months()) > len(self.months)


def asked(request: HttpRequest) -> Asked:
    """Read `period` and `currency`; of a longer period its last months are shown."""
    catch_up()
    period = periods.asked(request.GET, default="last_12_months")
    months = period.period.months()
    if period.choice == "all":
        first = revenue.first_month() or months[-1]
        months = [month for month in months if month >= first] or months[-1:]
    used = revenue.in_use()
    chosen = request.GET.get("currency", "")
    money = revenue.money(chosen, used)
    return Asked(
        period=period,
        months=months[-MOST_MONTHS:],
        money=money,
        used=used,
        chosen="all" if chosen == "all" and money.is_converted else money.currency,
        may_convert=len(used) > 1 and bool(currencies.target()),
    )


def catch_up() -> None:
    """Count what has just changed, if it is little; what is more is left to the workers."""
    if keeping.is_waiting():  # whoever only looks need not wait to write
        keeping.work(seconds=_FOR_NEWS)


def respond(
    request: HttpRequest, name: str, page: parts.Page, *, asked: Asked | None = None, has_money: bool = True
) -> HttpResponseBase:
    """Show a page among the tabs, with the line of filters where it is asked for months; others are counted live."""
    own: dict[str, Any] = {
        "tabs": TABS,
        "tab": name,
        "asked": asked.period if asked else None,
        "filters": asked,
        "has_money": has_money,
        "fresh_at": keeping.fresh_at() if asked else timezone.now(),
        "done": round(100 * keeping.done()),
    }
    context = access.payments.context(request, page.title, **own)
    return parts.respond(request, "reports/business/report.html", page, context)
