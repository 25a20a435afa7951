"""The product's settings for measuring: as in production, with the addresses of the yardsticks beside its own."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
LOGGING = {"version": 1, "disable_existing_loggers": False}
