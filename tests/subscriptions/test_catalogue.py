"""The sixty fields, each exactly once and as everybody outside knows them."""

import pytest
from django.db import models
from django.utils import translation

from subscriptions.catalogue import (
    BY_NAME,
    DEFAULT_ORDER,
    FIELDS,
    OF_ITEMS,
    STORED,
    STORES,
    WIDGET_SIZE,
    BillingInterval,
    LastPaymentStatus,
    Status,
)
from subscriptions.models import LineItem, RecurringPayment

# name | kind | group | name in the API | English | French
TABLE = """
legacy_connection_id | integer | identity | legacyConnectionId | Legacy connection ID | ID de connexion hérité
store_recurring_payment_id | text | identity | storeRecurringPaymentId | Store recurring payment ID | ID du paiement récurrent (boutique)
name | text | identity | name | Name | Nom
email | text | identity | email | Email | E-mail
status | choice | status | normalizedStatus | Recurring payment status | Statut du paiement récurrent
store_status | text | status | storeStatus | Store recurring payment status | Statut du paiement récurrent (boutique)
store_customer_id | text | identity | storeCustomerId | Store customer ID | Numéro de client (boutique)
billing_interval | choice | schedule | billingInterval | Billing interval | Intervalle de facturation
billing_interval_count | integer | schedule | billingIntervalCount | Billing interval count | Nombre d’intervalles de facturation
payment_amount | amount | amounts | paymentAmount | Payment amount | Montant du paiement
discount_amount | amount | amounts | discountAmount | Discount amount | Montant de la remise
tax_amount | amount | amounts | taxAmount | Tax amount | Montant des taxes
shipping_amount | amount | amounts | shippingAmount | Shipping amount | Montant de la livraison
last_payment_status | choice | schedule | lastPaymentStatus | Last payment status | Statut du dernier paiement
last_payment_date | date | dates | lastPaymentDate | Last payment date | Date du dernier paiement
start_date | date | dates | startDate | Start date | Date de début
renewal_date | date | dates | renewalDate | Renewal date | Date de renouvellement
next_payment_date | date | dates | nextPaymentDate | Next payment date | Date du prochain paiement
anchor_date | date | dates | anchorDate | Anchor date | Date d’ancrage
cancelled_date | date | dates | cancelledDate | Cancelled date | Date d’annulation
payment_method_expiration | date | dates | paymentMethodExpiration | Payment method expiration | Expiration du moyen de paiement
origin_order_id | text | identity | originOrderId | Origin order ID | ID de la commande d’origine
currency | text | amounts | currency | Currency | Devise
store_created_date | date | dates | storeCreatedDate | Store created date | Date de création (boutique)
store_modified_date | date | dates | storeModifiedDate | Store modified date | Date de modification (boutique)
is_trial | flag | status | isTrial | Is trial | Période d’essai
cancel_at_period_end | flag | status | cancelAtPeriodEnd | Cancel at period end | Annulation en fin de période
total_cycles | integer | schedule | totalCycles | Total cycles | Nombre total de cycles
notes | text_list | other | notes | Notes | Remarques
store_external_id | text | identity | storeExternalId | Store external ID | ID externe (boutique)
line_item_category | text_list | items | lineItemCategories | Line item category | Catégorie de l’article
line_item_name | text_list | items | lineItemNames | Line item name | Nom de l’article
line_item_sku | text_list | items | lineItemSkus | Line item SKU | SKU de l’article
line_item_brand | text_list | items | lineItemBrands | Line item brand | Marque de l’article
line_item_tag | text_list | items | lineItemTags | Line item tag | Étiquette de l’article
line_item_store_primary_id | text_list | items | lineItemStorePrimaryIds | Line item store primary ID | Identifiant principal de l’article (boutique)
shipping_first_name | text | shipping_address | shippingAddress.firstName | Shipping address first name | Adresse de livraison : prénom
shipping_last_name | text | shipping_address | shippingAddress.lastName | Shipping address last name | Adresse de livraison : nom de famille
shipping_address_1 | text | shipping_address | shippingAddress.address1 | Shipping address line 1 | Adresse de livraison : ligne 1
shipping_address_2 | text | shipping_address | shippingAddress.address2 | Shipping address line 2 | Adresse de livraison : ligne 2
shipping_address_3 | text | shipping_address | shippingAddress.address3 | Shipping address line 3 | Adresse de livraison : ligne 3
shipping_city | text | shipping_address | shippingAddress.city | Shipping address city | Adresse de livraison : ville
shipping_province | text | shipping_address | shippingAddress.province | Shipping address province | Adresse de livraison : province
shipping_country | text | shipping_address | shippingAddress.country | Shipping address country | Adresse de livraison : pays
shipping_postal | text | shipping_address | shippingAddress.postal | Shipping address postal code | Adresse de livraison : code postal
shipping_phone | text | shipping_address | shippingAddress.phone | Shipping address phone | Adresse de livraison : téléphone
shipping_company | text | shipping_address | shippingAddress.company | Shipping address company | Adresse de livraison : entreprise
shipping_email | text | shipping_address | shippingAddress.email | Shipping address email | Adresse de livraison : e-mail
billing_first_name | text | billing_address | billingAddress.firstName | Billing address first name | Adresse de facturation : prénom
billing_last_name | text | billing_address | billingAddress.lastName | Billing address last name | Adresse de facturation : nom de famille
billing_address_1 | text | billing_address | billingAddress.address1 | Billing address line 1 | Adresse de facturation : ligne 1
billing_address_2 | text | billing_address | billingAddress.address2 | Billing address line 2 | Adresse de facturation : ligne 2
billing_address_3 | text | billing_address | billingAddress.address3 | Billing address line 3 | Adresse de facturation : ligne 3
billing_city | text | billing_address | billingAddress.city | Billing address city | Adresse de facturation : ville
billing_province | text | billing_address | billingAddress.province | Billing address province | Adresse de facturation : province
billing_country | text | billing_address | billingAddress.country | Billing address country | Adresse de facturation : pays
billing_postal | text | billing_address | billingAddress.postal | Billing address postal code | Adresse de facturation : code postal
billing_phone | text | billing_address | billingAddress.phone | Billing address phone | Adresse de facturation : téléphone
billing_company | text | billing_address | billingAddress.company | Billing address company | Adresse de facturation : entreprise
billing_email | text | billing_address | billingAddress.email | Billing address email | Adresse de facturation : e-mail
"""  # noqa: E501
EXPECTED = [tuple(line.replace(" : ", "\u00a0: ").split(" | ")) for line in TABLE.strip().splitlines()]

