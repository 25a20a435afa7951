"""What templates of other apps show of recurring payments."""

from typing import Any

from django import template
from django.http import HttpRequest

from contacts.models import Contact
from subscriptions import availability, display, widget
from subscriptions.models import RecurringPayment

register = template.Library()


@register.simple_tag
def recurring_payments_available() -> bool:
    """Say whether recurring-payment features may be seen yet."""
    return availability.is_available()


@register.inclusion_tag("subscriptions/_widget_with_panel.html", takes_context=True)
def recurring_payments_widget(context: dict[str, Any], contact: Contact) -> dict[str, Any]:
    """Show the contact's widget, and the panel of the payment that the address names."""
    request: HttpRequest = context["request"]
    payment = _named_payment(request, contact)
    return {
        "request": request,
        "perms": context["perms"],
        "widget": widget.widget(contact, page=request.GET.get("payments_page")),
        "panel": widget.panel(payment) if payment else None,
    }


@register.inclusion_tag("subscriptions/_summary.html")
def recurring_payments_summary(contact: Contact) -> dict[str, Any]:
    """Show in one line how many payments are active, since when, and which comes next."""
    return {"summary": widget.summary(contact)}


@register.filter
def day(moment: Any) -> str:
    """Write a moment as a day, in the reader's language and the account's time zone."""
    return display.day(moment) if moment else ""


@register.filter
def exact(moment: Any) -> str:
    """Write a moment exactly."""
    return display.exact(moment) if moment else ""


@register.filter
def relative(moment: Any) -> str:
    """Write a moment as seen from now."""
    return display.relative(moment) if moment else ""


def _named_payment(request: HttpRequest, contact: Contact) -> RecurringPayment | None:
    asked = request.GET.get("payment", "")
    if not asked.isdecimal():
        return None
    return widget.payments_of(contact).for_display().select_related("contact").filter(pk=asked).first()
