"""What every test may use."""

pytest_plugins = [
    "tests.plugins.translations",
    "tests.plugins.requirements",
    "tests.plugins.summary",
    "tests.plugins.properties",
]
