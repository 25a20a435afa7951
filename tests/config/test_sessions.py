"""Sessions end: by themselves, when something changes about who may do what, and when somebody says so."""

import runpy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.audit.models import Entry
from config.sessions import lifetime, listing
from config.sessions.models import Session
from config.two_factor import factors
from tests.config.test_two_factor import HOME, LOGIN, PASSWORD, code_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


@pytest.fixture
def grace() -> User:
    person = User.objects.create_user("grace", password=PASSWORD, is_staff=True)
    person.groups.set([Group.objects.get(name="Marketer")])
    return person


@pytest.fixture
def root() -> Client:
    return signed_in(User.objects.create_superuser("root", password=PASSWORD))


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def is_out(browser: Client) -> bool:
    answer = browser.get(HOME)
    return answer.status_code == 302 and answer.url.startswith(LOGIN)


def edited(person: User, **changes: Any) -> dict[str, Any]:
    """What the member's form sends."""
    joined = timezone.localtime(person.date_joined)
    form = {
        "username": person.username,
        "is_active": "on",
        "is_staff": "on",
        "groups": [g.pk for g in person.groups.all()],
    }
    form |= {"date_joined_0": f"{joined:%Y-%m-%d}", "date_joined_1": f"{joined:%H:%M:%S}"}
    return {name: value for name, value in (form | changes).items() if value is not None}


CHANGES = {
    "deactivating them": lambda person: {"is_active": None},
    "another role": lambda person: {"groups": [Group.objects.get(name="Viewer").pk]},
    "no longer of the team": lambda person: {"is_staff": None},
    "more than a role gives": lambda person: {"is_superuser": "on"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_a_member_may_do_ends_their_sessions(grace, root, change: str) -> None:
    old = signed_in(grace)
    answer = root.post(reverse("admin:auth_user_change", args=[grace.pk]), edited(grace, **CHANGES[change](grace)))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert not Session.objects.filter(member=grace).exists()
    assert is_out(old)


def test_a_change_of_the_name_alone_ends_nothing(grace, root) -> None:
    old = signed_in(grace)
    root.post(reverse("admin:auth_user_change", args=[grace.pk]), edited(grace, first_name="Grace"))
    grace.refresh_from_db()
    assert grace.first_name == "Grace"
    assert not is_out(old)


def test_an_administrator_who_changes_themselves_stays_signed_in(root) -> None:
    me = User.objects.get(username="root")
    elsewhere = signed_in(me)
    root.post(reverse("admin:auth_user_change", args=[me.pk]), edited(me, is_superuser="on", groups=[1]))
    assert is_out(elsewhere)
    assert not is_out(root)


def test_reactivating_brings_no_session_back(grace, root) -> None:
    old = signed_in(grace)
    page = reverse("admin:auth_user_change", args=[grace.pk])
    root.post(page, edited(grace, is_active=None))
    root.post(page, edited(grace))
    grace.refresh_from_db()
    assert grace.is_active
    assert is_out(old)


def test_switching_two_factors_on_and_off_ends_what_is_open_elsewhere(grace) -> None:
    own, old = signed_in(grace), signed_in(grace)
    factors.start(grace)
    own.post(reverse("two_factor_confirm"), {"passcode": code_of(grace, -1)})
    assert is_out(old)
    assert not is_out(own)
    older = signed_in(grace)
    own.post(reverse("two_factor_off"), {"password": PASSWORD, "passcode": code_of(grace)})
    assert is_out(older)
    assert not is_out(own)


def test_signing_out_everywhere_else(grace) -> None:
    own, others, somebody = (
        signed_in(grace),
        [signed_in(grace) for _ in range(2)],
        signed_in(User.objects.create_superuser("root")),
    )
    answer = own.post(reverse("sign_out_elsewhere"), follow=True)
    assert "2 other sessions were ended." in answer.content.decode()
    assert [is_out(one) for one in (*others, own, somebody)] == [True, True, False, False]


LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML) Version/18.0 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML) Chrome/140.0 Safari/537.36 Edg/140.0"


def at(person: User, agent: str) -> Client:
    browser = Client(headers={"User-Agent": agent})
    browser.post(LOGIN, {"username": person.username, "password": PASSWORD})
    return browser


def sessions_of(browser: Client) -> list[listing.Shown]:
    return list(browser.get(reverse("account")).context["sessions"])


def test_a_member_sees_where_they_are_signed_in_and_ends_one_of_them(grace) -> None:
    own, phone, office = at(grace, LINUX), at(grace, IPHONE), at(grace, EDGE)
    phone.get(HOME)
    shown = sessions_of(own)
    assert [(str(one.device), one.is_this) for one in shown] == [
        ("Firefox on Linux", True),
        ("Edge on Windows", False),
        ("Safari on iPhone", False),
    ]
    answer = own.post(reverse("sign_out_one", args=[shown[2].name]), follow=True)
    assert "That session was ended." in answer.content.decode()
    assert [is_out(one) for one in (own, phone, office)] == [False, True, False]
    assert len(sessions_of(own)) == 2
    assert Entry.objects.get(action="sessions.ended").object_id == str(grace.pk)


def test_nobody_ends_the_session_that_they_ask_from_or_one_of_somebody_else(grace) -> None:
    own, other = at(grace, LINUX), at(User.objects.create_superuser("root", password=PASSWORD), EDGE)
    for one in (*sessions_of(own), *sessions_of(other)):
        own.post(reverse("sign_out_one", args=[one.name]))
    assert not is_out(own)
    assert not is_out(other)
    assert not Entry.objects.filter(action="sessions.ended").exists()


