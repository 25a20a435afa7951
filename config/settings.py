"""All settings, read from the environment; the defaults suit one machine without any server.

In production (`DEBUG` unset) `SECRET_KEY`, `ENCRYPTION_KEYS` and `ALLOWED_HOSTS` must be given: a missing one stops
the start with its name. `README.md` lists every variable.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)


def _required(name: str, *, example: str) -> str:
    """Read a variable that production cannot do without."""
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment, for example: {example}")
    return value


SECRET_KEY = _required("SECRET_KEY", example="SECRET_KEY=$(openssl rand -base64 48)")
# The first key encrypts, all of them decrypt: put a new one in front to rotate.
ENCRYPTION_KEYS = [
    key.strip()
    for key in _required(
        "ENCRYPTION_KEYS",
        example="ENCRYPTION_KEYS=$(python -c 'from cryptography.fernet import Fernet as F; "
        "print(F.generate_key().decode())')",
    ).split(",")
]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Where stores reach us; it stands in every webhook address that is shown.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
# Pretend shops for the demo and the tests; a production settings never sets it.
SANDBOX = env.bool("SANDBOX", default=False)

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.forms",  # the editor of e-mails
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "config.audit",
    "config.limits",
    "config.sessions",
    "config.two_factor",
    "config.given_passwords",
    "config.notices",
    "config.pulse",
    "contacts",
    "subscriptions",
    "integrations",
    "automations",
    "anymail",
    "reports",
    "config",
]

MIDDLEWARE = [
    "config.logs.answered.Answered",
    "config.plain_http.RefusePlainHttp",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.two_factor.required.TwoFactorRequired",
    "config.given_passwords.required.OwnPasswordRequired",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'ritournelle.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Write-ahead logging lets readers and one writer work side by side; an immediate transaction waits for its turn
    # at its start, where waiting is possible, and not in its middle, where SQLite would refuse.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
# Connections stay open between requests: the last one to close an SQLite database writes its whole log back.
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3"
# SQLite's indexes cannot hold further columns, and do without.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The list of common passwords has the 20,000 that were found most often where passwords leaked.
_RULES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_RULES}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_RULES}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_RULES}.CommonPasswordValidator"},
    {"NAME": "config.password_rules.NoNameOfOurs"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "home"

# What a page says after an act may name a person: it waits in the member's own browser, and in no session.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")  # of the account: e-mails to people whose own is not known
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "templates" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.StaticFiles"},
}

# Signed-in pages: the theme's Alpine evaluates its attributes, so it needs unsafe-eval and inline styles; scripts of
# ours are files, and no inline script runs without a nonce.
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_EVAL, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}
# Roles whose members must sign in with two factors, or "all".
REQUIRE_TWO_FACTOR = env.list("REQUIRE_TWO_FACTOR", default=[])
# A session is over when nobody has used it for so many minutes, and so many hours after signing in however it is used.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=120)
SESSION_HOURS = env.int("SESSION_HOURS", default=12)
SESSION_ENGINE = "config.sessions.store"
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
# Only pages do without scripts: no script of ours reads the cookie, since forms carry the token.
CSRF_COOKIE_HTTPONLY = True
if HTTPS:  # a browser takes a cookie of this name from this very host alone, and not from a neighbouring one
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME = "__Host-language"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
# Machines of the house ask these directly, without the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
# A proxy that ends TLS says so, and writes the address of whom it speaks for at the end of X-Forwarded-For.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# What wakes workers: a Redis or Valkey, or whatever else Celery knows, as in amqp://user:password@host// of a RabbitMQ.
CELERY_BROKER_URL = env.str("BROKER_URL", default="") or env.str("REDIS_URL", default="") or "redis://127.0.0.1:6379/0"
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as that takes
# A webhook's answer must not wait for a broker that is away: the row is safe, and the sweep finds it.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 1
_OF_REDIS = {
    # Messages only wake, and the sweep makes up for lost ones. With acknowledgements a worker that holds one while its
    # broker goes away does not survive it (measured, kombu 5.7).
    "ack_emulation": False,
    "max_retries": 0,  # otherwise the client goes on trying for six seconds (measured)
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}
# Options of one kind of broker are mistakes at another.
CELERY_BROKER_TRANSPORT_OPTIONS = {"redis": _OF_REDIS, "rediss": _OF_REDIS}.get(urlsplit(CELERY_BROKER_URL).scheme, {})

# The mail server, as in smtp+tls://user:password@mail.example.com:587; without one e-mails are printed only.
_MAIL = env.email_url("EMAIL_URL", default="consolemail://")
_SMTP = {
    "host": _MAIL["EMAIL_HOST"],
    "port": _MAIL["EMAIL_PORT"],
    "username": _MAIL["EMAIL_HOST_USER"],
    "password": _MAIL["EMAIL_HOST_PASSWORD"],
    "use_tls": _MAIL.get("EMAIL_USE_TLS", False),
    "use_ssl": _MAIL.get("EMAIL_USE_SSL", False),
    "timeout": 20,
}
MAILERS = {"default": {"BACKEND": _MAIL["EMAIL_BACKEND"], "OPTIONS": _SMTP if "smtp" in _MAIL["EMAIL_BACKEND"] else {}}}
# Instead of a mail server one of the providers that django-anymail knows, such as postmark, with its options as
# anymail names them, and the "name:password" with which it has to knock.
EMAIL_PROVIDER = env.str("EMAIL_PROVIDER", default="")
ANYMAIL: dict[str, object] = env.json("EMAIL_PROVIDER_OPTIONS", default={})
if EMAIL_PROVIDER:
    ANYMAIL["WEBHOOK_SECRET"] = env.str("EMAIL_WEBHOOK_SECRET", default="")
    MAILERS = {"default": {"BACKEND": f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"}}
# A domain whose mail is handed to `manage.py receive_email`; without one, answers and bounces are not measured.
REPLY_DOMAIN = env.str("REPLY_DOMAIN", default="")
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default=f"no-reply@{urlsplit(PUBLIC_URL).hostname}")

# Largest webhook body that is read, in bytes; a larger one is answered with 413.
WEBHOOK_MAX_BYTES = env.int("WEBHOOK_MAX_BYTES", default=1024 * 1024)
# Largest body of the API's bulk addresses, in bytes, and how many requests a key may make in a minute.
API_MAX_BYTES = env.int("API_MAX_BYTES", default=20 * 1024 * 1024)
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=600)
# Seconds between two comparisons of a store with what is known of it.
RECONCILE_EVERY = env.int("RECONCILE_EVERY", default=3600)
# Seconds until a store's answer is given up.
STORE_TIMEOUT = env.float("STORE_TIMEOUT", default=20.0)

# Networks, such as 10.1.0.0/16, that stores' addresses may lead into; everything private is refused otherwise.
ALLOWED_PRIVATE_NETWORKS = env.list("ALLOWED_PRIVATE_NETWORKS", default=["127.0.0.0/8"] if SANDBOX else [])

# For how many days what tells of people is kept: what stores have sent, rows that the API took in the background, files
# that were imported or exported, what was sent to people, and what they did with it in detail.
KEEP_DAYS = {
    "events": env.int("KEEP_EVENTS_DAYS", default=90),
    "batches": env.int("KEEP_BATCHES_DAYS", default=30),
    "imports": env.int("KEEP_IMPORTS_DAYS", default=30),
    "exports": env.int("KEEP_EXPORTS_DAYS", default=7),
    "emails": env.int("KEEP_EMAILS_DAYS", default=730),
    "tracking": env.int("KEEP_TRACKING_DAYS", default=365),
}

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Ritournelle",
    "DESCRIPTION": "Recurring payments on the contact's own page: what stores send to us.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": True,
    "POSTPROCESSING_HOOKS": [
        "integrations.api.schema.add_components",
        "automations.api.components.add_components",
        "reports.api.components.add_components",
    ],
}
# Who knows the keys of the API, how often each may ask, and what remembers the answer to a request that may come again.
API_AUTHENTICATION = "integrations.api.access.ApiKeyAuthentication"
API_THROTTLE = "integrations.api.throttling.PerKey"
API_ONCE = "integrations.api.idempotency.once"
# Who may read the schema is said there.
SCHEMA_VIEW = "integrations.api.views.documents.SchemaView"

# Whoever gives this may read /metrics; without it nobody may, and nothing is there. The processes of a host count in a
# folder that they share; it belongs on a file system in memory, since a disk that is full would stop who counts. A host
# without a web server shows its counts on a port of its worker.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_DIR = Path(env.str("METRICS_DIR", default=str(DATA_DIR / "metrics"))).resolve()
METRICS_PORT = env.int("METRICS_PORT", default=0)
METRICS_HOST = env.str("METRICS_HOST", default="127.0.0.1")
if METRICS_TOKEN:
    METRICS_DIR.mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)  # read by the library when it is imported

# Keys of stores are in local variables and in forms, which error pages would show.
DEFAULT_EXCEPTION_REPORTER_FILTER = "config.error_reports.WithoutSecrets"

# "plain" for people, or "json" for programs: one object a line.
LOG_FORMAT = env.str("LOG_FORMAT", default="plain")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "without_path": {"()": "config.logs.formatting.WithoutPath"},
        "without_people": {"()": "config.logs.people.WithoutPeople"},
    },
    "formatters": {
        "plain": {
            "()": "config.logs.formatting.Plain",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "config.logs.formatting.Json"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if LOG_FORMAT == "json" else "plain",
            "filters": ["without_path", "without_people"],
        }
    },
    # Whatever LOG_LEVEL says: at DEBUG these write down addresses, in which some shops want their keys, and bodies.
    "loggers": {"stripe": {"level": "WARNING"}, "urllib3": {"level": "INFO"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}

UNFOLD = {
    "SITE_TITLE": "Ritournelle",
    "SITE_HEADER": "Ritournelle",
    "SITE_SUBHEADER": _("Recurring payments"),
    "SITE_SYMBOL": "autorenew",
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("ritournelle/icon.svg")}
    ],
    "SHOW_LANGUAGES": True,
    "SHOW_VIEW_ON_SITE": False,
    "LOGIN": {"form": "config.sign_in.SignInForm"},
    "ACCOUNT": {"navigation": "config.navigation.account"},
    "STYLES": [lambda _request: static("ritournelle/ritournelle.css")],
    "SCRIPTS": [lambda _request: static("ritournelle/ritournelle.js")],
    "SIDEBAR": {"show_search": False, "navigation": "config.navigation.sidebar"},
    "COLORS": {
        "primary": {
            "50": "oklch(97.5% .014 190)",
            "100": "oklch(94.5% .033 190)",
            "200": "oklch(89% .058 190)",
            "300": "oklch(81% .09 190)",
            "400": "oklch(70% .11 191)",
            "500": "oklch(60% .105 192)",
            "600": "oklch(50% .09 194)",
            "700": "oklch(43% .076 196)",
            "800": "oklch(37% .062 198)",
            "900": "oklch(32% .05 199)",
            "950": "oklch(22% .04 201)",
        },
    },
}
