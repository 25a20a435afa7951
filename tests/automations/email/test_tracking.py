"""Opens and clicks: measured of whom that may be, each once, whoever dies in between; and nobody is led astray."""

import os
import resource
import signal
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from automations.email import addresses, kept
from automations.email.tracking import hits, keeping
from automations.email.tracking.hits import CLICKED, OPENED, Hit
from automations.email.tracking.spool import Spool
from automations.models import Engagement, Message
from contacts.models import Contact
from subscriptions.models import Store
from tests.automations.flows import go, pay, publish
from tests.automations.forks import ended, forked
from tests.automations.mails import mail, send
from tests.contacts.mail_server import MailServer

pytestmark = pytest.mark.django_db
READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0"}
TARGET = "https://shop.example/pay?a=1&b=%20ü#part"


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spool:
    """A spool of the test's own, which nothing drains by itself."""
    made = Spool(tmp_path / "hits")
    monkeypatch.setattr(keeping, "_spool", made)
    monkeypatch.setattr(keeping, "_start", lambda: None)
    return made


@pytest.fixture
def message(store: Store, post: MailServer) -> Message:
    """An e-mail with a link that Ada got a while ago."""
    publish(mail(body=f'<p>Hello</p><p><a href="{TARGET.replace("&", "&amp;")}">Pay</a></p>', text=""))
    pay(store)
    go()
    send()
    Message.objects.update(finished_at=timezone.now() - timezone.timedelta(minutes=5))
    return Message.objects.get()


def opened(message: Message) -> str:
    return f"/e/o/{addresses.token(addresses.OPEN, message.number)}.gif"


def clicked(message: Message, target: str = TARGET) -> str:
    return f"/e/c/{addresses.token(addresses.CLICK, message.number, target)}"


def told() -> list[tuple[str, bool]]:
    keeping.drain()
    return list(Engagement.objects.order_by("at").values_list("kind", "is_machine"))


def test_what_is_sent_has_a_picture_and_links_that_lead_back(message: Message, post: MailServer) -> None:
    html = post.inbox[0].get_body(("html",)).get_content()
    assert opened(message) in html
    assert clicked(message) in html
    assert TARGET not in html


def test_an_open_and_a_click_are_noted_each_time(client: Client, message: Message, spool: Spool) -> None:
    picture = client.get(opened(message), headers=READER)
    assert (picture.status_code, picture["Content-Type"], "no-store" in picture["Cache-Control"]) == (
        200,
        "image/gif",
        True,
    )
    for _time in range(2):
        answer = client.get(clicked(message), headers=READER)
        assert (answer.status_code, answer["Location"]) == (302, "https://shop.example/pay?a=1&b=%20%C3%BC#part")
    assert told() == [("opened", False), ("clicked", False), ("clicked", False)]
    assert set(Engagement.objects.values_list("target", flat=True)) == {"", TARGET}
    assert (
        list(spool.folder.glob("*.hits")) == [] or sum(one.stat().st_size for one in spool.folder.glob("*.hits")) == 0
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda address: address[:-4],
        lambda address: f"{address}AAAA",
        lambda address: address + "x" * 9000,
        lambda _address: "/e/c/" + "A" * 80,
    ],
)
def test_a_target_that_was_changed_leads_nowhere(client: Client, message: Message, spool: Spool, change: Any) -> None:
    answer = client.get(change(clicked(message)), headers=READER)
    assert answer.status_code == 404
    assert "Location" not in answer
    assert told() == []


def test_there_is_no_way_to_name_a_target_oneself(client: Client, message: Message, spool: Spool) -> None:
    answer = client.get(clicked(message) + "?url=https://evil.example&next=//evil.example", headers=READER)
    assert answer["Location"].startswith("https://shop.example/")
    scheme = client.get(clicked(message, "javascript:alert(1)"), headers=READER)
    assert scheme.status_code == 404


def test_a_picture_for_a_token_of_nobody_looks_the_same(client: Client, message: Message, spool: Spool) -> None:
    good, bad = client.get(opened(message), headers=READER), client.get("/e/o/x.gif", headers=READER)
    assert good.headers.pop("X-Request-ID") != bad.headers.pop("X-Request-ID")  # each answer has a number of its own
    assert (good.status_code, good.content, good.headers) == (bad.status_code, bad.content, bad.headers)
    gone = f"/e/o/{addresses.token(addresses.OPEN, uuid.uuid4())}.gif"
    assert client.get(gone, headers=READER).content == good.content
    assert told() == [("opened", False)]


