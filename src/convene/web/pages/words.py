"""Words that several public pages share."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from convene.apps.workshops.languages import language_name
from convene.apps.workshops.models import Workshop

DEPTH: dict[str, str | Promise] = {
    Workshop.Depth.AWARE: _("Aware: you know what it is and whether it concerns you"),
    Workshop.Depth.CONVERSE: _("Can converse: you can talk it over with those who do it"),
    Workshop.Depth.WITH_HELP: _("Can do with help: you have done it once, with someone beside you"),
    Workshop.Depth.DO: _("Can do: you do it on your own"),
    Workshop.Depth.STEWARD: _("Can steward: you help others do it, and improve how it is done"),
}


def language_names(codes: Iterable[str]) -> list[str]:
    """Each language by its own name, once."""
    return [language_name(code) for code in dict.fromkeys(codes) if code]
