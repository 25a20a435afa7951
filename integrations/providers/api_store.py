"""A store that speaks to us by itself, through the API: we ask it nothing, and it sends no webhooks."""

from integrations.providers.base import Provider

API = Provider(
    name="api",
    label="API",
    credentials=(),
    verify=None,
    read=None,
    check=None,
    history=None,
    statuses=None,
    payment_page=None,
)
