"""Signed links: what a person without an account does, from their mails.

A link carries a purpose and an id, signed with the site's key; it opens a page, and only that page's
button acts (mail scanners open links). Revocable ones also carry the row's `link_version`.
"""

from __future__ import annotations

from django.core import signing

_SALT = "convene.link"


class BadLink(Exception):
    """The link is damaged, expired, or for something else."""


def sign(purpose: str, subject_id: object, version: int = 0) -> str:
    return signing.dumps([purpose, str(subject_id), version], salt=_SALT, compress=False)


def read(purpose: str, token: str, *, max_age_days: int | None = None) -> tuple[str, int]:
    """The subject's id and version. Raises BadLink."""
    seconds = max_age_days * 86_400 if max_age_days is not None else None
    try:
        found, subject_id, version = signing.loads(token, salt=_SALT, max_age=seconds)
    except (signing.BadSignature, ValueError) as error:
        raise BadLink(purpose) from error
    if found != purpose:
        raise BadLink(purpose)
    return str(subject_id), int(version)
