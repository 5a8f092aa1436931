"""A picture of an address, to scan from a wall or a sheet of paper."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(url: str) -> SafeString:
    """Inline SVG without a size of its own; error correction M, which survives a beamer's blur."""
    svg = segno.make(url, error="m").svg_inline(omitsize=True, border=2, lineclass=None, svgclass="qr")
    return mark_safe(svg)  # noqa: S308  # segno's own SVG of our own URL
