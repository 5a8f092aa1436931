from django.apps import AppConfig


class CapabilitiesConfig(AppConfig):
    name = "convene.apps.capabilities"
    label = "capabilities"

    def ready(self) -> None:
        from convene.apps.capabilities import privacy

        privacy.register_all()