@pytest.mark.parametrize(
    ("headers", "is_machine"),
    [
        (READER, False),
        (
            {"User-Agent": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"},
            False,
        ),
        ({"User-Agent": "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"}, False),
        ({"User-Agent": "Mozilla/5.0"}, True),
        ({"User-Agent": ""}, True),
        ({}, True),
        ({"User-Agent": "curl/8.1"}, True),
        ({"User-Agent": "Mozilla/5.0 (compatible; Barracuda Sentinel (EE))"}, True),
        (READER | {"Sec-Purpose": "prefetch;prerender"}, True),
        (READER | {"X-Moz": "prefetch"}, True),
    ],
)
def test_programs_that_look_before_people_do_are_told_apart(headers: dict[str, str], is_machine: bool) -> None:
    meta = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    assert hits.is_machine(meta) is is_machine


def test_what_comes_in_the_very_moment_of_sending_is_no_person(client: Client, message: Message, spool: Spool) -> None:
    Message.objects.update(finished_at=timezone.now())
    client.get(opened(message), headers=READER)
    client.head(clicked(message), headers=READER)
    assert told() == [("opened", True)]


@pytest.mark.parametrize("measured", [{"opens": False}, {"clicks": False}])
def test_a_campaign_may_measure_nothing(store: Store, post: MailServer, measured: dict[str, bool]) -> None:
    publish(mail(body=f'<p><a href="{TARGET.replace("&", "&amp;")}">Pay</a></p>', text="", **measured))
    pay(store)
    go()
    send()
    html = post.inbox[0].get_body(("html",)).get_content()
    assert ("/e/o/" in html, "/e/c/" in html) == ("opens" not in measured, "clicks" not in measured)


def test_of_who_does_not_want_it_nothing_is_measured(
    client: Client, store: Store, post: MailServer, message: Message, spool: Spool
) -> None:
    Contact.objects.update(is_measured=False)
    client.get(opened(message), headers=READER)
    client.get(clicked(message), headers=READER)
    assert told() == []
    pay(store, sub="sub_2")
    go()
    send()
    html = post.inbox[-1].get_body(("html",)).get_content()
    assert ("/e/o/" in html, "/e/c/" in html) == (False, False)


def test_what_somebody_on_the_team_looks_at_measures_nobody(message: Message) -> None:
    html, _text = kept.shown(message)
    assert ("/e/o/" in html, "/e/c/" in html) == (False, False)
    assert TARGET.replace("&", "&amp;") in html


def test_hits_go_with_the_person(client: Client, message: Message, spool: Spool) -> None:
    client.get(opened(message), headers=READER)
    assert told() == [("opened", False)]
    Contact.objects.all().delete()
    assert not Engagement.objects.exists()


def hit(message: Message, kind: str = OPENED) -> Hit:
    return Hit(message=message.number, kind=kind, target=TARGET if kind == CLICKED else "")


@pytest.mark.django_db(transaction=True)
def test_none_is_lost_when_the_web_is_killed(message: Message, tmp_path: Path) -> None:
    folder = tmp_path / "hits"

    def work() -> None:
        spool = Spool(folder)
        for _time in range(500):
            spool.write(hit(message))
        os.kill(os.getpid(), signal.SIGKILL)

    assert ended(forked(work)) == -signal.SIGKILL
    assert Spool(folder).drain(keeping.keep) == 500
    assert Engagement.objects.count() == 500


@pytest.mark.django_db(transaction=True)
def test_none_is_lost_or_written_twice_when_who_drains_is_killed(message: Message, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "hits")
    for _time in range(2_500):
        spool.write(hit(message))
    spool.turn()

    def drain() -> None:
        def keep(batch: list[Hit]) -> None:
            keeping.keep(batch)
            os.kill(os.getpid(), signal.SIGKILL)

        Spool(tmp_path / "hits").drain(keep)

    assert ended(forked(drain)) == -signal.SIGKILL
    assert Engagement.objects.count() == 1_000
    assert spool.drain(keeping.keep) == 2_500
    assert Engagement.objects.count() == 2_500


def test_a_file_that_is_being_written_is_left_alone(message: Message, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "hits")
    spool.write(hit(message))
    assert Spool(tmp_path / "hits").drain(keeping.keep) == 0
    spool.turn()
    spool.write(hit(message))
    assert Spool(tmp_path / "hits").drain(keeping.keep) == 1


def test_a_line_that_was_cut_off_harms_no_other(message: Message, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "hits")
    spool.write(hit(message))
    [path] = (tmp_path / "hits").glob("*.hits")
    with path.open("ab") as file:
        file.write(b'["0b9a65e9\n\xff\n{}\n[1]\n')
    spool.write(hit(message, CLICKED))
    spool.turn()
    assert spool.drain(keeping.keep) == 2


def test_of_one_for_which_only_half_has_room_nothing_is_written_and_somebody_is_told(
    message: Message, tmp_path: Path
) -> None:
    spool = Spool(tmp_path / "hits")
    spool.write(hit(message))
    [file] = (tmp_path / "hits").glob("*.hits")
    whole, limits = file.stat().st_size, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (whole + 10, limits[1]))
    try:
        with pytest.raises(OSError):
            spool.write(hit(message))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert file.stat().st_size == whole
    spool.write(hit(message))
    os.close(spool.handle)
    assert Spool(tmp_path / "hits").drain(lambda found: None) == 2


def test_a_database_that_is_away_leaves_them_in_the_spool(message: Message, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "hits")
    spool.write(hit(message))
    spool.turn()

    def refuse(_hits: list[Hit]) -> None:
        raise DatabaseError

    with pytest.raises(DatabaseError):
        spool.drain(refuse)
    assert spool.drain(keeping.keep) == 1


def test_a_disk_that_takes_nothing_leaves_them_to_the_database(
    message: Message, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(keeping, "_spool", Spool(tmp_path / "file"))
    monkeypatch.setattr(keeping, "_start", lambda: None)
    keeping.take(hit(message))
    assert Engagement.objects.count() == 1
