from django.apps import AppConfig


class EquityConfig(AppConfig):
    name = "convene.apps.equity"
    label = "equity"

    def ready(self) -> None:
        from convene.apps.equity import privacy, tasks
        from convene.foundation.jobs import register_sweep

        privacy.register_all()
        register_sweep("equity_due", tasks.publish_what_is_due, every_seconds=6 * 3600)
