"""The auditor finds nothing in a sound house, and each kind of damage in one that is not."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from automations.models import Call, Engagement, Enrolment, Mailing, Message, Passage
from contacts.models import Contact, Tag
from integrations.models import Delivery, IdempotentAnswer, Reconciliation
from reports.models import Cell, Episode, WayCell
from subscriptions.models import Change, PeopleAction, RecurringPayment
from tests.chaos import checks_of_automations as automations
from tests.chaos import checks_of_payments as payments
from tests.chaos import checks_of_the_house as house
from tests.chaos.auditor import CHECKS, Check, audit
from tests.chaos.notes import Act
from tests.chaos.witness import Witness
from tests.chaos.world import NOON, POISON, World, sinks, world
from tests.subscriptions.reports import report, tell, undone

pytestmark = pytest.mark.django_db
__all__ = ["sinks", "world"]  # fixtures


def test_a_sound_house_has_nothing_that_could_be_reported(world: World) -> None:
    assert audit(world.witness) == []
    assert len(world.witness.mails) == Message.objects.filter(state="sent").count() >= 5
    assert len(world.witness.calls) == Call.objects.filter(state="sent").count() > 2
    assert Enrolment.objects.count() >= 7
    assert Delivery.objects.filter(state="failed").count() == 1


type Damage = Callable[[World], Witness | None]
"""Takes a sound house, damages it, and returns what the witness says then, if that is something else."""
DAMAGES: list[tuple[Check, str, Damage]] = []


def damage(check: Check, words: str) -> Callable[[Damage], Damage]:
    """Declare one kind of damage, with the check that must report it and words that must be among its sentences."""

    def declared(one: Damage) -> Damage:
        DAMAGES.append((check, words, one))
        return one

    return declared


def test_each_kind_of_damage_is_reported(world: World) -> None:
    unseen = {}
    for check, words, do in DAMAGES:
        with undone():
            sentences = list(check(do(world) or world.witness))
        if not any(words in sentence for sentence in sentences):
            unseen[getattr(do, "__name__", words)] = sentences
    assert unseen == {}


def test_there_is_a_damage_for_every_check() -> None:
    assert {check for check, _words, _do in DAMAGES} == set(CHECKS)


# Payments


@damage(payments.as_the_shops_have_them, "the payment sub_own is missing")
def a_payment_is_lost(world: World) -> None:
    world.stripe.store.recurring_payments.get(store_recurring_payment_id="sub_own").delete()


@damage(payments.as_the_shops_have_them, "there is a payment ghost that the shop does not have")
def a_payment_too_many(world: World) -> None:
    tell(world.stripe.store, report("ghost", status="active"), announce=False)


@damage(payments.as_the_shops_have_them, "payment_amount of sub_own is '7.0000' here and '5.0000' at the shop")
def a_field_is_old(world: World) -> None:
    tell(world.stripe.store, report("sub_own", at=99, payment_amount="7"), announce=False)


@damage(payments.in_the_shops_own_words, "and 'past_due' in the shop's own file")
def the_mapping_is_wrong(world: World) -> Witness:
    statuses = {world.payment().store_recurring_payment_id: "past_due"}
    return replace(world.witness, statuses={"stripe": statuses})


@damage(payments.with_their_person, "is nobody's")
def a_payment_has_lost_its_person(world: World) -> None:
    RecurringPayment.objects.filter(store_recurring_payment_id="sub_own").update(contact=None)


# The change log


@damage(payments.changes_follow_each_other, "where it was")
def a_change_is_lost_in_the_middle(world: World) -> None:
    _changes("sub_own")[1].delete()


@damage(payments.changes_follow_each_other, "and the payment says")
def the_last_change_is_lost(world: World) -> None:
    _changes("sub_own")[-1].delete()


@damage(payments.changes_follow_each_other, "it was created 0 times")
def a_creation_is_lost(world: World) -> None:
    _changes("sub_own")[0].delete()


@damage(payments.changes_follow_each_other, "it was created 2 times")
def a_creation_is_there_twice(world: World) -> None:
    _again(_changes("sub_own")[0])


@damage(payments.changes_follow_each_other, "where it was")
def a_change_is_there_twice(world: World) -> None:
    _again(_changes("sub_own")[-1])


@damage(payments.changes_follow_each_other, "changes nothing")
def a_change_is_none(world: World) -> None:
    Change.objects.filter(pk=_changes("sub_own")[-1].pk).update(fields={"status": ["active", "active"]})


def _changes(payment: str) -> list[Change]:
    return list(Change.objects.filter(payment__store_recurring_payment_id=payment).order_by("pk"))


def _again(row: Any) -> None:
    row.pk = None
    row.save(force_insert=True)


# The inbox


@damage(payments.events_are_kept_once, "was accepted and is not in the inbox")
def an_accepted_event_is_lost(world: World) -> None:
    Delivery.objects.filter(key__in=world.witness.accepted["stripe"])[0].delete()


@damage(payments.events_are_kept_once, "is not finished: waiting")
def an_event_waits(world: World) -> None:
    Delivery.objects.filter(state="applied").update(state="waiting")


@damage(payments.only_the_poisoned_failed, "has failed: for no reason")
def an_event_failed_that_could_be_read(world: World) -> None:
    Delivery.objects.filter(state="applied").update(state="failed", reason="for no reason")


@damage(payments.only_the_poisoned_failed, "cannot be read, and has not failed")
def a_poisoned_event_vanished(world: World) -> None:
    Delivery.objects.filter(key=POISON).update(state="applied")


# Our API


@damage(payments.writes_took_effect_once, "k1 of P-1 took effect 0 times, and the answer was: updated")
def an_acknowledged_row_is_lost(world: World) -> None:
    _changes("P-1")[1].delete()


@damage(payments.writes_took_effect_once, "k1 of P-1 took effect 2 times")
def a_row_took_effect_twice(world: World) -> None:
    _again(_changes("P-1")[1])


@damage(payments.writes_took_effect_once, "k3 of P-1 took effect 2 times, and the answer was: no answer")
def an_unanswered_row_took_effect_twice(world: World) -> None:
    for amount in ("4", "9", "4"):
        tell(world.api, report("P-1", at=100 + Change.objects.count(), payment_amount=amount))


@damage(payments.writes_took_effect_once, "was once 9.0000, which nobody wrote")
def a_row_that_nobody_wrote(world: World) -> None:
    tell(world.api, report("P-1", at=100, payment_amount="9"))


@damage(payments.the_last_write_stands, "as no row says that may stand")
def half_of_a_row(world: World) -> None:
    RecurringPayment.objects.filter(store=world.api).update(status="paused")


@damage(payments.the_last_write_stands, "was acknowledged and is missing")
def a_written_payment_is_lost(world: World) -> None:
    RecurringPayment.objects.filter(store=world.api).delete()


# Automations


@damage(automations.who_must_be_in_is_in_once, "nobody entered by change")
def somebody_did_not_enter(world: World) -> None:
    Enrolment.objects.filter(automation__name="Failures")[0].delete()


@damage(automations.who_must_be_in_is_in_once, "nobody entered by change")
def a_person_did_not_enter(world: World) -> None:
    Enrolment.objects.filter(automation__name="Failures of people").delete()


@damage(automations.who_must_be_in_is_in_once, "which lets nobody in")
def somebody_entered_without_a_reason(world: World) -> None:
    Enrolment.objects.filter(automation__name="Failures").update(change=_changes("sub_own")[1])


@damage(automations.who_must_be_in_is_in_once, "runs once_a_payment, and")
def a_payment_is_in_twice(world: World) -> None:
    one = Enrolment.objects.filter(automation__name="Payments")[0]
    one.run_key = "another"
    _again(one)


@damage(automations.who_must_be_in_is_in_once, "has the tag vip and did not enter")
def a_tag_let_nobody_in(world: World) -> None:
    Enrolment.objects.filter(automation__name="Tagged").delete()


@damage(automations.who_must_be_in_is_in_once, "entered 1 times by the tag vip")
def somebody_entered_without_the_tag(world: World) -> None:
    Tag.objects.get(name="vip").contacts.clear()


@damage(automations.nobody_is_stuck, "is due at")
def nobody_takes_somebody_on(world: World) -> None:
    Enrolment.objects.filter(state="finished").update(state="active", wake_at=timezone.now() - timedelta(hours=1))


@damage(automations.nobody_is_stuck, "is stopped at")
def somebody_is_stopped(world: World) -> None:
    Enrolment.objects.update(state="parked", reason="error")


@damage(automations.nobody_is_stuck, "for nothing that comes")
def somebody_waits_for_nothing(world: World) -> None:
    Enrolment.objects.filter(automation__name="Tagged").update(state="active", wake_at=None, step="gone")


@damage(automations.whoever_is_through_passed_every_step, "has finished by")
def a_step_was_passed_over(world: World) -> None:
    Passage.objects.filter(step="welcomed")[0].delete()


# What was sent


@damage(automations.what_was_sent_was_got, "is sent and was got 2 times")
def an_email_was_got_twice(world: World) -> Witness:
    return replace(world.witness, mails=dict.fromkeys(world.witness.mails, 2))


@damage(automations.what_was_sent_was_got, "is sent and was got 0 times")
def an_email_was_never_got(world: World) -> Witness:
    return replace(world.witness, mails={})


@damage(automations.what_was_sent_was_got, "is uncertain and was got 2 times")
def an_uncertain_email_was_got_twice(world: World) -> Witness:
    Message.objects.update(state="uncertain")
    return replace(world.witness, mails=dict.fromkeys(world.witness.mails, 2))


@damage(automations.what_was_sent_was_got, "is suppressed and was got 1 times")
def an_email_was_got_that_was_not_to_be_sent(world: World) -> None:
    Message.objects.update(state="suppressed")


@damage(automations.what_was_sent_was_got, "somebody got the e-mail 4711, which nobody wrote")
def an_email_that_nobody_wrote(world: World) -> Witness:
    return replace(world.witness, mails={**world.witness.mails, "4711": 1})


@damage(automations.what_was_called_was_heard, "is answered, and nobody heard it")
def a_call_was_never_heard(world: World) -> Witness:
    return replace(world.witness, calls={})


@damage(automations.what_was_called_was_heard, "somebody heard the call 4711")
def a_call_that_nobody_made(world: World) -> Witness:
    return replace(world.witness, calls={**world.witness.calls, "4711": 1})


@damage(automations.each_way_out_was_taken, "and nothing was sent there")
def a_step_sent_nothing(world: World) -> None:
    Message.objects.filter(enrolment__automation__name="Payments").delete()


@damage(automations.each_way_out_was_taken, "is still waiting")
def an_email_waits(world: World) -> None:
    Message.objects.update(state="waiting")


@damage(automations.mailings_reached_each_once, "went 2 times to p0@example.com")
def a_mailing_went_twice_to_somebody(world: World) -> None:
    Message.objects.exclude(mailing=None).update(email="p0@example.com")


@damage(automations.mailings_reached_each_once, "is running")
def a_mailing_has_no_end(world: World) -> None:
    Mailing.objects.update(state="running")


@damage(automations.what_readers_did_is_counted_once, "was clicked 2 to 2 times, and 0 are kept")
def clicks_are_lost(world: World) -> None:
    Engagement.objects.filter(kind="clicked").delete()


@damage(automations.what_readers_did_is_counted_once, "was opened 2 to 2 times, and 3 are kept")
def an_opening_is_counted_twice(world: World) -> None:
    one = Engagement.objects.filter(kind="opened")[0]
    one.hit = uuid.uuid4()
    _again(one)


# The house


@damage(house.everybody_outside_spoke, "stripe told nothing of truth")
def a_shop_told_nothing(world: World) -> Witness:
    return replace(world.witness, truth={"stripe": {}})


@damage(house.everybody_outside_spoke, "nobody told anything of mails")
def nobody_got_anything(world: World) -> Witness:
    return replace(world.witness, mails={})


@damage(house.nothing_is_on_its_way, "still waiting: 1 changes not looked at")
def a_change_was_never_looked_at(world: World) -> None:
    Change.objects.filter(pk=_changes("sub_own")[0].pk).update(is_pending=True)


@damage(house.nobody_holds_anything, "and nobody is at work")
def a_claim_was_never_given_back(world: World) -> None:
    Reconciliation.objects.create(connection=world.stripe, since=NOON, state="running")


@damage(house.nobody_holds_anything, "the request k1 is still being worked on")
def a_request_was_left_half_done(world: World) -> None:
    IdempotentAnswer.objects.create(
        key=_key(), name="k1", fingerprint="f", claim="c", claimed_until=timezone.now(), expires_at=timezone.now()
    )


def _key() -> Any:
    from integrations.api import keys

    return keys.issue(None, name="of the test", scopes=["segments"])[0]


@damage(house.nobody_holds_anything, "stands in its middle")
def an_event_stands_in_its_middle(world: World) -> None:
    Delivery.objects.filter(state="applied").update(state="waiting", cursor="p2")


@damage(house.what_people_did_stands, "the contact walk-in@example.com was added and is missing")
def somebody_who_was_added_is_missing(world: World) -> None:
    Contact.objects.filter(email="walk-in@example.com").delete()


@damage(house.what_people_did_stands, "acts of the kind mailing were answered, and the audit log has 0")
def an_act_is_not_in_the_audit_log(world: World) -> Witness:
    return replace(world.witness, acts=(*world.witness.acts, Act(kind="mailing", what="1", is_answered=True)))


@damage(house.what_people_did_stands, "0 of None done")
def an_action_has_no_end(world: World) -> None:
    everybody: dict[str, Any] = {"all": []}
    PeopleAction.objects.create(kind="tag", state="waiting", tree=everybody, tag="x", language="en")


@damage(house.the_audit_log_only_grows, "the audit log had 1000 entries, and then")
def the_audit_log_was_cut(world: World) -> Witness:
    return replace(world.witness, audit_entries=(1000,))


@damage(house.reports_are_what_counting_gives, "reports of e-mails")
def a_count_of_emails_is_wrong(world: World) -> None:
    Cell.objects.update(sent=99)


@damage(house.reports_are_what_counting_gives, "reports of automations")
def a_count_of_ways_is_wrong(world: World) -> None:
    WayCell.objects.update(entered=99)


@damage(house.reports_are_what_counting_gives, "reports of payments, times")
def a_time_in_the_past_is_wrong(world: World) -> None:
    Episode.objects.all()[0].delete()
