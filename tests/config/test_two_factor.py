"""Signing in with two factors: a code that counts once, codes that are put away, and roles that must."""

import time

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from config.audit.models import Entry
from config.audit.sentences import sentence
from config.limits.models import Allowance
from config.two_factor import codes, factors, required, second_step
from config.two_factor.models import Authenticator, RecoveryCode
from tests.config import matrix
from tests.people import member

pytestmark = pytest.mark.django_db
LOGIN, CODE, HOME = "/admin/login/", "/admin/login/code/", "/admin/contacts/contact/"
PASSWORD = "correct horse"


@pytest.fixture
def grace() -> User:
    return User.objects.create_superuser("grace", password=PASSWORD)


@pytest.fixture
def put_away(grace: User) -> list[str]:
    """Two-factor sign-in is on; the codes that were shown once."""
    factors.start(grace)
    return factors.confirm(grace, code_of(grace, -1))


def code_of(who: User, steps: int = 0) -> str:
    """What the app shows now, or showed or will show some steps away."""
    return codes.at_step(Authenticator.objects.get(member=who).secret, int(time.time() // codes.STEP) + steps)


def half_signed_in(query: str = "") -> Client:
    browser = Client()
    answer = browser.post(LOGIN + query, {"username": "grace", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, CODE)
    return browser


def is_in(browser: Client) -> bool:
    return browser.get(HOME).status_code == 200


def news() -> list[str]:
    return [sentence(entry) for entry in Entry.objects.order_by("pk")]


# ---- the codes themselves


@pytest.mark.parametrize(
    ("at", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B
    assert codes.at_step(secret, at // codes.STEP) == code
    assert codes.step_of(secret, code, at=at) == at // codes.STEP


@pytest.mark.parametrize(("away", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_wrong(away: int, counts: bool) -> None:
    secret, at = codes.new_secret(), 1_800_000_015
    assert (codes.step_of(secret, codes.at_step(secret, at // 30 + away), at=at) is not None) is counts


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "\0", "0" * 10_000])
def test_nonsense_is_no_code(typed: str) -> None:
    assert codes.step_of(codes.new_secret(), typed, at=1_800_000_000) is None


# ---- signing in


def test_a_right_password_alone_opens_nothing(put_away) -> None:
    browser = half_signed_in()
    assert not is_in(browser)
    assert "_auth_user_id" not in browser.session


def test_the_code_opens_and_leads_where_one_wanted_to_go(grace, put_away) -> None:
    browser = half_signed_in(f"?next={HOME}")
    before = browser.session.session_key
    answer = browser.post(CODE, {"passcode": code_of(grace)})
    assert (answer.status_code, answer.url) == (302, HOME)
    assert is_in(browser)
    assert browser.session.session_key != before


def test_it_leads_to_no_other_site(grace, put_away) -> None:
    browser = half_signed_in("?next=https://evil.example/")
    assert browser.post(CODE, {"passcode": code_of(grace)}).url == "/"


def test_a_code_counts_once(grace, put_away) -> None:
    code = code_of(grace)
    assert half_signed_in().post(CODE, {"passcode": code}).status_code == 302
    again = half_signed_in()
    assert again.post(CODE, {"passcode": code}).status_code == 422
    assert not is_in(again)


def test_a_code_from_before_one_that_counted_counts_no_longer(grace, put_away) -> None:
    assert factors.accept(grace, code_of(grace, 1)) == "app"
    assert factors.accept(grace, code_of(grace)) == ""


def test_a_recovery_code_counts_once_however_it_is_typed(grace, put_away) -> None:
    typed = put_away[0].upper().replace("-", " ")
    browser = half_signed_in()
    assert browser.post(CODE, {"passcode": typed}).status_code == 302
    assert is_in(browser)
    assert half_signed_in().post(CODE, {"passcode": typed}).status_code == 422
    assert "grace signed in with a recovery code; 9 are left" in news()


def test_many_tries_are_slowed_down_even_with_the_right_code_and_from_elsewhere(grace, put_away) -> None:
    tries = [half_signed_in().post(CODE, {"passcode": "000000"}).status_code for _ in range(6)]
    assert tries == [422] * 5 + [429]
    answer = half_signed_in().post(CODE, {"passcode": code_of(grace)}, REMOTE_ADDR="198.51.100.7")
    assert (answer.status_code, answer["Retry-After"]) == (429, "180")
    Allowance.objects.update(full_at=0)
    assert half_signed_in().post(CODE, {"passcode": code_of(grace)}).status_code == 302
    assert "Somebody knew the password of grace and gave a wrong code" in news()


def test_the_second_page_is_for_nobody_whose_password_was_not_right_just_now(grace, put_away, monkeypatch) -> None:
    assert Client().get(CODE).url == LOGIN
    late = half_signed_in()
    monkeypatch.setattr(second_step, "PATIENCE", 0)
    assert late.post(CODE, {"passcode": code_of(grace)}).url == LOGIN
    assert not is_in(late)


@pytest.mark.parametrize("change", ["password", "is_active"])
def test_whoever_is_shut_out_in_between_stays_out(grace, put_away, change: str) -> None:
    browser = half_signed_in()
    if change == "password":
        grace.set_password("battery staple")
    else:
        grace.is_active = False
    grace.save()
    assert browser.post(CODE, {"passcode": code_of(grace)}).url == LOGIN
    assert not is_in(browser)


def test_what_is_kept_opens_nothing(put_away) -> None:
    secret = Authenticator.objects.get().secret
    raw = [*Authenticator.objects.extra(select={"kept": "secret"}).values_list("kept", flat=True)]
    assert secret not in raw[0]
    digests = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert len(digests) == codes.RECOVERY_CODES
    assert not digests & set(put_away)


# ---- one's own account


@pytest.fixture
def browser(grace: User) -> Client:
    client = Client()
    client.force_login(grace)
    return client


def test_setting_it_up_by_the_page(grace, browser) -> None:
    account = reverse("account")
    assert f'href="{account}"' in browser.get(HOME).content.decode()  # in the menu below one's name
    assert browser.post(reverse("two_factor_start"), {"password": "wrong"}).status_code == 422
    assert Authenticator.objects.count() == 0
    assert browser.post(reverse("two_factor_start"), {"password": PASSWORD}).url == account
    secret = Authenticator.objects.get().secret
    page = browser.get(account).content.decode()
    assert secret in page
    assert "data:image/svg+xml" in page
    assert not factors.is_on(grace)
    assert browser.post(reverse("two_factor_confirm"), {"passcode": "000000"}).status_code == 422
    answer = browser.post(reverse("two_factor_confirm"), {"passcode": code_of(grace)})
    shown = answer.context["codes"]
    assert all(code in answer.content.decode() for code in shown)
    assert "no-store" in answer["Cache-Control"]
    assert factors.is_on(grace)
    later = browser.get(account).content.decode()
    assert secret not in later
    assert not any(code in later for code in shown)
    assert "grace switched two-factor sign-in on for grace" in news()


def test_new_recovery_codes_replace_the_old_ones(grace, put_away, browser) -> None:
    assert browser.post(reverse("two_factor_codes"), {"passcode": "000000"}).status_code == 422
    fresh = browser.post(reverse("two_factor_codes"), {"passcode": code_of(grace)}).context["codes"]
    assert factors.accept(grace, put_away[0]) == ""
    assert factors.accept(grace, fresh[0]) == "recovery"


@pytest.mark.parametrize(("password", "code"), [("wrong", None), (PASSWORD, "000000")])
def test_switching_off_takes_the_password_and_a_code(grace, put_away, browser, password, code) -> None:
    sent = {"password": password, "passcode": code or code_of(grace)}
    assert browser.post(reverse("two_factor_off"), sent).status_code == 422
    assert factors.is_on(grace)
    assert browser.post(reverse("two_factor_off"), {"password": PASSWORD, "passcode": put_away[0]}).status_code == 302
    assert not factors.is_on(grace)
    assert Client().post(LOGIN, {"username": "grace", "password": PASSWORD}).url == "/"


def test_the_page_slows_guessing_down_too(put_away, browser) -> None:
    off = [browser.post(reverse("two_factor_off"), {"password": "x", "passcode": "1"}).status_code for _ in range(6)]
    assert off == [422] * 5 + [429]


def test_a_secret_that_counts_is_not_replaced_by_starting_again(put_away, browser) -> None:
    before = Authenticator.objects.get().secret
    browser.post(reverse("two_factor_start"), {"password": PASSWORD})
    assert Authenticator.objects.get().secret == before


# ---- an administrator helps


def test_an_administrator_switches_it_off_for_who_has_lost_everything() -> None:
    helper, lost = member("Administrator"), member("Marketer")
    factors.start(lost)
    factors.confirm(lost, code_of(lost))
    theirs, root = Client(), Client()
    theirs.force_login(lost)
    root.force_login(helper)
    page = root.get(reverse("admin:auth_user_change", args=[lost.pk])).content.decode()
    address = reverse("admin:member_two_factor_off", args=[lost.pk])
    assert address in page
    assert root.post(address).status_code == 302
    assert not factors.is_on(lost)
    assert theirs.get(HOME).status_code == 302
    assert "administrator switched two-factor sign-in off for marketer" in news()


def test_nobody_but_a_superuser_switches_it_off_for_a_superuser(grace, put_away) -> None:
    root = Client()
    root.force_login(member("Administrator"))
    assert root.post(reverse("admin:member_two_factor_off", args=[grace.pk])).status_code == 403
    assert factors.is_on(grace)


# ---- roles that must


@pytest.mark.parametrize(
    ("wanted", "held"),
    [([], set()), (["Administrator"], {"Administrator", "root"}), (["all"], {"Viewer", "Administrator", "root"})],
)
def test_who_must_sign_in_with_two_factors_gets_nowhere_else(settings, wanted, held) -> None:
    settings.REQUIRE_TWO_FACTOR = wanted
    people = [member("Viewer"), member("Administrator"), User.objects.create_superuser("root")]
    for one in people:
        browser = Client()
        browser.force_login(one)
        name = next((group.name for group in Group.objects.filter(user=one)), "root")
        answers = {browser.get(page).status_code for page in (HOME, "/admin/home/", "/api/v1/docs/")}
        assert answers == ({302} if name in held else {200})
        assert browser.get(reverse("account")).status_code == 200


def test_everything_opens_once_it_is_set_up(settings, grace, browser) -> None:
    settings.REQUIRE_TWO_FACTOR = ["all"]
    assert browser.get(HOME).url == reverse("account")
    browser.post(reverse("two_factor_start"), {"password": PASSWORD})
    browser.post(reverse("two_factor_confirm"), {"passcode": code_of(grace)})
    assert is_in(browser)
    assert browser.post(reverse("admin:logout")).status_code == 200


def test_every_address_of_the_site_is_guarded_or_public() -> None:
    """What a session opens lies below the guarded addresses: elsewhere nobody's answer is another than a stranger's."""
    rows = matrix.rows(matrix.SITE, matrix.ROLES)
    different = {route for _, route, told in rows if told["anonymous"] != told["Administrator"]}
    assert {route for route in different if not route.startswith(required.GUARDED)} == set()


def test_a_stranger_and_a_store_are_not_asked(settings) -> None:
    settings.REQUIRE_TWO_FACTOR = ["all"]
    assert Client().get(LOGIN).status_code == 200
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/api/v1/recurring-payments").status_code == 401
