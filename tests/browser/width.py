"""Whether a page fits its window."""

from playwright.sync_api import Page


def fits(page: Page) -> bool:
    """Say so, by the width that does not grow with what hangs over the edge, as `innerWidth` does on a phone."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
