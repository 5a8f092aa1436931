"""Asking for a seat, keeping it in hand, planning how seats are given, and running the draw."""
