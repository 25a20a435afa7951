"""The rates at which reports convert amounts, as somebody enters them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import numbers
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from config.access import Access
from config.audit.log import record
from reports import currencies as kept
from reports.models import Currency
from reports.pages import access
from subscriptions import display

_CURRENCIES = Access("reports.{}_currency")
_PLACES = 8
_MOST = Decimal(10) ** 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One currency: its code and name, the rate as it was typed, and what is wrong with it."""

    code: str
    name: str
    typed: str
    error: str = ""


@access.payments.may("view")
@require_http_methods(["GET", "HEAD", "POST"])
def currencies(request: HttpRequest) -> HttpResponse:
    """Show the rates, and keep those that are posted."""
    if request.method != "POST":
        typed = {code: f"{rate.normalize():f}" for code, rate in kept.rates().items()}
        return _page(request, kept.target(), [_row(code, typed.get(code, "")) for code in kept.in_use()])
    _CURRENCIES.require(request, "change")
    target = request.POST.get("target", "").strip().upper()
    rows = [_read(code, request.POST, target) for code in kept.in_use()]
    if target and target not in numbers.list_currencies():
        return _page(request, target, rows, error=gettext("There is no such currency."), status=422)
    if any(row.error for row in rows):
        return _page(request, target, rows, status=422)
    _save(request, target, rows)
    return redirect("report_currencies")


@transaction.atomic
def _save(request: HttpRequest, target: str, rows: list[Row]) -> None:
    kept.save(target, {row.code: Decimal(row.typed) for row in rows if row.typed})
    record("changed", about=Currency, request=request)
    messages.success(request, gettext("The rates are saved. Reports use them from now on."))


def _read(code: str, posted: Mapping[str, str], target: str) -> Row:
    typed = posted.get(f"rate-{code}", "").strip().replace(",", ".")
    return _row(code, typed, _error(typed) if typed and target and code != target else "")


def _error(typed: str) -> str:
    try:
        rate = Decimal(typed)
    except InvalidOperation:
        return gettext("Write a number, such as 1.08.")
    if not rate.is_finite() or not 0 < rate < _MOST:
        return gettext("Write a number above zero.")
    if rate != rate.quantize(Decimal(1).scaleb(-_PLACES)):
        return gettext("Write at most 8 decimal places.")
    return ""


def _row(code: str, typed: str, error: str = "") -> Row:
    return Row(code=code, name=numbers.get_currency_name(code, locale=display.locale()), typed=typed, error=error)


def _page(request: HttpRequest, target: str, rows: list[Row], *, error: str = "", status: int = 200) -> HttpResponse:
    own: dict[str, Any] = {"target": target, "rows": rows, "error": error, "codes": sorted(numbers.list_currencies())}
    context = _CURRENCIES.context(request, gettext("Currencies"), **own)
    return render(request, "reports/currencies.html", context, status=status)
