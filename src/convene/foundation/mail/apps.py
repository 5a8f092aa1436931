from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "convene.foundation.mail"

    def ready(self) -> None:
        from convene.foundation.jobs.sweeps import register_sweep
        from convene.foundation.mail.sending import Postman

        register_sweep("mail_send", Postman().send_due, every_seconds=0)
