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
    try:
        raise ValueError("no ada@example.org")
    except ValueError as error:
        record = logging.LogRecord(
            "n", 40, "p", 1, "failed %s", ("bo@example.org",), (type(error), error, error.__traceback__)
        )
    text = Formatter("%(message)s").format(record)
    assert text.startswith("failed [address]\n")
    assert text.endswith("ValueError: no [address]")
