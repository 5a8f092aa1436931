from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "convene.apps.communities"
    label = "communities"

    def ready(self) -> None:
        from convene.apps.communities import privacy  # noqa: F401  registers export and erase
