from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "convene.apps.connections"
    label = "connections"

    def ready(self) -> None:
        from convene.apps.connections import privacy

        privacy.register_all()
