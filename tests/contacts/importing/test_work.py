"""Imports worked off: what is made of rows, in how many statements, by whom, and after a kill."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from contacts import privacy, tasks
from contacts.importing import work, writing
from contacts.models import Contact, ContactImport, ContactList, ImportSlice, Standing, Tag
from contacts.services import subscribe, unsubscribe
from tests.contacts.importing.files import accepted, counts, errors, imported
from tests.integrations.running import MANAGE, finished, kill, running, until
from tests.statements import statements

pytestmark = pytest.mark.django_db


def _people(count: int, start: int = 0) -> str:
    return "email,name\n" + "".join(f"p{n}@example.com,P{n}\n" for n in range(start, start + count))


def _ada(**known: Any) -> Contact:
    return Contact.objects.create(email="Ada@Example.com", email_key="ada@example.com", **known)


def _claims_run_out() -> None:
    ContactImport.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))


# ---- what is made of the rows


def test_people_are_made_and_filled_in_and_bad_rows_sink_nobody() -> None:
    ada = _ada(first_name="Augusta")
    told = imported(
        "E-mail,First name,Phone\nADA@example.com,Ada,06\nbob@example.com,Bob,\nnobody,X,\n,Y,\ncy@example.com,Cy,1\n"
    )
    assert (told.state, counts(told)) == ("finished", {"created": 2, "changed": 1, "failed": 2})
    assert errors(told) == [(4, "bad_email"), (5, "no_email")]
    ada.refresh_from_db()
    assert (ada.email, ada.first_name, ada.phone) == ("Ada@Example.com", "Augusta", "06")
    assert Contact.objects.count() == 3


def test_overwriting_takes_what_the_file_says_and_blanks_remove_nothing() -> None:
    ada = _ada(first_name="Augusta", phone="06")
    told = imported("email,first name,phone\nada@example.com,Ada,\n", overwrites=True)
    ada.refresh_from_db()
    assert (counts(told), ada.first_name, ada.phone) == ({"changed": 1}, "Ada", "06")


def test_the_same_file_again_changes_nothing() -> None:
    letter = ContactList.objects.create(name="Letter")
    text = "email,first name,tags\nada@example.com,Ada,vip\nbob@example.com,Bob,VIP\n"
    imported(text, tag="spring", contact_list=letter, overwrites=True)
    before = list(Contact.objects.order_by("pk").values())
    again = imported(text, tag="spring", contact_list=letter, overwrites=True)
    assert counts(again) == {"unchanged": 2}
    assert list(Contact.objects.order_by("pk").values()) == before


def test_several_rows_of_one_person_are_one_person() -> None:
    told = imported("email,first name,phone\nada@example.com,Ada,\nADA@example.com,Augusta,06\n")
    ada = Contact.objects.get()
    assert (counts(told), ada.first_name, ada.phone) == ({"created": 1, "unchanged": 1}, "Ada", "06")


def test_tags_of_the_file_and_of_the_import_are_given_whatever_their_case() -> None:
    _ada().tags.add(Tag.objects.create(name="Été"))
    told = imported("email,tags\nada@example.com,ÉTÉ\nbob@example.com,été;new\n", tag="New")
    assert counts(told) == {"created": 1, "changed": 1}
    assert sorted(Tag.objects.values_list("name", flat=True)) in (["New", "Été"], ["new", "Été"])
    assert {c.email_key: c.tags.count() for c in Contact.objects.all()} == {"ada@example.com": 2, "bob@example.com": 2}


def test_who_is_unsubscribed_stays_so_and_who_is_subscribed_since_then() -> None:
    letter = ContactList.objects.create(name="Letter")
    ada, bob = _ada(), Contact.objects.create(email="bob@example.com", email_key="bob@example.com")
    subscribe([ada.pk, bob.pk], letter.pk, source="Shop")
    unsubscribe([ada.pk], letter.pk, source="import")
    told = imported("email\nada@example.com\nbob@example.com\ncy@example.com\n", contact_list=letter)
    rows = Standing.objects.order_by("contact_id").values_list("state", "source")
    assert list(rows) == [("unsubscribed", "import"), ("subscribed", "Shop"), ("subscribed", "import")]
    assert counts(told) == {"created": 1, "unchanged": 2}


def test_five_hundred_rows_take_as_many_statements_as_two() -> None:
    letter, found = ContactList.objects.create(name="Letter"), []
    for size, start in ((2, 0), (work.SLICE, 1000)):
        Contact.objects.bulk_create(
            Contact(email_key=f"p{n}@example.com", email=f"p{n}@example.com") for n in range(start, start + size, 2)
        )
        told = accepted(_people(size, start), contact_list=letter, tag=f"tag {size}")
        rows = work._read(told.slices.get().rows)
        with statements() as asked:
            writing.write(told, rows)
        found.append(len(asked))
    assert found[0] == found[1] <= 16


# ---- in turns, by anybody, once


def test_the_rows_are_not_kept_once_they_are_imported_but_those_with_errors_are() -> None:
    told = imported(_people(700) + "nobody,X\n")
    assert set(told.slices.values_list("rows", flat=True)) == {""}
    assert errors(told) == [(702, "bad_email")]


def test_a_turn_ends_at_its_time_and_the_next_one_goes_on() -> None:
    told = accepted(_people(1200))
    work.start(told)
    for done in (500, 1000, 1200):
        work.run(told.pk, seconds=0)
        assert Contact.objects.count() == done
    work.run(told.pk, seconds=0)
    told.refresh_from_db()
    assert (told.state, counts(told)) == ("finished", {"created": 1200})


def test_an_import_is_started_once() -> None:
    told = accepted(_people(1))
    assert [work.start(told), work.start(told)] == [True, False]


def test_a_cancelled_import_stops_before_the_next_slice_and_keeps_no_rows() -> None:
    told = accepted(_people(1200))
    work.start(told)
    work.run(told.pk, seconds=0)
    assert work.cancel(told)
    told.refresh_from_db()
    assert (told.state, Contact.objects.count()) == ("cancelled", 500)
    assert set(told.slices.values_list("rows", flat=True)) == {""}
    work.run(told.pk)
    assert Contact.objects.count() == 500


def test_who_works_on_a_cancelled_import_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told = accepted(_people(1200))
    work.start(told)

    def write(*args: Any) -> Any:
        work.cancel(told)
        return WRITE(*args)

    monkeypatch.setattr("contacts.importing.writing.write", write)
    work.run(told.pk)
    told.refresh_from_db()
    assert (told.state, Contact.objects.count()) == ("cancelled", 500)


def test_while_the_claim_of_a_dead_process_lasts_nobody_else_works() -> None:
    told = accepted(_people(3))
    in_an_hour = timezone.now() + timedelta(hours=1)
    ContactImport.objects.update(state="running", claim="of the dead", claimed_until=in_an_hour)
    work.run(told.pk)
    assert (work.abandoned(), Contact.objects.count()) == ([], 0)
    _claims_run_out()
    assert work.abandoned() == [told.pk]
    work.run(told.pk)
    assert Contact.objects.count() == 3


def test_a_process_that_lost_its_claim_writes_nothing_and_takes_no_rows_away(monkeypatch: pytest.MonkeyPatch) -> None:
    told = accepted(_people(1200))
    work.start(told)

    def write(*args: Any) -> Any:
        ContactImport.objects.update(claim="of another")
        return WRITE(*args)

    monkeypatch.setattr("contacts.importing.writing.write", write)
    work.run(told.pk)
    assert ContactImport.objects.get().state == "running"
    assert "" not in told.slices.filter(is_done=False).values_list("rows", flat=True)


def test_what_fails_for_a_while_is_tried_again_and_what_fails_for_good_is_one_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = accepted(_people(20))
    work.start(told)

    def write(told: Any, rows: Any) -> Any:
        if any(number == 7 for number, *_ in rows):
            raise OperationalError
        return WRITE(told, rows)

    monkeypatch.setattr("contacts.importing.writing.write", write)
    for _ in range(work.PATIENCE + 1):
        _claims_run_out()
        work.run(told.pk)
    told.refresh_from_db()
    assert (told.state, counts(told), errors(told)) == ("finished", {"created": 19, "failed": 1}, [(7, "fault")])


WRITE = writing.write


@pytest.mark.django_db(transaction=True)
def test_of_several_processes_one_works() -> None:
    told = accepted(_people(1500))
    work.start(told)

    def run() -> None:
        work.run(told.pk)
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.refresh_from_db()
    assert (told.state, counts(told)) == ("finished", {"created": 1500})


@pytest.mark.django_db(transaction=True)
def test_an_import_whose_worker_is_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    told = accepted(_people(20_000))
    work.start(told)
    with running(*MANAGE, "drain", log=tmp_path / "log") as process:
        until(lambda: Contact.objects.exists())
        kill(process)
    told.refresh_from_db()
    assert told.state == "running"
    assert 0 < told.done == Contact.objects.count() < 20_000
    _claims_run_out()
    again = finished(*MANAGE, "drain")
    assert again.returncode == 0, again.stderr
    told.refresh_from_db()
    assert (told.state, counts(told), Contact.objects.count()) == ("finished", {"created": 20_000}, 20_000)


def test_the_sweep_finds_what_no_bell_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    told, rung = accepted(_people(1)), []
    work.start(told)
    ContactImport.objects.update(claimed_until=timezone.now() - timedelta(seconds=tasks.LOST + 1))
    monkeypatch.setattr(tasks.run_import, "apply_async", lambda args, **_: rung.append(args))
    tasks.sweep()
    assert rung == [(told.pk,)]


def test_what_is_over_and_what_was_never_started_is_thrown_away() -> None:
    over, kept, forgotten = imported(_people(1)), imported(_people(1)), accepted(_people(1))
    accepted(_people(1))
    ContactImport.objects.filter(pk=over.pk).update(finished_at=timezone.now() - timedelta(days=30))
    ContactImport.objects.filter(pk=forgotten.pk).update(made_at=timezone.now() - work.FORGOTTEN)
    work.sweep()
    assert ContactImport.objects.count() == 2
    assert not ContactImport.objects.filter(pk__in=[over.pk, forgotten.pk]).exists()
    assert ContactImport.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize(("rows", "is_refused"), [(3, False), (4, True)])
def test_a_file_of_too_many_rows_is_refused_and_not_kept(
    monkeypatch: pytest.MonkeyPatch, rows: int, is_refused: bool
) -> None:
    monkeypatch.setattr(work, "LARGEST", 3)
    if is_refused:
        with pytest.raises(work.TooMany):
            accepted(_people(rows))
    else:
        accepted(_people(rows))
    assert ImportSlice.objects.exists() is ContactImport.objects.exists() is not is_refused


# ---- a person's rights


def test_a_person_s_rows_are_exported_and_erased_wherever_they_wait() -> None:
    ada = _ada()
    waiting = accepted("email,name\nADA@example.com,Ada\nbob@example.com,Bob\n")
    failed = imported("email,first name\nada@example.com," + "x" * 300 + "\nnobody,X\n")
    assert privacy.export(ada)["rows_of_files"] == [["ADA@example.com", "Ada"], ["ada@example.com", "x" * 300]]
    privacy.erase(ada)
    work.start(waiting)
    work.run(waiting.pk)
    assert list(Contact.objects.values_list("email_key", flat=True)) == ["bob@example.com"]
    assert errors(failed) == [(3, "bad_email")]


def test_who_is_erased_while_their_rows_are_imported_does_not_come_back() -> None:
    ada = _ada()
    told = accepted("email,name\nada@example.com,Ada\nbob@example.com,Bob\n")
    work.start(told)
    read_before = told.slices.get()
    privacy.erase(ada)
    told.refresh_from_db()
    assert work._tried(told, read_before)
    assert not Contact.objects.exists()
    work.run(told.pk)
    assert list(Contact.objects.values_list("email_key", flat=True)) == ["bob@example.com"]
