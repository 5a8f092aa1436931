from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "convene.apps.people"
    label = "people"

    def ready(self) -> None:
        from convene.apps.people import privacy, tasks
        from convene.foundation.jobs import register_sweep

        privacy.register_all()
        tasks.listen()
        register_sweep("access_needs_forget", tasks.forget_expired_needs, every_seconds=3600)
        register_sweep("spent_mail_forget", tasks.forget_spent_mail, every_seconds=30)
