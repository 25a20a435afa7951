"""The least that dj-stripe needs. The variables are its own environment's: database, address of the shop and key."""

import os
from urllib.parse import urlsplit

_DATABASE = urlsplit(os.environ["DATABASE_URL"])

SECRET_KEY = "only for measuring"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "djstripe"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "tests.benchmarks.peers.dj_stripe.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _DATABASE.path.lstrip("/"),
        "USER": _DATABASE.username,
        "PASSWORD": _DATABASE.password,
        "HOST": _DATABASE.hostname,
        "PORT": _DATABASE.port or 5432,
        "CONN_MAX_AGE": 60,  # as the product does
    }
}
STRIPE_TEST_SECRET_KEY = os.environ["SHOP_KEY"]
STRIPE_LIVE_MODE = False
STRIPE_API_HOST = os.environ["SHOP"]
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
SILENCED_SYSTEM_CHECKS = ["djstripe.C004"]  # another API host is what is wanted here
