"""Words that several public pages share."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from convene.apps.workshops.models import Workshop

DEPTH: dict[str, str | Promise] = {
    Workshop.Depth.AWARE: gettext_lazy("Aware: you know what it is and whether it concerns you"),
    Workshop.Depth.CONVERSE: gettext_lazy("Can converse: you can talk it over with those who do it"),
    Workshop.Depth.WITH_HELP: gettext_lazy(
        "Can do with help: you have done it once, with someone beside you"
    ),
    Workshop.Depth.DO: gettext_lazy("Can do: you do it on your own"),
    Workshop.Depth.STEWARD: gettext_lazy("Can steward: you help others do it, and improve how it is done"),
}


def language_name(code: str) -> str:
    """The language in the reader's words; its code when nobody knows it."""
    try:
        return _(str(get_language_info(code)["name"]))
    except KeyError:
        return code


def language_names(codes: Iterable[str]) -> list[str]:
    return [language_name(code) for code in dict.fromkeys(codes) if code]
