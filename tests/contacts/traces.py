"""One person who has left a trace in every place that can hold one, and what is known of the other places."""

import io
import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from automations.email import kept
from automations.models import (
    Automation,
    AutomationVersion,
    Call,
    Campaign,
    CampaignVersion,
    Engagement,
    Enrolment,
    Mailing,
    Message,
    Passage,
    Sheet,
    Trigger,
)
from contacts import suppressing
from contacts.importing import work
from contacts.models import Confirmation, Contact, ContactImport, ContactList, FormerContact
from contacts.services import confirm, subscribe
from integrations.api import keys
from integrations.connecting import Credentials, connect
from integrations.models import (
    Batch,
    BatchSlice,
    Connection,
    Delivery,
    HistoricalSync,
    IdempotentAnswer,
    Reconciliation,
)
from reports.custom import saved as reports
from subscriptions.models import Change, LineItem, RecurringPayment, StoreCustomer
from subscriptions.people_actions.models import PeopleAction, PeopleSlice
from subscriptions.segments import saved as segments

EMAIL, FORMER, NAME, STREET = "Canary@Example.com", "nestling@example.com", "Fringilla", "Serinus Street 7"
WORDS = tuple(word.casefold() for word in (EMAIL, FORMER, NAME, STREET))
TREE = {"all": [{"contact": "email", "op": "is_any_of", "value": [EMAIL.lower(), "bob@example.com"]}]}

# Columns of text in which nothing of a contact stands, and why. A column that is neither here nor filled below fails.
OF_THE_TEAM = "what members of the team, roles and keys are called, and their secrets"
WORD = "one of a few words, or a random one, or a digest"
OF_THE_BUSINESS = "what the team calls or writes for everybody; who names one person there has to unname them"
OF_THE_STORE = "what belongs to a store and not to one of its customers"
_COLUMNS = {
    OF_THE_TEAM: """
        auth.Permission: name codename
        auth.Group: name
        contenttypes.ContentType: app_label model
        auth.User: password username first_name last_name email
        two_factor.Authenticator: secret
        notices.Notice: email
        integrations.ApiKey: name prefix scopes
        audit.Entry: actor actor_id address
        contacts.Consent: by
    """,
    WORD: """
        sessions.Session: session_key session_data
        team_sessions.Session: session_key session_data
        limits.Allowance: name
        pulse.Beat: task
        two_factor.RecoveryCode: digest
        notices.Notice: claim kind language state
        admin.LogEntry: object_id
        audit.Entry: via action object_type object_id object_label detail
        contacts.Contact: language
        contacts.Standing: state
        contacts.Consent: state way
        contacts.Confirmation: claim state token problem
        contacts.ContactImport: claim state encoding delimiter mapping
        contacts.Suppression: digest reason
        subscriptions.RecurringPayment: sequence status currency
        subscriptions.Change: kind source
        subscriptions.FieldOrder: names action field
        subscriptions.PeopleAction: claim kind state language columns
        subscriptions.PeopleSlice: people
        integrations.ApiKey: digest
        integrations.Batch: claim id state
        integrations.BatchSlice: counts
        integrations.Reconciliation: claim state problem webhook remark mark
        integrations.Delivery: key event_type state claim
        integrations.HistoricalSync: claim state problem
        integrations.IdempotentAnswer: name fingerprint headers claim
        automations.Automation: state
        automations.Trigger: key kind
        automations.Campaign: kind
        automations.Sheet: language
        automations.Enrolment: trigger run_key state reason step
        automations.Passage: step outcome
        automations.Mailing: claim state problem tested_by winner
        automations.Message: claim step problem variant state number
        automations.Call: claim step problem state number
        automations.Engagement: kind hit
        automations.Intake: claim state trigger
        automations.Occurrence: kind
        automations.Forgotten: kind
        reports.WayCell: step
        reports.CellUpkeep: zone
        reports.Currency: code
        reports.Movement: currency kind
        reports.MovementTotal: currency kind
        reports.Episode: kind outcome currency
        reports.StateTotal: kind outcome currency
        reports.Upkeep: rules
        reports.Schedule: rhythm file language problem
        reports.ReportMail: claim kind state problem
    """,
    OF_THE_BUSINESS: """
        contacts.Tag: name
        contacts.ContactList: name description
        contacts.ContactImport: tag
        subscriptions.PeopleAction: tag
        subscriptions.Segment: name description
        automations.Label: name
        automations.Automation: name description webhook_secret
        automations.Receiver: url
        automations.Campaign: name draft
        automations.CampaignVersion: content
        automations.Sheet: subject other_subject html text
        automations.Sender: name email reply_to postal_address website accent background logo logo_type
            logo_name
        reports.Report: name description
    """,
    OF_THE_STORE: """
        contacts.Standing: source
        contacts.Consent: source
        subscriptions.Store: name provider payment_page
        integrations.Connection: token client_id api_key webhook_id webhook_secret old_webhook_secret
            api_address external_id_key resources status_overrides leaving problem
        integrations.ApiStore: service external_id logo_url link_url
        integrations.Reconciliation: cursor
        integrations.HistoricalSync: cursor
        integrations.Delivery: cursor
    """,
}


