"""Bringing the site up: migrations, cache table, static files."""

from __future__ import annotations

from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor


def waiting_migrations() -> list[str]:
    """Names of migrations the database has not seen."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def is_new() -> bool:
    """Whether no migration was ever applied: an empty database."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return not executor.loader.applied_migrations


def migrate() -> None:
    """Tables of the models and of the cache."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def collect_static() -> None:
    """Hashed and compressed copies, for a public site; a private one serves them from the package."""
    if settings.PUBLIC_ADDRESS:
        call_command("collectstatic", verbosity=0, interactive=False, stdout=StringIO())
