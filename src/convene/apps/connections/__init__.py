"""Whom people met, contacts they exchange, introductions, and the picture of a community's connections."""
