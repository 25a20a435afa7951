"""A QR code as a picture that a page carries in itself."""

import segno


def picture(text: str) -> str:
    """Return the address of a picture that says a text: dark on white whatever the page's colours, as readers need."""
    address: str = segno.make(text, error="m", micro=False).svg_data_uri(
        scale=5, border=3, light="#fff", omitsize=False
    )
    return address
