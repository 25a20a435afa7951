"""Batches: kept at once, worked off in slices by anybody, once, whoever is killed meanwhile."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connections
from django.utils import timezone

from integrations import tasks
from integrations.api import batches, writing
from integrations.models import Batch, BatchSlice
from subscriptions.models import Change, RecurringPayment
from subscriptions.services import apply_records
from tests.integrations.api.plugin import Plugin, row
from tests.integrations.running import MANAGE, finished, kill, running, until

SIZE = 1200


def rows(count: int = SIZE) -> list[dict[str, Any]]:
    """Return many rows; every hundredth cannot be read."""
    return [
        row(f"sub_{n}", name="Coffee", payment_amount=4.5, status="flux" if n % 100 == 7 else "active")
        for n in range(count)
    ]


def sent(plugin: Plugin, told: list[Any] | None = None) -> Any:
    """Send more rows than are answered at once, and return the answer."""
    answer = plugin.bulk(*(rows() if told is None else told))
    assert answer.status_code == 202, answer.content
    return answer


def followed(plugin: Plugin, batch_id: str, limit: int = 1000) -> list[Any]:
    """Read all outcomes of a batch, page by page."""
    outcomes, cursor = [], "0"
    while cursor:
        page = plugin.get(f"/batches/{batch_id}", cursor=cursor, limit=limit).json()
        outcomes += page["outcomes"]
        cursor = page["next"]
    return outcomes


def claims_run_out() -> None:
    Batch.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))


def test_more_rows_become_a_batch_to_follow(plugin: Plugin) -> None:
    answer = sent(plugin)
    told = answer.json()
    assert answer["Location"] == told["url"] == f"/api/v1/batches/{told['id']}"
    assert (told["state"], told["rows"], told["done"], RecurringPayment.objects.count()) == ("waiting", SIZE, 0, 0)
    page = plugin.get(f"/batches/{told['id']}").json()
    assert (page["outcomes"], page["next"]) == ([], "0")
    call_command("drain")
    page = plugin.get(f"/batches/{told['id']}").json()
    assert (page["state"], page["done"]) == ("finished", SIZE)
    assert page["counts"] == {"created": SIZE - 12, "updated": 0, "unchanged": 0, "stale": 0, "error": 12}
    assert plugin.get(f"/batches/{told['id']}", cursor="").json() == page
    outcomes = followed(plugin, told["id"], limit=333)
    assert [one["index"] for one in outcomes] == list(range(SIZE))
    assert [one["id"] for one in outcomes if one["outcome"] == "error"] == [f"sub_{n}" for n in range(7, SIZE, 100)]
    assert outcomes[7]["errors"][0]["path"] == "status"


def test_numbers_and_missing_values_come_through_as_they_were_sent(plugin: Plugin) -> None:
    special = [
        row("exact", payment_amount=12345678901.1234, name=None),
        row("text", name=1.5),
        row("long", payment_amount=10**30),
        row("tiny", payment_amount=1e-7),
        None,
    ]
    told = sent(plugin, special + rows()).json()
    call_command("drain")
    outcomes = followed(plugin, told["id"])
    assert [one["outcome"] for one in outcomes[:5]] == ["created", *["error"] * 4]
    assert "must be text" in outcomes[1]["errors"][0]["reason"]
    assert str(RecurringPayment.objects.get(store_recurring_payment_id="exact").payment_amount) == "12345678901.1234"


def test_rows_are_not_kept_once_they_are_applied(plugin: Plugin) -> None:
    sent(plugin)
    call_command("drain")
    assert set(BatchSlice.objects.values_list("rows", flat=True)) == {""}


def test_another_shop_cannot_follow_it(plugin: Plugin, other: Plugin, account: Plugin) -> None:
    told = sent(plugin).json()
    assert other.get(f"/batches/{told['id']}").status_code == 404
    assert account.get(f"/batches/{told['id']}").status_code == 200


def test_suppressed_automations_stay_suppressed(plugin: Plugin) -> None:
    plugin.bulk(*rows(), query="?suppressAutomations=true")
    call_command("drain")
    assert not Change.objects.filter(announce=True).exists()


def test_as_of_is_the_moment_at_which_the_batch_came(plugin: Plugin) -> None:
    sent(plugin)
    plugin.bulk(row("sub_0", name="Tea"))
    call_command("drain")
    assert RecurringPayment.objects.get(store_recurring_payment_id="sub_0").name == "Tea"


def test_so_many_rows_are_not_tried_without_writing(plugin: Plugin) -> None:
    assert plugin.bulk(*rows(), query="?dryRun=true").status_code == 400
    assert not Batch.objects.exists()


# Killed, and run again


def test_a_batch_whose_worker_is_killed_goes_on_where_it_stopped(
    shop_connection: Any, transactional_db: None, tmp_path: Path
) -> None:
    plugin = Plugin(shop_connection)
    told = sent(plugin, rows(8000)).json()
    with running(*MANAGE, "drain", log=tmp_path / "log") as process:
        until(lambda: RecurringPayment.objects.exists())
        kill(process)
    batch = Batch.objects.get()
    done = sum(batches.counts(batch).values())
    assert batch.state == "running"
    assert 0 < done < 8000
    assert RecurringPayment.objects.count() == batches.counts(batch)["created"]
    claims_run_out()
    again = finished(*MANAGE, "drain")
    assert again.returncode == 0, again.stderr
    outcomes = followed(plugin, told["id"])
    assert [one["index"] for one in outcomes] == list(range(8000))
    assert {one["outcome"] for one in outcomes} == {"created", "error"}
    assert Change.objects.count() == RecurringPayment.objects.count() == 7920


def test_while_the_claim_of_a_dead_process_lasts_nobody_else_works(plugin: Plugin) -> None:
    sent(plugin)
    in_an_hour = timezone.now() + timedelta(hours=1)
    Batch.objects.update(state="running", claim="of the dead", claimed_until=in_an_hour)
    assert batches.abandoned() == []
    assert batches.run(Batch.objects.get().pk).state == "running"
    assert not RecurringPayment.objects.exists()
    claims_run_out()
    assert batches.run(Batch.objects.get().pk).state == "finished"


def test_of_several_processes_one_works(shop_connection: Any, transactional_db: None) -> None:
    batch_id = sent(Plugin(shop_connection)).json()["id"]

    def work() -> None:
        batches.run(batch_id)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Batch.objects.get().state == "finished"
    assert Change.objects.count() == SIZE - 12


def test_a_process_that_lost_its_claim_leaves_the_batch_to_the_other(
    plugin: Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(plugin)

    def apply(*args: Any, **options: Any) -> Any:
        outcomes = apply_records(*args, **options)
        Batch.objects.update(claim="of another")
        return outcomes

    monkeypatch.setattr(writing, "apply_records", apply)
    left = batches.run(Batch.objects.get().pk)
    assert (left.state, left.claim) == ("running", "of another")
    assert RecurringPayment.objects.count() <= 500


def test_a_turn_ends_after_a_slice(plugin: Plugin) -> None:
    sent(plugin)
    batch_id = Batch.objects.get().pk
    for done in (500, 1000):
        assert batches.run(batch_id, seconds=0).state == "running"
        assert sum(batches.counts(Batch.objects.get()).values()) == done
    batches.run(batch_id, seconds=0)
    assert batches.run(batch_id, seconds=0).state == "finished"


# Trouble on our side


def failing(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let the database fail that many times."""
    left = iter(range(times))

    def apply(*args: Any, **options: Any) -> Any:
        if next(left, None) is not None:
            raise OperationalError("database is locked")
        return apply_records(*args, **options)

    monkeypatch.setattr(writing, "apply_records", apply)


