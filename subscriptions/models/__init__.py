"""Stores, their recurring payments, the change log, the order of the fields, saved segments, and acts on people."""

from subscriptions.models.changes import Change
from subscriptions.models.field_orders import FieldOrder
from subscriptions.models.payments import (
    NEWEST_FIRST,
    CatalogueColumns,
    LineItem,
    RecurringPayment,
    RecurringPaymentQuerySet,
)
from subscriptions.models.segments import Segment, SegmentQuerySet, SegmentReference, SegmentVersion
from subscriptions.models.stores import Store, StoreCustomer
from subscriptions.people_actions.models import PeopleAction, PeopleSlice

__all__ = [
    "NEWEST_FIRST",
    "CatalogueColumns",
    "Change",
    "FieldOrder",
    "LineItem",
    "PeopleAction",
    "PeopleSlice",
    "RecurringPayment",
    "RecurringPaymentQuerySet",
    "Segment",
    "SegmentQuerySet",
    "SegmentReference",
    "SegmentVersion",
    "Store",
    "StoreCustomer",
]