def test_what_is_over_is_not_shown_and_no_page_tells_a_key(grace, settings) -> None:
    own, idle, over = (at(grace, LINUX) for _ in range(3))
    seen = timezone.now() - timedelta(minutes=settings.SESSION_IDLE_MINUTES + 1)
    Session.objects.filter(pk=idle.session.session_key).update(seen_at=seen)
    Session.objects.filter(pk=over.session.session_key).update(expire_date=timezone.now())
    page = own.get(reverse("account"))
    assert len(page.context["sessions"]) == 1
    assert own.session.session_key not in page.content.decode()
    assert reverse("sign_out_elsewhere") not in page.content.decode()  # there is no elsewhere


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("", "A browser that does not say which"),
        ("curl/8.0", "A browser that does not say which"),
        ("Something (Linux; Android 15)", "Android"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) FxiOS/140.0 Safari/604.1", "Firefox on iPad"),
        ("<script>Firefox/1</script>" * 40, "Firefox"),
    ],
)
def test_a_browser_may_call_itself_anything(grace, agent: str, name: str) -> None:
    page = at(grace, agent).get(reverse("account"))
    assert str(page.context["sessions"][0].device) == name
    assert "<script>Firefox" not in page.content.decode()


def test_a_session_from_before_this_was_kept_is_shown_too(grace) -> None:
    own, old = at(grace, LINUX), at(grace, EDGE)
    session = old.session
    del session["begun"]
    session.save()
    assert [(str(one.device), one.began_at) for one in sessions_of(own)][1:] == [
        ("A browser that does not say which", None)
    ]


def test_a_request_that_runs_meanwhile_brings_no_session_back(grace) -> None:
    browser = signed_in(grace)
    request = HttpRequest()
    request.session = browser.session
    assert request.session["_auth_user_id"] == str(grace.pk)  # it has read its session
    lifetime.end(grace)
    request.session["later"] = 1
    with pytest.raises(UpdateError):
        request.session.save()
    assert is_out(browser)


def test_deleting_a_member_deletes_their_sessions(grace) -> None:
    signed_in(grace)
    grace.delete()
    assert not Session.objects.exists()


# ---- by themselves


def test_a_session_ends_when_nobody_uses_it(grace, settings) -> None:
    settings.SESSION_IDLE_MINUTES = 30
    browser = signed_in(grace)
    Session.objects.update(seen_at=timezone.now() - timedelta(minutes=29))
    assert not is_out(browser)
    assert Session.objects.get().seen_at > timezone.now() - timedelta(minutes=1)
    Session.objects.update(seen_at=timezone.now() - timedelta(minutes=31))
    assert is_out(browser)


def test_a_session_ends_however_much_it_is_used(grace, settings) -> None:
    settings.SESSION_HOURS = 8
    browser = signed_in(grace)
    ends = Session.objects.get().expire_date
    assert timedelta(hours=7, minutes=59) < ends - timezone.now() <= timedelta(hours=8)
    browser.post(reverse("sign_out_elsewhere"))  # which writes a message into the session, as pages do
    assert Session.objects.get().expire_date == ends
    Session.objects.update(expire_date=timezone.now())
    assert is_out(browser)


def test_a_page_that_only_looks_does_not_write_each_time(grace) -> None:
    browser = signed_in(grace)
    seen = Session.objects.get().seen_at
    browser.get(HOME)
    assert Session.objects.get().seen_at == seen


def test_what_is_over_is_thrown_away(grace, settings) -> None:
    kept, idle, old = (signed_in(grace).session.session_key for _ in range(3))
    Session.objects.filter(pk=idle).update(
        seen_at=timezone.now() - timedelta(minutes=settings.SESSION_IDLE_MINUTES + 1)
    )
    Session.objects.filter(pk=old).update(expire_date=timezone.now() - timedelta(seconds=1))
    lifetime.sweep()
    assert [*Session.objects.values_list("pk", flat=True)] == [kept]


def test_signing_in_changes_the_key_of_the_session(grace) -> None:
    browser = Client()
    session = browser.session
    session["planted"] = 1
    session.save()
    browser.cookies["sessionid"] = session.session_key
    browser.post(LOGIN, {"username": "grace", "password": PASSWORD})
    assert browser.cookies["sessionid"].value != session.session_key
    assert not is_out(browser)


def test_the_cookie_is_for_no_script_and_no_other_site(grace) -> None:
    browser = Client()
    browser.post(LOGIN, {"username": "grace", "password": PASSWORD})
    cookie = browser.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert int(cookie["max-age"]) <= 12 * 3600


def test_over_https_cookies_are_of_this_very_host_and_never_sent_in_the_clear(monkeypatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://pay.example.com")
    told = runpy.run_path(str(ROOT / "config" / "settings.py"))
    names = [told[f"{one}_COOKIE_NAME"] for one in ("SESSION", "CSRF", "LANGUAGE")]
    assert names == ["__Host-sessionid", "__Host-csrftoken", "__Host-language"]
    assert told["SESSION_COOKIE_SECURE"] and told["CSRF_COOKIE_SECURE"] and told["LANGUAGE_COOKIE_SECURE"]
    # what a browser asks of a cookie of such a name
    more = {f"{one}_COOKIE_{what}" for one in ("SESSION", "CSRF", "LANGUAGE") for what in ("DOMAIN", "PATH")}
    assert not more & told.keys()
