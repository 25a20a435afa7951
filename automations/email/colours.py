"""Colours that can be read: what stands on one, and how one looks where it is dark."""


def readable_on(colour: str) -> str:
    """Return black or white, whichever is read more easily on a colour such as #0f766e."""
    return "#ffffff" if _contrast(colour, "#ffffff") >= _contrast(colour, "#111827") else "#111827"


def lighter(colour: str, *, on: str, least: float = 4.5) -> str:
    """Return the colour, as much lighter as it takes to be read on a dark one."""
    channels = _channels(colour)
    for share in (step / 20 for step in range(21)):
        made = "#" + "".join(f"{round(one + (255 - one) * share):02x}" for one in channels)
        if _contrast(made, on) >= least:
            return made
    return "#ffffff"


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2 reckons it."""
    darker, brighter = sorted((_luminance(one), _luminance(other)))
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [one / 255 for one in _channels(colour)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
