from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "convene.apps.notices"
    label = "notices"

    def ready(self) -> None:
        from convene.apps.notices import privacy, replies
        from convene.foundation.mail import inbound

        privacy.register_all()
        inbound.register("calendar replies", replies.receive)
