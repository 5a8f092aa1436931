from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "convene.apps.people"
    label = "people"

    def ready(self) -> None:
        from convene.apps.people import privacy

        privacy.register_all()
