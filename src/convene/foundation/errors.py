"""The three ways a request can be refused. Anything else is a bug and answers 500 with a reference number."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise


class ConveneError(Exception):
    """Says nothing in public unless a subclass opts in."""

    public_message: str | Promise = ""


class RuleBroken(ConveneError):
    """A rule of the field says no; its translated text is for the person who asked (422).

    `field` names the form field the text belongs beside; `code` is stable for tests and logs;
    `params` holds numbers and ids the page may use, never names.
    """

    def __init__(
        self,
        message: str | Promise,
        *,
        code: str,
        field: str | None = None,
        params: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.public_message = message
        self.code = code
        self.field = field
        self.params = dict(params or {})


class NotAllowed(ConveneError):
    """The actor lacks a permission (403). What was asked for is not confirmed to exist."""

    def __init__(self, permission: StrEnum) -> None:
        super().__init__(permission.value)
        self.permission = permission