def _named(text: str) -> Iterator[str]:
    """Read "app.Model: column column" and so on, over any number of lines."""
    model = ""
    for word in text.split():
        if word.endswith(":"):
            model = word.removesuffix(":")
        else:
            yield f"{model}.{word}"


HOLDS_NOTHING: dict[str, str] = {name: why for why, text in _COLUMNS.items() for name in _named(text)}


def leave() -> Contact:
    """Make the person, and everything that can be held of them, beside somebody else who stays."""
    contact = Contact.objects.create(
        email=EMAIL, email_key=EMAIL.casefold(), first_name=NAME, last_name=NAME, phone=NAME, company=STREET
    )
    FormerContact.objects.create(contact=contact, number=contact.pk + 1000, email=FORMER, email_key=FORMER)
    Contact.objects.create(email="bob@example.com", email_key="bob@example.com", first_name="Bob")
    store = connect("api", name="Shop", credentials=Credentials())[0]
    for part in (_on_lists, _in_files, _suppressed, _paid, _named, _exported, _sent_by_stores, _automated):
        part(contact, store)
    return contact


def _on_lists(contact: Contact, _store: Connection) -> None:
    letter = ContactList.objects.create(name="Letter", double_opt_in=True)
    subscribe([contact.pk], letter.pk, source="Shop")
    confirm([contact.pk], letter.pk, source="marketer", reason=f"{NAME} said so")
    Confirmation.objects.update(email=EMAIL)
    LogEntry.objects.create(
        user=User.objects.create_user("root"), action_flag=CHANGE, object_id=str(contact.pk), object_repr=NAME,
        content_type=ContentType.objects.get_for_model(Contact), change_message=f"{NAME} is subscribed",
    )  # fmt: skip


def _in_files(_contact: Contact, _store: Connection) -> None:
    """A file whose first row was taken for its header, one that waits, and one whose rows had errors."""
    for name, text in (("a.csv", f"{EMAIL},{NAME}\nx@example.com,X\n"), (f"of {EMAIL}.csv", f"e,n\n{EMAIL},{NAME}\n")):
        work.accept(io.BytesIO(text.encode()), name=name, user=None)
    last = work.accept(io.BytesIO(b"e,n\nx,y\n"), name="b.csv", user=None)
    ContactImport.objects.filter(pk=last.pk).update(header=[EMAIL, NAME])
    last.slices.update(rows="", errors=json.dumps([[1, [FORMER, NAME], "email", NAME]]))


def _suppressed(_contact: Contact, _store: Connection) -> None:
    for address in (EMAIL.casefold(), FORMER, "once@fringilla.example"):
        suppressing.suppress(address, "bounced", detail=f"550 <{EMAIL}> unknown")


def _paid(contact: Contact, store: Connection) -> None:
    texts = {
        column.name: EMAIL if "email" in column.name else f"{NAME} {STREET}"[: column.max_length]
        for column in RecurringPayment._meta.concrete_fields
        if isinstance(column, models.CharField) and column.name != "sequence"
    }
    texts |= {"currency": "EUR", "status": "active", "notes": [NAME], "store_recurring_payment_id": f"sub_{NAME}"}
    payment = RecurringPayment.objects.create(store=store.store, contact=contact, as_of=timezone.now(), **texts)
    LineItem.objects.create(
        payment=payment,
        position=0,
        quantity=1,
        amount=1,
        name=NAME,
        sku=NAME,
        categories=[NAME],
        brands=[NAME],
        tags=[NAME],
        store_primary_id=NAME,
    )
    now = timezone.now()
    Change.objects.create(
        payment=payment, kind="created", source="webhook", fields={"email": [None, EMAIL]}, occurred_at=now,
        recorded_at=now, announce=False,
    )  # fmt: skip
    StoreCustomer.objects.create(store=store.store, store_customer_id=EMAIL, contact=contact)


