"""Fragments of the contact's page that are fetched by themselves: the widget and the details panel."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from contacts.models import Contact
from subscriptions import widget
from subscriptions.models import RecurringPayment

may_see = permission_required("subscriptions.view_recurringpayment", raise_exception=True)


@may_see
def contact_widget(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Answer with the contact's widget; `page` names the page."""
    contact = get_object_or_404(Contact, pk=contact_id)
    shown = widget.widget(contact, page=request.GET.get("page"))
    return render(request, "subscriptions/_widget.html", {"widget": shown})


@may_see
def payment_panel(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Answer with the details of a payment; `changes` is how many of its newest changes to show."""
    payment = get_object_or_404(RecurringPayment.objects.for_display().select_related("contact"), pk=payment_id)
    asked = request.GET.get("changes", "")
    count = min(int(asked), 1000) if asked.isdecimal() else widget.CHANGES_SHOWN
    return render(request, "subscriptions/_panel.html", {"panel": widget.panel(payment, changes=count)})
