"""The public addresses that e-mails lead to; what stands before the token says what it opens."""

from django.urls import URLPattern, path

from automations.email import addresses
from automations.pages import public

urlpatterns: list[URLPattern] = [
    path(f"{addresses.OPEN}/<str:token>.gif", public.opened, name="email_opened"),
    path(f"{addresses.CLICK}/<str:token>", public.clicked, name="email_clicked"),
    path(f"{addresses.UNSUBSCRIBE}/<str:token>", public.unsubscribe, name="unsubscribe"),
    path(f"{addresses.PREFERENCES}/<str:token>", public.preferences, name="email_preferences"),
    path(f"{addresses.BROWSER}/<str:token>", public.browser, name="email_in_browser"),
    path("logo/<str:name>", public.logo, name="logo"),
]
