"""Every tag is documented, and shown on the pattern page."""

from __future__ import annotations

import re
from pathlib import Path

from convene.web.ui.tags import register

ROOT = Path(__file__).resolve().parents[2]
NOT_SHOWN = {"certificate", "url_if", "when_text", "when_range_text", "zone_name"}
"""Tags that show nothing of their own on a page, or (the certificate) are a page of their own."""


def test_every_tag_is_documented():
    page = (ROOT / "docs/reference/design-system.md").read_text(encoding="utf-8")
    assert set(register.tags) - set(re.findall(r"\{% (\w+)", page)) == set()


def test_every_tag_is_shown_on_the_pattern_page():
    folder = ROOT / "src/convene/web/templates"
    shown = "".join(
        path.read_text(encoding="utf-8")
        for path in [folder / "patterns.html", *(folder / "patterns").glob("*.html")]
    )
    assert set(register.tags) - set(re.findall(r"\{% (\w+)", shown)) == NOT_SHOWN
