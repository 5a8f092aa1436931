"""Languages people speak and workshops are held in: every one Django knows a name for, in its own word."""

from __future__ import annotations

from functools import cache

from django.conf.locale import LANG_INFO


@cache
def language_choices() -> tuple[tuple[str, str], ...]:
    """Code and own name, by name; variants of a language that is there itself are left out."""
    names = {
        code: str(info["name_local"])
        for code, info in LANG_INFO.items()
        if "name_local" in info and ("-" not in code or code.split("-")[0] not in LANG_INFO)
    }
    return tuple(sorted(names.items(), key=lambda item: item[1].casefold()))


def language_name(code: str) -> str:
    """The language's own name; the code itself for one nobody knows."""
    return str(LANG_INFO.get(code, {}).get("name_local", code))
