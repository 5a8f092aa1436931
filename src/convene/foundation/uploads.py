"""Text of uploaded files."""

from __future__ import annotations

from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken


def text_of(data: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with one (as Teams writes), else Windows-1252. Raises RuleBroken.

    NUL goes: it stands in no text, and PostgreSQL keeps none.
    """
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    raise not_text()


def not_text() -> RuleBroken:
    return RuleBroken(_("This is no text file we can read."), code="not_text", field="file")
