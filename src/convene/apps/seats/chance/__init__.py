"""Chance from outside: beacons of drand, verified before they count."""
