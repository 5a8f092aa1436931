"""The design system's tags; each refuses arguments it does not know."""

from __future__ import annotations

from django import template

register = template.Library()
