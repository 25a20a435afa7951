"""What a browser calls itself, in words that people know; nothing depends on it, since anybody may call it anything."""

from dataclasses import dataclass

from django.utils.translation import gettext

# The first that is found counts: most browsers also name those that they are like.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_HANDHELD = frozenset({"iPhone", "iPad", "Android"})


@dataclass(frozen=True, slots=True)
class Device:
    """The names of a browser and of the system below it; empty where they are not known."""

    browser: str
    system: str

    def __str__(self) -> str:
        """Return both in a line."""
        if self.browser and self.system:
            return gettext("%(browser)s on %(system)s") % {"browser": self.browser, "system": self.system}
        return self.browser or self.system or gettext("A browser that does not say which")

    @property
    def is_handheld(self) -> bool:
        """Whether it is a telephone or a tablet."""
        return self.system in _HANDHELD


def named(agent: str) -> Device:
    """Return what a User-Agent header tells."""
    return Device(_first(agent, _BROWSERS), _first(agent, _SYSTEMS))


def _first(agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for part, name in known if part in agent), "")
