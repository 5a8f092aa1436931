"""Guided practice: someone takes a member along, or coaches them, and both keep a log."""
