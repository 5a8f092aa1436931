"""Which pages show an inquiry and must be brought up to date."""

from __future__ import annotations

from convene.apps.voices.models import Inquiry
from convene.foundation.live import topic
from convene.foundation.live.services import touch

TOPIC = "inquiry"


def tell(inquiry: Inquiry) -> None:
    """The last thing a service does in its transaction."""
    touch(topic(TOPIC, inquiry.pk))
