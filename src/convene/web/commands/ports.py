"""Which port to listen on; no Django here, the settings need the answer."""

from __future__ import annotations

import socket


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port(wanted: int) -> int:
    """`wanted`, or the next free one, or any."""
    for port in range(wanted, min(wanted + 50, 65536)):
        if is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
