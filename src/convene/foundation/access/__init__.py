"""Permissions: each app closes its own enum; see registry.py."""
