"""What the server of `convene stream` loads."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convene.settings")
django.setup()

from convene.foundation.live.stream.app import Stream  # noqa: E402  # the settings come first
from convene.foundation.processes import end_with_server  # noqa: E402

application = Stream()

end_with_server()
