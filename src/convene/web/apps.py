from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "convene.web"
    label = "web"

    def ready(self) -> None:
        from convene.web import wiring

        wiring.connect_all()
