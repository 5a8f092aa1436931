"""Start Convene on this machine: web, stream and worker, with a demo community at the first start."""

from __future__ import annotations

import argparse
import os


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="convene run", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=None, help="default: CONVENE_PORT, or the first free from 8000"
    )
    parser.add_argument("--empty", action="store_true", help="no demo community in a new database")
    options = parser.parse_args(argv)

    from convene.cli import _site

    port = _port(options.port)
    os.environ.setdefault("CONVENE_LOCAL_ADDRESS", f"http://localhost:{port}")
    os.environ.setdefault("CONVENE_STREAM_PORT", str(_stream_port(port)))
    _site.set_up()
    from convene.web.commands import together

    together.prepare(empty=options.empty)
    return together.run(port)


def _stream_port(port: int) -> int:
    """The next one; a proxy in front was told which, so on a public site no other."""
    from convene.web.commands.ports import free_port

    return port + 1 if os.environ.get("CONVENE_PUBLIC_ADDRESS") else free_port(port + 1)


def _port(given: int | None) -> int:
    from convene.cli import _site
    from convene.web.commands.ports import free_port, is_free

    named = given or int(os.environ.get("CONVENE_PORT") or 0)
    if named and not is_free(named):
        _site.stop(f"port {named} is taken; name another, or none to let Convene choose.")
    return named or free_port(8000)
