"""The lock on conduct reports: keys derived from the site's secret key, and nothing of it elsewhere.

Not a module others import: `services.conduct` and `privacy` alone open seals.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from functools import cache
from typing import Any, TypedDict
from uuid import UUID

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from convene.apps.communities.models import ConductReport
from convene.foundation.privacy import Rows

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 O 1 I L: a code is read aloud and typed by hand."""
CODE_LENGTH = 20
CODE_GROUP = 5


class Contents(TypedDict):
    """What only the chosen contact and the reporter read."""

    text: str
    about: str
    name: str
    mail: str
    language: str
    excluded: list[str]
    reason: str


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=b"convene conduct reports", info=purpose).derive(
        secret.encode()
    )


@cache
def _box(secrets_of_site: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(_derived(secret, b"seal"))) for secret in secrets_of_site]
    )


def _site_secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *(str(old) for old in settings.SECRET_KEY_FALLBACKS))


def seal(value: object) -> bytes:
    return _box(_site_secrets()).encrypt(json.dumps(value, ensure_ascii=False).encode())


def unseal(sealed: bytes | memoryview) -> Any:
    return json.loads(_box(_site_secrets()).decrypt(bytes(sealed)))


def contents_of(report: ConductReport) -> Contents:
    found: Contents = unseal(report.sealed)
    return found


def _tags(kind: bytes, value: str) -> list[str]:
    """The keyed hash under the site's key, and under those it had before."""
    return [
        hmac.new(_derived(secret, kind), value.encode(), hashlib.sha256).hexdigest()
        for secret in _site_secrets()
    ]


def new_code() -> str:
    """About 99 bits: nobody guesses it, so it needs no second factor."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(letters[i : i + CODE_GROUP] for i in range(0, CODE_LENGTH, CODE_GROUP))


def code_tags(code: str) -> list[str]:
    return _tags(b"code", "".join(letter for letter in code.upper() if letter in _ALPHABET))


def reporter_tags(person_id: UUID) -> list[str]:
    return _tags(b"reporter", str(person_id))


def export_own(person_id: UUID) -> Rows:
    """Reports somebody made under their name, with both sides' messages."""
    reports = ConductReport.objects.filter(reporter_tag__in=reporter_tags(person_id))
    return [
        {
            "received_on": report.received_on.isoformat(),
            "state": report.state,
            "text": contents_of(report)["text"],
            "messages": [
                {
                    "from": "you" if message.from_reporter else "contact",
                    "text": unseal(message.sealed),
                    "at": message.at.isoformat(),
                }
                for message in report.messages.all()
            ],
        }
        for report in reports.prefetch_related("messages")
    ]


def forget_reporter(person_id: UUID) -> None:
    """The case stays with its contact; who reported it is gone. Their code still opens it."""
    for report in ConductReport.objects.filter(reporter_tag__in=reporter_tags(person_id)):
        contents = contents_of(report)
        contents["name"] = contents["mail"] = ""
        report.sealed = seal(contents)
        report.reporter_tag = ""
        report.save(update_fields=["sealed", "reporter_tag"])
