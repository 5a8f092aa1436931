"""A real SMTP server, and Django told of it."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from convene.foundation.mail.sending import Postman
from tests import processes


class Server:
    """Keeps what it took; `answer` (a refusal) and `on_data` (a callable) change how it behaves."""

    def __init__(self):
        self.mails = []
        self.connections = 0
        self.recipients = {}
        self.answers = []
        self.on_data = None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802  # its name
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  # its name
        if address in self.recipients:
            return self.recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  # its name
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.on_data is not None:
            self.on_data()
        return self.answers.pop(0) if self.answers else "250 OK"

    @property
    def ids(self):
        return [mail["Message-ID"] for mail in self.mails]


@pytest.fixture
def smtp(settings):
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=processes.free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.MAIL_FROM = "Convene <convene@site.example>"
    yield server
    controller.stop()


@pytest.fixture
def postman():
    return Postman()
