"""Answer web requests (production: behind a TLS proxy; the worker runs beside it)."""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="convene serve", description=__doc__)
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("CONVENE_PORT") or 8000))
    parser.add_argument("--processes", type=int, default=int(os.environ.get("CONVENE_PROCESSES") or 1))
    parser.add_argument("--threads", type=int, default=int(os.environ.get("CONVENE_THREADS") or 4))
    options = parser.parse_args(argv)

    from convene.cli import _site
    from convene.foundation.processes import stop_with_parent

    stop_with_parent()
    _site.set_up()
    from convene.web.commands import site

    waiting = site.waiting_migrations()
    if waiting:
        _site.stop(f"the database lacks {len(waiting)} migrations; run `convene upgrade` first.")
    site.collect_static()
    return _listen(options)


def _listen(options: argparse.Namespace) -> int:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "convene.web.served:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.processes,
        blocking_threads=options.threads,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        working_dir=Path.cwd(),
    ).serve()
    return 0
