"""What the server of `convene stream` loads."""

from __future__ import annotations

import os
import threading
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convene.settings")
django.setup()

from convene.foundation.live.stream.app import Stream  # noqa: E402  # the settings come first

application = Stream()


def _end_with_parent(parent: int) -> None:
    """The server's main process may be killed; what it started must not go on holding the port."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


threading.Thread(target=_end_with_parent, args=[os.getppid()], daemon=True).start()
