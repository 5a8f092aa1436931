"""Beacons of drand: fetched from relays, read from what a steward pasted, and verified before they count.

A relay is not trusted: what it says is checked against the network's public key. `drand-verify` does that; on
a Python that has none, drand is not offered as a source of chance.
"""

from __future__ import annotations

import json
import logging
import re
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from convene.apps.seats.rules.chance import QUICKNET, Network
from convene.foundation.errors import RuleBroken

try:
    import drand_verify
except ImportError:  # requirements/run.in says where there is none
    drand_verify = None

logger = logging.getLogger(__name__)
_SIGNATURE = re.compile(r"[0-9a-f]{96}")
_LARGEST = 10_000
"""Bytes: a beacon has some 300."""
_SECONDS = 8


@dataclass(frozen=True)
class Beacon:
    """A verified round; `randomness` is the SHA-256 of its signature, in hex."""

    round: int
    signature: str
    randomness: str

    def evidence(self) -> dict[str, Any]:
        return {"round": self.round, "signature": self.signature, "randomness": self.randomness}


class NotThere(Exception):
    """No relay has given the round so far."""


def can_verify() -> bool:
    return drand_verify is not None


def can_fetch() -> bool:
    return can_verify() and bool(settings.DRAND_RELAYS)


def verify(number: int, signature: str, network: Network = QUICKNET) -> Beacon:
    """The round as it was signed. Raises RuleBroken: beacon_shape, beacon_false, no_verifier."""
    if drand_verify is None:
        raise RuleBroken(
            _("This site cannot check beacons: its Python has no “drand-verify”."), code="no_verifier"
        )
    signature = signature.strip().lower()
    if not _SIGNATURE.fullmatch(signature):
        raise _misshapen()
    try:
        randomness = drand_verify.verify_quicknet(number, signature, network.public_key)
    except ValueError:
        raise RuleBroken(
            _("This signature is not the network’s for round %(round)d.") % {"round": number},
            code="beacon_false",
            field="beacon",
        ) from None
    return Beacon(number, signature, randomness)


def read(text: str, *, wanted: int) -> Beacon:
    """A beacon as relays give it ({"round": …, "signature": "…"}), verified.

    Raises RuleBroken: beacon_shape, beacon_round, beacon_false, no_verifier.
    """
    try:
        said = json.loads(text)
        number, signature = said["round"], said["signature"]
    except (ValueError, TypeError, KeyError):
        raise _misshapen() from None
    if type(number) is not int or not isinstance(signature, str):
        raise _misshapen()
    if number != wanted:
        raise RuleBroken(
            _("This is round %(given)d; round %(wanted)d was announced.")
            % {"given": number, "wanted": wanted},
            code="beacon_round",
            field="beacon",
            params={"given": number, "wanted": wanted},
        )
    return verify(number, signature)


def fetch(number: int, *, relays: Sequence[str] | None = None) -> Beacon:
    """Ask one relay after the other. Raises NotThere when none has it, whatever the reason."""
    for relay in settings.DRAND_RELAYS if relays is None else relays:
        try:
            return read(_get(address_of(number, relay)), wanted=number)
        except (OSError, HTTPException, RuleBroken) as error:
            # its name only: the text of an address error may hold what does not belong in logs
            logger.warning("a drand relay did not give round %d: %s", number, type(error).__name__)
    raise NotThere


def address_of(number: int, relay: str, network: Network = QUICKNET) -> str:
    return f"{relay.rstrip('/')}/{network.chain_hash}/public/{number}"


def _get(address: str) -> str:
    request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310 -- settings allow http(s) only
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 -- as above
        return str(answer.read(_LARGEST).decode("utf-8", "replace"))


def _misshapen() -> RuleBroken:
    return RuleBroken(
        _("This is no beacon. Paste all of what the address shows, from { to }."),
        code="beacon_shape",
        field="beacon",
    )
