from django.apps import AppConfig


class SeatsConfig(AppConfig):
    name = "convene.apps.seats"
    label = "seats"

    def ready(self) -> None:
        from convene.apps.seats import privacy, tasks  # noqa: F401 -- registers what is exported and erased
        from convene.foundation.jobs import register_sweep

        register_sweep("seats_due", tasks.sweep_due, every_seconds=30)
