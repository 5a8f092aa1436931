"""What the subcommands that need the site share."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def set_up() -> None:
    """Load the settings and the apps; a setting that cannot be is a sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convene.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        stop(str(error))


def stop(message: str, status: int = 1) -> NoReturn:
    print(f"convene: {message}", file=sys.stderr)
    raise SystemExit(status)
