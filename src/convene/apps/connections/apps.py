from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "convene.apps.connections"
    label = "connections"

    def ready(self) -> None:
        from convene.apps.connections import privacy, tasks
        from convene.foundation.jobs import register_sweep

        privacy.register_all()
        register_sweep("introductions_forget", tasks.forget_answers, every_seconds=86_400)
        register_sweep("connections_due", tasks.publish_what_is_due, every_seconds=6 * 3600)
