"""Keys under which people vote and write: from them nobody is found, for them everybody finds their own."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

VOTER, AUTHOR = "voter", "author"


@dataclass(frozen=True)
class Voter:
    """Who votes, without a name. `others`: keys the same person had under former secrets of the site."""

    key: UUID
    author: UUID
    others: tuple[UUID, ...] = ()
    other_authors: tuple[UUID, ...] = ()

    @property
    def keys(self) -> tuple[UUID, ...]:
        return (self.key, *self.others)

    @property
    def authors(self) -> tuple[UUID, ...]:
        return (self.author, *self.other_authors)


def _key(secret: str, use: str, salt: str, subject: str) -> UUID:
    message = f"convene.voices|{use}|{salt}|{subject}".encode()
    return UUID(bytes=hmac.new(secret.encode(), message, hashlib.sha256).digest()[:16])


def _of(salt: str, subject: str) -> Voter:
    secrets_ = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    voters = [_key(one, VOTER, salt, subject) for one in secrets_]
    authors = [_key(one, AUTHOR, salt, subject) for one in secrets_]
    return Voter(voters[0], authors[0], tuple(voters[1:]), tuple(authors[1:]))


def of_person(person_id: UUID, salt: str) -> Voter:
    """Pseudonymous: the same person has the same keys in this inquiry, and other ones in the next."""
    return _of(salt, f"person:{person_id}")


def of_secret(secret: str, salt: str) -> Voter:
    """Anonymous: from a secret that only a browser keeps."""
    return _of(salt, f"secret:{secret}")


def of_import(name: str, salt: str) -> Voter:
    """Of a voter in another conversation's export: the same file brings the same ballots, and no person."""
    return _of(salt, f"import:{name}")


def new_secret() -> str:
    return secrets.token_urlsafe(24)


_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""None that can be mistaken for another on paper or on a wall."""


def new_code() -> str:
    """An invitation, typed from paper."""
    return "".join(secrets.choice(_LETTERS) for _ in range(10))


def new_short_code() -> str:
    """An inquiry's, typed from a wall. It opens no door: who may answer is asked behind it."""
    return "".join(secrets.choice(_LETTERS) for _ in range(6))


def code_hash(code: str) -> str:
    """Of a code as typed: case and dashes do not matter."""
    tidy = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(f"convene.invitation|{tidy}".encode()).hexdigest()
