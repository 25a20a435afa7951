"""A system check, with a hint, for each mistake that a deployer can make.

Those that a half-finished installation would trip over run with `manage.py check --deploy` only.
"""

from importlib.util import find_spec
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.http.request import validate_host
from kombu.transport import get_transport_cls

from config import translations
from config.roles import ROLES
from config.two_factor.required import EVERYBODY

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@register(Tags.compatibility)
def public_url_is_an_address(**_kwargs: Any) -> list[CheckMessage]:
    """Stores are told addresses below PUBLIC_URL, so it is a scheme and a host, and nothing more."""
    url = _public_url()
    if url.scheme in ("http", "https") and url.hostname and not (url.path or url.query or url.fragment):
        return []
    hint = "Give scheme and host without a path, for example PUBLIC_URL=https://payments.example.com."
    return [Error(f"PUBLIC_URL is not an address of this site: {settings.PUBLIC_URL}", hint=hint, id="config.E001")]


@register(Tags.security)
def encryption_keys_are_keys(**_kwargs: Any) -> list[CheckMessage]:
    """The stores' secrets are encrypted with these; only the place of a wrong key is told, never the key."""
    wrong = [place for place, key in enumerate(settings.ENCRYPTION_KEYS, start=1) if not _is_fernet_key(key)]
    hint = "Make one with: python -c 'from cryptography.fernet import Fernet as F; print(F.generate_key().decode())'"
    return [
        Error(f"ENCRYPTION_KEYS: key {place} of {len(settings.ENCRYPTION_KEYS)} is no key", hint=hint, id="config.E002")
        for place in wrong
    ]


@register(Tags.security)
def sandbox_stays_at_home(**_kwargs: Any) -> list[CheckMessage]:
    """Pretend shops are for the demo and the tests on one's own machine."""
    if not settings.SANDBOX or _is_loopback():
        return []
    hint = "Unset SANDBOX. For a demo let PUBLIC_URL be http://127.0.0.1 with a port."
    return [Error("SANDBOX is on at a public address", hint=hint, id="config.E003")]


