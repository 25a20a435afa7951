"""Who may do what with reports, and what every one of their pages is given."""

from config.access import Access, is_script, person

_REPORTS = Access("reports.{}_report")
may, require, is_allowed, context = _REPORTS.may, _REPORTS.require, _REPORTS.is_allowed, _REPORTS.context
# what is about recurring payments is seen by whoever sees these
payments = Access("subscriptions.{}_recurringpayment")

__all__ = ["context", "is_allowed", "is_script", "may", "payments", "person", "require"]
