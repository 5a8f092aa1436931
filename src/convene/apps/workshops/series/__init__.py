"""Workshops of one idea over time: repeated by a rule, each date a workshop of its own."""
