"""Logs hold no addresses."""

import logging

import pytest

from convene.foundation.logs import Formatter, without_addresses


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("to ada@example.org: gone", "to [address]: gone"),
        ("<ada.b+c@mail.example.org>,bo@x.example", "<[address]>,[address]"),
        ("Key (email)=(ada@example.org) exists", "Key (email)=([address]) exists"),
        ("größe@bücher.example", "[address]"),
        ("task 3 @ worker 4", "task 3 @ worker 4"),
        ("", ""),
    ],
)
def test_what_looks_like_an_address_is_left_out(text, said):
    assert without_addresses(text) == said


def test_tracebacks_too():
    error = ValueError("no ada@example.org")
    args = ("bo@example.org",)
    record = logging.LogRecord("n", logging.ERROR, "p", 1, "failed %s", args, (ValueError, error, None))
    text = Formatter("%(message)s").format(record)
    assert text == "failed [address]\nValueError: no [address]"
