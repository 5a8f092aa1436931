"""Seat policy, pool, registration, draw, and every movement of a seat."""

from convene.apps.seats.models.afterwards import Correction, Replacement
from convene.apps.seats.models.draws import Draw, Entry, SealedDraw, Witness
from convene.apps.seats.models.giving import Pool, Quota, SeatPolicy
from convene.apps.seats.models.registrations import Movement, Offer, Registration

__all__ = [
    "Correction",
    "Draw",
    "Entry",
    "Movement",
    "Offer",
    "Pool",
    "Quota",
    "Registration",
    "Replacement",
    "SealedDraw",
    "SeatPolicy",
    "Witness",
]