def _named(_contact: Contact, _store: Connection) -> None:
    """Conditions that name the person: of a segment, of a report, and of an automation."""
    segments.create(TREE, name="Some")
    filtered = {"about": "people", "filter": TREE, "measures": [{"of": "people"}]}
    reports.create({"about": "people", "measures": [{"of": "people"}]}, name="Some")
    from reports.models import Report

    Report.objects.update(definition=filtered)


def _exported(contact: Contact, _store: Connection) -> None:
    action = PeopleAction.objects.create(kind="export", state="finished", size=1, tree=TREE)
    line = f"{contact.pk},{EMAIL},{NAME}\r\n"
    PeopleSlice.objects.create(action=action, number=0, people=[contact.pk], text=line, is_done=True)


def _sent_by_stores(contact: Contact, store: Connection) -> None:
    now = timezone.now()
    body = json.dumps({"email": EMAIL, "name": NAME, "address": STREET})
    for state in ("applied", "failed"):
        Delivery.objects.create(
            connection=store, key=state, event_type="x", occurred_at=now, received_at=now, due_at=now, state=state,
            claimed_until=now, subject=f"customer:{EMAIL}", body=body, reason=f"No {NAME}, {EMAIL}",
        )  # fmt: skip
    batch = Batch.objects.create(connection=store, size=1)
    row = [store.store_id, True, {"email": EMAIL, "billing_first_name": NAME}]
    outcome = {"index": 0, "id": "7", "outcome": "failed", "errors": [f"{NAME} <{EMAIL}>"]}
    BatchSlice.objects.create(batch=batch, start=0, rows=json.dumps([row]), outcomes=[outcome])
    IdempotentAnswer.objects.create(
        key=keys.issue(store, name="shop")[0], name="a", fingerprint="x", status=200, body=json.dumps({"email": EMAIL}),
        claim="", claimed_until=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip
    trouble = f"No customer {EMAIL}"
    HistoricalSync.objects.create(connection=store, state="failed", problem_detail=trouble)
    Reconciliation.objects.create(connection=store, since=now, state="failed", problem_detail=trouble)
    Connection.objects.update(problem_detail=trouble)


def _automated(contact: Contact, _store: Connection) -> None:
    options = {"segment": TREE}
    flow = {"triggers": [{"id": "t", "on": "created", **options}], "runs": "once", "steps": []}
    one = Automation.objects.create(name="Welcome", draft=flow, version=1)
    version = AutomationVersion.objects.create(automation=one, number=1, flow=flow)
    Trigger.objects.create(automation=one, key="t", kind="created", options=options)
    way = Enrolment.objects.create(automation=one, version=version, contact=contact, run_key="1", detail=NAME)
    now = timezone.now()
    Passage.objects.create(
        enrolment=way, version=version, step="a", arrived_at=now, left_at=now, outcome="done", facts={"name": NAME}
    )
    Call.objects.create(enrolment=way, step="b", body=json.dumps({"email": EMAIL}), detail=NAME, state="sent")
    _mailed(contact, way)


def _mailed(contact: Contact, way: Enrolment) -> None:
    """An e-mail of a step, one of a mailing, and a note to a colleague."""
    campaign = Campaign.objects.create(name="News", kind="direct", version=1)
    content = CampaignVersion.objects.create(campaign=campaign, number=1, content={"subject": "News"})
    sheet = Sheet.objects.create(version=content, language="en", sender=0, subject="News", html="<p>", text="Hello")
    mailing = Mailing.objects.create(campaign=campaign, version=content)
    body = kept.pack(f"<p>{NAME}", f"Hello {NAME}", like=kept.like(sheet))
    told: dict[str, Any] = {"contact": contact, "email": EMAIL, "subject": f"News for {NAME}", "state": "sent"}
    told |= {"sent_at": timezone.now(), "finished_at": timezone.now(), "detail": f"250 {EMAIL}"}
    Message.objects.create(**told, enrolment=way, step="c", campaign=campaign, sheet=sheet, body=body)
    Message.objects.create(**told, enrolment=way, step="d", text=f"{NAME} has not paid")
    told["email"] = "once@fringilla.example"
    mail = Message.objects.create(**told, mailing=mailing, campaign=campaign, sheet=sheet, body=body)
    link = f"https://shop.example/?who={EMAIL}"
    Engagement.objects.create(message=mail, kind="clicked", at=timezone.now(), target=link, hit=uuid.uuid4())
    Engagement.objects.create(message=mail, kind="bounced", at=timezone.now(), detail=f"550 {EMAIL}")
