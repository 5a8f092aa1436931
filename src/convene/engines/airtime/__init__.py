"""Who speaks next, fairly: those heard least come first, and nobody is made to speak."""

from convene.engines.airtime.evenness import gini, share
from convene.engines.airtime.queue import Hand, Listener, next_speaker, order, to_invite

__all__ = ["Hand", "Listener", "gini", "next_speaker", "order", "share", "to_invite"]
