"""Direct campaigns: filling the queue for many people, in how much memory, and sending."""

import resource
import signal
import subprocess
import sys
import time
from multiprocessing import Pipe, Process
from typing import Any

from django.db import connection
from django.db.models import Count, Max
from django.utils import timezone

from tests.benchmarks.figures import Figure
from tests.contacts.mail_server import mail_server

# Both are more than what SQLite keeps of a file in memory, 32 MB, so that it does not count as growth.
FEW, MANY = 50_000, 200_000
SENT = 2_000


def measure(database: str, quick: bool) -> None:
    """Measure all of it."""
    few, many = (FEW // 25, MANY // 25) if quick else (FEW, MANY)
    small, large = _apart("filling", few), _apart("filling", many)
    Figure(
        name="mailing_memory",
        database=database,
        value=large["memory"],
        unit="MB",
        yardstick=f"what a campaign to {few:,} people takes, {small['memory']:.0f} MB; this one goes to {many:,}",
        ratio=large["memory"] / small["memory"],
        goal=1.1,
        more_is_better=False,
    ).emit()
    Figure(
        name="mailing_filling",
        database=database,
        value=large["rate"],
        unit="people a second",
        yardstick="2,000 people a second",
        ratio=large["rate"] / 2_000,
        goal=1.0,
    ).emit()
    sent = _apart("sending", SENT // 10 if quick else SENT)
    Figure(
        name="mailing_sending",
        database=database,
        value=sent["rate"],
        unit="a second",
        yardstick="100 a second and process, each claimed, written, handed over and noted, to a mail server here",
        ratio=sent["rate"] / 100,
        goal=1.0,
    ).emit()


def _apart(what: str, size: int) -> dict[str, float]:
    """Do it in a process of its own; return its rate, and in MB what memory it took at most."""
    command = [sys.executable, "-m", "tests.benchmarks.mailings", what, str(size)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    rate, memory = answer.stdout.split()[-2:]
    return {"rate": float(rate), "memory": float(memory)}


def main(what: str, size: int) -> None:
    """Make the people and the campaign, do it, and print the rate and the memory."""
    import django

    django.setup()
    mailing = _planned(size)
    started = time.perf_counter()
    _filled(mailing, size)
    seconds = time.perf_counter() - started
    if what == "sending":
        seconds = _sent(mailing, size)
    print(size / seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _planned(size: int) -> Any:
    """Make so many people on a list, a thousand at a time, and plan a campaign for them."""
    from automations.campaigns import keeping
    from automations.mailings import planning
    from automations.models import Campaign, Mailing, Message, Sender
    from automations.names import free_name
    from contacts.models import Contact, ContactList, Standing
    from tests.benchmarks.applying import empty

    for model in (Message, Mailing.lists.through, Mailing, Standing):
        # nothing hangs on them, and to look for that would take more memory than what is measured
        model._default_manager.all()._raw_delete("default")
    empty()
    made = ContactList.objects.create(name=free_name("Bench", ContactList))
    now = timezone.now()
    for start in range(0, size, 1000):
        names = [f"m{made.pk}-{number}@example.com" for number in range(start, min(start + 1000, size))]
        people = Contact.objects.bulk_create([Contact(email=one, email_key=one) for one in names])
        Standing.objects.bulk_create(
            Standing(contact=one, contact_list=made, state="subscribed", source="bench", changed_at=now)
            for one in people
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    Sender.objects.update_or_create(pk=1, defaults={"per_minute": 1_000_000})
    draft = {"subject": "News for {{ contact.first_name | default: 'you' }}", "body": "<p>Text</p>" * 50}
    campaign = keeping.create(name=free_name("Bench", Campaign), kind="direct", draft=draft)
    return planning.plan(campaign, planning.Plan(lists=[made.pk]), confirmed=size)


def _filled(mailing: Any, size: int) -> None:
    from automations.mailings import filling

    filling.work(seconds=3600)
    mailing.refresh_from_db()
    assert (mailing.is_filled, mailing.messages.count()) == (True, size)


def _sent(mailing: Any, size: int) -> float:
    """Send it, and return how many seconds that took."""
    from django.conf import settings

    from automations import sending

    here, there = Pipe()
    server = Process(target=_serve, args=(there,))
    server.start()  # a process of its own, as mail servers are
    try:
        settings.MAILERS = here.recv()
        started = timezone.now()
        sending.send(seconds=3600)
    finally:
        server.terminate()
        server.join()
    sent = mailing.messages.filter(state="sent").aggregate(count=Count("pk"), last=Max("finished_at"))
    assert sent["count"] == size
    return float((sent["last"] - started).total_seconds())  # without the bell behind it, which nobody hears here


def _serve(tell: Any) -> None:
    with mail_server() as server:
        tell.send(server.mailers)
        signal.pause()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
