"""Django's own management commands: convene manage migrate, shell, …"""

from __future__ import annotations

import os


def main(argv: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convene.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["convene manage", *argv])
    return 0