NOT_FROM = {
    "stripe": {
        *("total_cycles", "line_item_tag", "shipping_address_3", "shipping_company", "billing_address_3"),
    },
    "paypal": {
        *("discount_amount", "anchor_date", "origin_order_id", "cancel_at_period_end"),
        *("line_item_brand", "line_item_tag", "shipping_address_3", "shipping_phone", "shipping_company"),
        *("billing_address_3", "billing_phone", "billing_company"),
    },
    "woocommerce": {
        *("anchor_date", "payment_method_expiration", "total_cycles"),
        *("shipping_address_3", "shipping_email", "billing_address_3"),
    },
}


def _told(field, language):
    with translation.override(language):
        return str(field.label)


def test_there_are_sixty_fields_each_once():
    names = [field.name for field in FIELDS]
    assert len(names) == len(set(names)) == len(BY_NAME) == 60


def test_the_fields_are_those_of_the_reference_in_its_order():
    shown = [
        (field.name, field.kind.name, field.group, field.api_name, _told(field, "en"), _told(field, "fr"))
        for field in FIELDS
    ]
    assert shown == EXPECTED


def test_no_two_fields_share_a_label_or_a_name_in_the_api():
    for language in ("en", "fr"):
        assert len({_told(field, language) for field in FIELDS}) == 60
    assert len({field.api_name for field in FIELDS}) == 60


@pytest.mark.parametrize("store", STORES)
def test_a_store_is_known_not_to_send(store):
    assert {field.name for field in FIELDS if store in field.not_from} == NOT_FROM.get(store, set())


def test_every_choice_has_french():
    choices = [label for kind in (Status, LastPaymentStatus, BillingInterval) for label in kind.labels]
    for label in choices:
        with translation.override("en"):
            english = str(label)
        with translation.override("fr"):
            assert str(label) != english or english in ("Pause", "Dates")


def test_there_are_six_statuses_and_five_outcomes_of_a_payment():
    assert Status.values == ["pending", "active", "paused", "payment_failed", "cancelled", "expired"]
    assert LastPaymentStatus.values == ["completed", "declined", "partially_refunded", "pending", "refunded"]
    assert BillingInterval.values == ["daily", "weekly", "monthly", "yearly"]


def test_every_field_is_a_column_or_is_read_from_one():
    columns = {column.attname for column in RecurringPayment._meta.concrete_fields}
    of_items = {column.attname for column in LineItem._meta.concrete_fields}
    for field in FIELDS:
        assert (field.item in of_items) if field.item else (field.column or field.name) in columns
    assert len(STORED) + len(OF_ITEMS) + len(["legacy_connection_id"]) == 60


@pytest.mark.parametrize("field", STORED.values(), ids=STORED)
def test_the_column_holds_what_the_kind_allows(field):
    column = RecurringPayment._meta.get_field(field.name)
    assert type(column) is type(field.make_column())
    assert column.get_default() == field.kind.empty
    if isinstance(column, models.CharField):
        longest = max(map(len, field.choices), default=0) or field.limit
        assert column.max_length >= longest
        assert list(column.choices or []) == list(field.choices.items())


@pytest.mark.parametrize("field", FIELDS, ids=BY_NAME)
def test_none_empties_a_field_unless_it_is_never_empty(field):
    assert field.parse(None) == ("pending" if field.name == "status" else field.kind.empty)


def test_an_empty_status_is_pending():
    assert BY_NAME["status"].parse("") == "pending"


def test_the_default_order_has_every_field_and_begins_with_the_columns_of_the_widget():
    assert sorted(DEFAULT_ORDER) == sorted(BY_NAME)
    assert DEFAULT_ORDER[:WIDGET_SIZE] == (
        "status",
        "name",
        "payment_amount",
        "next_payment_date",
        "last_payment_status",
    )
