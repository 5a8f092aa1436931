from django.apps import AppConfig


class StewardshipConfig(AppConfig):
    name = "convene.apps.stewardship"
    label = "stewardship"

    def ready(self) -> None:
        from convene.apps.stewardship import privacy

        privacy.register_all()
