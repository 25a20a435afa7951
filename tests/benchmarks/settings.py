"""The product's settings for measuring: as in production, with the addresses of the yardsticks beside its own."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
# Many benchmarks have no broker, and what would ring there says so each time.
LOGGING = {"version": 1, "disable_existing_loggers": False, "loggers": {"config.bells": {"level": "ERROR"}}}
