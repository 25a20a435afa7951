"""What a run on another database leaves out: tests that come out the same on every one.

Without its mark or a fixture of it no test gets at the database, so it need not be run on each. What pages do in a
browser does not depend on it either: what they ask the server for is tested without a browser, on each database. So it
is with what pages show in detail (the mark `once`): that each address answers is tested on each.
"""

import pytest

_WITH_DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}
_SAME = ("browser", "once")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `tests.run` say that the suite has been run on another database just before."""
    parser.addoption("--again", action="store_true", help="leave out what is the same on every database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is the same."""
    if not config.getoption("again"):
        return
    same = [item for item in items if _is_same(item)]
    config.hook.pytest_deselected(items=same)
    items[:] = [item for item in items if not _is_same(item)]


def _is_same(item: pytest.Item) -> bool:
    if any(item.get_closest_marker(mark) for mark in _SAME):
        return True
    fixtures = set(getattr(item, "fixturenames", ()))
    return not item.get_closest_marker("django_db") and not fixtures & _WITH_DATABASE
