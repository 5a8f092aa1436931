"""The design system's tags, a builtin of every template. Each refuses arguments it does not know.

docs/reference/design-system.md shows each with an example; the page /patterns/ shows each in each state.
"""

from __future__ import annotations

from convene.web.ui import actions, blocks, fields, nav, notes, proofs, seating, sheets, times
from convene.web.ui.library import register

__all__ = ["actions", "blocks", "fields", "nav", "notes", "proofs", "register", "seating", "sheets", "times"]
