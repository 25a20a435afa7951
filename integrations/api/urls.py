"""Addresses of the API for stores; what does not exist is told as a problem too."""

from django.urls import path, register_converter

from integrations.api import v3, v3_connections
from integrations.api.any_path import AnyPath
from integrations.api.graphql.view import GraphqlView
from integrations.api.views import base, batches, bulk, connections, contacts, documents, field_order, lists, segments
from integrations.api.views import recurring_payments as payments

register_converter(AnyPath, "any")

app_name = "api"
urlpatterns = [
    path("v1/docs/", documents.DocumentationView.as_view(), name="documentation"),
    path("v1/recurring-payments", payments.RecurringPaymentsView.as_view(), name="recurring_payments"),
    path("v1/recurring-payments/bulk", bulk.BulkView.as_view(), name="bulk"),
    path(
        "v1/recurring-payments/<any:store_recurring_payment_id>",
        payments.RecurringPaymentView.as_view(),
        name="recurring_payment",
    ),
    path("v1/batches/<uuid:batch_id>", batches.BatchView.as_view(), name="batch"),
    path("v1/contacts", contacts.ContactsView.as_view(), name="contacts"),
    path("v1/contacts/<int:contact_id>", contacts.ContactView.as_view(), name="contact"),
    path("v1/lists", lists.ListsView.as_view(), name="lists"),
    path("v1/connections", connections.ConnectionsView.as_view(), name="connections"),
    path("v1/connections/<int:connection_id>", connections.ConnectionView.as_view(), name="connection"),
    path("v1/field-order", field_order.FieldOrderView.as_view(), name="field_order"),
    path("v1/segments", segments.SegmentsView.as_view(), name="segments"),
    path("v1/segments/schema", segments.SegmentSchemaView.as_view(), name="segment_schema"),
    path("v1/segments/count", segments.AskedCountView.as_view(), name="segment_asked_count"),
    path("v1/segments/people", segments.AskedPeopleView.as_view(), name="segment_asked_people"),
    path("v1/segments/people/<int:contact_id>", segments.AskedMatchView.as_view(), name="segment_asked_match"),
    path("v1/segments/<int:segment_id>", segments.OneSegmentView.as_view(), name="segment"),
    path("v1/segments/<int:segment_id>/count", segments.SegmentCountView.as_view(), name="segment_count"),
    path("v1/segments/<int:segment_id>/people", segments.SegmentPeopleView.as_view(), name="segment_people"),
    path(
        "v1/segments/<int:segment_id>/people/<int:contact_id>",
        segments.SegmentMatchView.as_view(),
        name="segment_match",
    ),
    path("3/ecom/graphql", GraphqlView.as_view(), name="graphql"),
    path("3/connections", v3_connections.ConnectionsView.as_view(), name="v3_connections"),
    path("3/connections/<int:connection_id>", v3_connections.ConnectionView.as_view(), name="v3_connection"),
    path("v1/<any:rest>", base.NowhereView.as_view(schema=None)),
    path("v1/", base.NowhereView.as_view(schema=None)),
    path("v1", base.NowhereView.as_view(schema=None)),
    path("3/<any:rest>", v3.NowhereView.as_view()),
]
