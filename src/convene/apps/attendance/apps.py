from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "convene.apps.attendance"
    label = "attendance"

    def ready(self) -> None:
        from convene.apps.attendance import privacy

        privacy.register_all()
