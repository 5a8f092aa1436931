"""Logs hold ids, never addresses: what looks like one is left out, tracebacks included."""

from __future__ import annotations

import logging
import re

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+", re.UNICODE)


def without_addresses(text: str) -> str:
    return _ADDRESS.sub("[address]", text)


class Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_addresses(super().format(record))