def test_a_fault_of_ours_is_tried_again_later(plugin: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, 2)
    sent(plugin)
    batch_id = Batch.objects.get().pk
    for failures in (1, 2):
        left = batches.run(batch_id)
        assert (left.failures, left.claimed_until > timezone.now()) == (failures, True)
        claims_run_out()
    done = batches.run(batch_id)
    assert (done.state, done.failures, batches.counts(done)["created"]) == ("finished", 0, SIZE - 12)


def test_one_row_that_cannot_be_applied_sinks_no_other(plugin: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    def apply(store: Any, records: Any, **options: Any) -> Any:
        records = list(records)
        if any(record.id == "sub_3" for record in records):
            raise OperationalError("poison")
        return apply_records(store, records, **options)

    monkeypatch.setattr(writing, "apply_records", apply)
    told = sent(plugin).json()
    while Batch.objects.get().state != "finished":
        batches.run(told["id"])
        claims_run_out()
    outcomes = followed(plugin, told["id"])
    assert outcomes[3]["errors"] == [{"path": "", "reason": "could not be stored, by a fault on our side"}]
    assert [one["outcome"] for one in outcomes].count("created") == SIZE - 13


def test_a_store_that_is_cut_off_meanwhile_gets_nothing(plugin: Plugin, account: Plugin) -> None:
    told = {"legacyConnectionId": plugin.connection.store_id, "storeRecurringPaymentId": "a"}  # type: ignore[union-attr]
    elsewhere = Plugin(None)
    batch = batches.accept(elsewhere.key, None, [(told["legacyConnectionId"], True, row("a"))])
    plugin.connection.delete()  # type: ignore[union-attr]
    batches.run(batch.pk)
    [outcome] = batches.outcomes(batch, start=0, limit=10)
    assert outcome["errors"][0]["path"] == "legacy_connection_id"


def test_the_sweep_finds_what_no_bell_announced_and_throws_old_ones_away(
    plugin: Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr(tasks.run_batch, "apply_async", lambda args, **_: woken.append(args[0]))
    told = sent(plugin).json()
    tasks.sweep()
    assert woken == []
    Batch.objects.update(claimed_until=timezone.now() - timedelta(seconds=tasks.LOST))
    tasks.sweep()
    assert woken == [told["id"]]
    tasks.run_batch(told["id"])
    assert Batch.objects.get().state == "finished"
    Batch.objects.update(finished_at=timezone.now() - timedelta(days=30))
    tasks.sweep()
    assert not BatchSlice.objects.exists()
