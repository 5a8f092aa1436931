from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "convene.apps.attendance"
    label = "attendance"

    def ready(self) -> None:
        from convene.apps.attendance import privacy, services
        from convene.foundation.jobs import register_sweep

        privacy.register_all()
        register_sweep("lists_forget", lambda now: services.forget_old_imports(now=now), every_seconds=3600)
