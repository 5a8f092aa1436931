"""For all tests: which database, which browser, and what was left out."""

from __future__ import annotations

import os

import pytest

from tests import chromium, databases

pytest_plugins = ["tests.smtp"]
_NO_POSTGRES = "needs a PostgreSQL: run with --postgres"
_NO_CHROMIUM = "needs a Chromium: apt-get install chromium, or name one in CONVENE_CHROMIUM"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres",
        action="store_true",
        help="only the tests that touch the database, on PostgreSQL (CONVENE_TEST_DATABASE_URL, else one "
        "started for the run)",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--postgres"):
        if "postgres" not in os.environ.get("DATABASE_URL", ""):
            databases.use_own_file()
        return
    # With xdist the first process starts the server; the others find it in the environment.
    if not hasattr(config, "workerinput"):
        os.environ[databases.URL] = databases.start_postgres()
    databases.use(os.environ[databases.URL])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--postgres"):
        kept = [item for item in items if _touches_database(item) and not item.get_closest_marker("browser")]
        dropped = [item for item in items if item not in set(kept)]
        items[:] = kept
        config.hook.pytest_deselected(items=dropped)
        return
    found = chromium.find()
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason=_NO_POSTGRES))
        if item.get_closest_marker("browser") and not found:
            if os.environ.get("CONVENE_REQUIRE_BROWSER") == "1":
                raise pytest.UsageError(_NO_CHROMIUM)
            item.add_marker(pytest.mark.skip(reason=_NO_CHROMIUM))


def _touches_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    return bool(
        item.get_closest_marker("django_db")
        or item.get_closest_marker("postgres")
        or names & {"db", "transactional_db", "live_server"}
    )
