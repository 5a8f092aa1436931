from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "convene.apps.communities"
    label = "communities"

    def ready(self) -> None:
        from convene.apps.communities import privacy  # noqa: F401  # registers export and erase
        from convene.apps.communities.services import forget_unconfirmed
        from convene.foundation.jobs import register_sweep

        register_sweep("applications_forget", forget_unconfirmed, every_seconds=86_400)