@register(Tags.compatibility)
def time_zone_is_known(**_kwargs: Any) -> list[CheckMessage]:
    """Django looks the zone up itself only where the system has a list of zones; without one it fails later."""
    try:
        ZoneInfo(settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such zone, no name of one, or a folder of zones
        hint = "Use a name such as Europe/Paris; if it is one, install the system's package tzdata."
        return [Error(f"TIME_ZONE is not known: {settings.TIME_ZONE}", hint=hint, id="config.E004")]
    return []


@register(Tags.compatibility)
def broker_is_known(**_kwargs: Any) -> list[CheckMessage]:
    """Workers are woken through a broker that Celery knows, and whose library is installed."""
    try:
        get_transport_cls(urlsplit(settings.CELERY_BROKER_URL).scheme)
    except (KeyError, ImportError):
        hint = "Give the address of a Redis, Valkey or RabbitMQ, for example REDIS_URL=redis://127.0.0.1:6379/0."
        return [Error("REDIS_URL or BROKER_URL is not the address of a broker", hint=hint, id="config.E005")]
    return []


@register(Tags.security)
def email_provider_is_known_and_knocks_with_a_password(**_kwargs: Any) -> list[CheckMessage]:
    """What a provider tells of e-mails suppresses addresses, so nobody else may tell it."""
    name = settings.EMAIL_PROVIDER
    if not name:
        return []
    if not name.isidentifier() or find_spec(f"anymail.backends.{name}") is None:
        hint = "Use a name such as postmark, mailgun, brevo, sendgrid or amazon_ses."
        return [Error(f"EMAIL_PROVIDER is not known: {name}", hint=hint, id="config.E009")]
    if ":" in str(settings.ANYMAIL.get("WEBHOOK_SECRET", "")):
        return []
    hint = "Set EMAIL_WEBHOOK_SECRET=name:password, and put both into the address that you give to the provider."
    return [Error("EMAIL_WEBHOOK_SECRET is missing", hint=hint, id="config.E010")]


@register(Tags.security)
def roles_with_two_factors_exist(**_kwargs: Any) -> list[CheckMessage]:
    """A role that is misspelt would be let in with a password alone."""
    unknown = [name for name in settings.REQUIRE_TWO_FACTOR if name not in (*ROLES, EVERYBODY)]
    hint = f"Name roles, as in REQUIRE_TWO_FACTOR=Administrator,Manager, or {EVERYBODY}. There are: {', '.join(ROLES)}."
    return [Error(f"REQUIRE_TWO_FACTOR: there is no role {name}", hint=hint, id="config.E011") for name in unknown]


@register(Tags.compatibility)
def sessions_last(**_kwargs: Any) -> list[CheckMessage]:
    """With no time at all nobody could sign in."""
    hint = "Set it to a whole number above 0."
    return [
        Error(f"{name} is less than 1: {value}", hint=hint, id="config.E012")
        for name in ("SESSION_IDLE_MINUTES", "SESSION_HOURS")
        if (value := getattr(settings, name)) < 1
    ]


# What is kept -> the fewest days that make sense: stores tell again what they told in the last 30 days, an e-mail that
# was refused for now is sent again within days, and what is thrown away on the day itself nobody has seen.
FEWEST_DAYS = {"events": 31, "batches": 1, "imports": 1, "exports": 1, "emails": 7, "tracking": 7}
MOST_DAYS = 36500


@register(Tags.compatibility)
def what_is_kept_makes_sense(**_kwargs: Any) -> list[CheckMessage]:
    """Too few days break what needs the rows; more than a hundred years is a slip of the hand."""
    return [
        Error(
            f"KEEP_{kind.upper()}_DAYS is not between {fewest} and {MOST_DAYS}: {settings.KEEP_DAYS[kind]}",
            hint=f"Set it to a number of days, {fewest} at least.",
            id="config.E013",
        )
        for kind, fewest in FEWEST_DAYS.items()
        if not fewest <= settings.KEEP_DAYS[kind] <= MOST_DAYS
    ]


@register(Tags.security)
def public_host_is_allowed(**_kwargs: Any) -> list[CheckMessage]:
    """A store that knocks at a host which Django refuses gets 400 for every webhook."""
    host = _public_url().hostname or ""
    if not host or settings.DEBUG or validate_host(f"[{host}]" if ":" in host else host, settings.ALLOWED_HOSTS):
        return []
    hint = f"Add it: ALLOWED_HOSTS={','.join((*settings.ALLOWED_HOSTS, host))}"
    return [Error(f"The host of PUBLIC_URL is not in ALLOWED_HOSTS: {host}", hint=hint, id="config.E006")]


@register(Tags.compatibility)
def stores_may_ask(**_kwargs: Any) -> list[CheckMessage]:
    """Without any allowance, or with no room for a body, the API for stores could answer nobody."""
    limits = {name: getattr(settings, name) for name in ("API_REQUESTS_PER_MINUTE", "API_MAX_BYTES")}
    return [
        Error(f"{name} is less than 1: {value}", hint=f"Set {name} to a whole number above 0.", id="config.E007")
        for name, value in limits.items()
        if value < 1
    ]


@register(Tags.security)
def public_address_is_encrypted(**_kwargs: Any) -> list[CheckMessage]:
    """Stripe and PayPal send live webhooks to https addresses only, and staff sign in here."""
    if settings.DEBUG or _public_url().scheme != "http" or _is_loopback():
        return []
    hint = "Put a proxy with a certificate in front, and set PUBLIC_URL=https://... and BEHIND_PROXY=1."
    return [Warning("PUBLIC_URL is not encrypted; stores refuse to send there", hint=hint, id="config.W001")]


@register(Tags.translation)
def french_is_compiled(**_kwargs: Any) -> list[CheckMessage]:
    """Without its compiled file Django shows English to French readers."""
    if not translations.is_stale():
        return []
    hint = "Run `manage.py translations compile`."
    return [Warning("The French translations are missing or older than their source", hint=hint, id="config.W002")]


@register(Tags.staticfiles, deploy=True)
def static_files_are_collected(**_kwargs: Any) -> list[CheckMessage]:
    """A page that names a file which the manifest lacks answers with 500."""
    if settings.DEBUG or getattr(staticfiles_storage, "hashed_files", ["a storage without a manifest"]):
        return []
    hint = "Run `manage.py collectstatic --noinput` after each update."
    return [Warning("The static files have not been collected", hint=hint, id="config.W003")]


@register(Tags.security, deploy=True)
def proxy_is_trusted(**_kwargs: Any) -> list[CheckMessage]:
    """Behind a proxy that ends TLS every request looks like http, and the redirect to https would never end."""
    if not settings.SECURE_SSL_REDIRECT or settings.SECURE_PROXY_SSL_HEADER:
        return []
    hint = "Set BEHIND_PROXY=1 if the proxy sets X-Forwarded-Proto itself, else SECURE_SSL_REDIRECT=0."
    return [Warning("Requests that come through a proxy would be redirected forever", hint=hint, id="config.W004")]


@register(Tags.compatibility, deploy=True)
def mail_is_sent(**_kwargs: Any) -> list[CheckMessage]:
    """Whoever shall confirm a subscription waits for an e-mail."""
    if settings.SANDBOX or "console" not in settings.MAILERS["default"]["BACKEND"]:
        return []
    hint = "Give the mail server, for example EMAIL_URL=smtp+tls://user:password@mail.example.com:587."
    return [Warning("E-mails are printed and not sent", hint=hint, id="config.W005")]


def _public_url() -> SplitResult:
    return urlsplit(str(settings.PUBLIC_URL))


def _is_loopback() -> bool:
    return _public_url().hostname in LOOPBACK


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
