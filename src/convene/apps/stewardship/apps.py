from django.apps import AppConfig


class StewardshipConfig(AppConfig):
    name = "convene.apps.stewardship"
    label = "stewardship"

    def ready(self) -> None:
        from convene.apps.stewardship import privacy, tasks
        from convene.foundation.jobs import register_sweep

        privacy.register_all()
        register_sweep("open_questions", tasks.gather_questions, every_seconds=600)
        register_sweep("spread_due", tasks.publish_spread_due, every_seconds=6 * 3600)
