from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "convene.apps.rooms"
    label = "rooms"

    def ready(self) -> None:
        from convene.apps.rooms import privacy

        privacy.register_all()
