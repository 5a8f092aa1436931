"""Tell open pages what changed. One beside `convene serve`; without it pages ask every few seconds."""

from __future__ import annotations

import argparse
import contextlib
import os
from pathlib import Path

MOST_CONNECTIONS = 20_000


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="convene stream", description=__doc__)
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    port = int(os.environ.get("CONVENE_STREAM_PORT") or 0) or int(os.environ.get("CONVENE_PORT") or 8000) + 1
    parser.add_argument("--port", type=int, default=port)
    options = parser.parse_args(argv)

    from convene.cli import _site
    from convene.foundation.processes import stop_with_parent
    from convene.web.commands.ports import is_free

    stop_with_parent()
    _site.set_up()
    if not is_free(options.port):
        _site.stop(f"port {options.port} is taken; name another with --port or CONVENE_STREAM_PORT.")
    _raise_limit()
    return _listen(options)


def _raise_limit() -> None:
    """Each page is an open connection; the usual limit of a thousand files is too few."""
    import resource

    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 100
    with contextlib.suppress(ValueError, OSError):
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _listen(options: argparse.Namespace) -> int:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "convene.foundation.live.stream.asgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGI,
        workers=1,
        # The defaults let a thousand in and leave the others waiting, without a word.
        backlog=4096,
        backpressure=MOST_CONNECTIONS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        working_dir=Path.cwd(),
    ).serve()
    return 0
