"""QR codes."""

import segno
from django.utils.safestring import SafeString, mark_safe


def drawn(address: str) -> SafeString:
    """The URL as a QR code in inline SVG, marked safe. Only for URLs that we generate."""
    return mark_safe(segno.make(address, error="m").svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=2))
