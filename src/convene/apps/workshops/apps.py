from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    name = "convene.apps.workshops"
    label = "workshops"

    def ready(self) -> None:
        from convene.apps.workshops import privacy

        privacy.register_all()
